/**
 * How well text that is burned into images is found, by the way that copies and imports take.
 *
 *   npx tsx test/bench/burned-in.ts [--set tune|val] [--count N] [--show FOLDER] [--data DIR]
 *   npx tsx test/bench/burned-in.ts --thresholds [--count N] [--data DIR]     shares of lines found and of alarms on `tune` by threshold
 *   npx tsx test/bench/burned-in.ts --write-slices FOLDER [--data DIR]     what models/training/burned_in_text.py learns slices from
 *
 * Into each image one line is drawn (test/sample/drawn-lines.ts: faces that the network has not seen, upright and turned, two letters to
 * twenty, of 6 pixels and more, faint and full, with outline, shadow or bar, JPEG-coded in half of the cases), and the same image is searched with nothing drawn. Many
 * images bear text of their own (markers and initials of radiographs, labels of ultrasound): alarms there are counted and no mistakes; `--show`
 * makes sheets of them to be looked at. Radiographs are besides cut to their middle, where no markers stand.
 *
 * Split by what it is made from: `val` only measures; thresholds were set on `tune`, radiographs and MedPix cases of the split `train` that the
 * network did not learn from, and other slices and thumbnails than those of `val`.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { candidates, type TextBox } from '../../main/deidentify/burned-in/detect.js';
import { boxesIn } from '../../main/deidentify/burned-in/inspect.js';
import { wordsAmong } from '../../main/deidentify/deidentify-files.js';
import { decodeFrame, dispose, renderGrey } from '../../main/study/index.js';
import { type DrawnLine, type Grey, greyOf, type Rectangle, withLine } from '../sample/drawn-lines.js';
import { random } from '../sample/phantom.js';

const { values: options } = parseArgs({
  options: {
    set: { type: 'string', default: 'val' },
    count: { type: 'string', default: '160' },
    show: { type: 'string' },
    thresholds: { type: 'boolean', default: false },
    'write-slices': { type: 'string' },
    data: { type: 'string', default: process.env.WETREAD_DATA ?? '../shared/data' },
  },
});
const { data } = options;
const val = options.set === 'val' && !options.thresholds;
/** At most, of each kind. */
const count = Number(options.count);

/** Images of one kind, searched as those of a modality. */
interface Kind {
  name: string;
  modality: string;
  images: Grey[];
}

const spreadOver = <T>(list: readonly T[], wanted: number) =>
  Array.from(
    { length: Math.min(wanted, list.length) },
    (_, i) => list[Math.floor((i * list.length) / Math.min(wanted, list.length))],
  ).filter((one) => one !== undefined);

interface Case {
  split: string;
  images: { file: string; modality?: string }[];
}

async function casesOf(file: string): Promise<{ file: string; modality?: string }[]> {
  const lines = (await readFile(join(data, file), 'utf8')).trim().split('\n');
  const images = lines
    .map((line) => JSON.parse(line) as Case)
    .filter(({ split }) => split === (val ? 'val' : 'train'))
    .flatMap((one) => one.images);
  return val ? images : images.filter((_, at) => at % 8 === 0);
}

function cut(image: Grey, [left, top, right, bottom]: readonly [number, number, number, number]): Grey {
  const from = { x: Math.floor(left * image.columns), y: Math.floor(top * image.rows) };
  const columns = Math.floor(right * image.columns) - from.x;
  const rows = Math.floor(bottom * image.rows) - from.y;
  const part = new Uint8Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    const at = (from.y + y) * image.columns + from.x;
    part.set(image.data.subarray(at, at + columns), y * columns);
  }
  return { rows, columns, data: part };
}

/** As large as films are searched, with grain. */
async function enlarged({ rows, columns, data: pixels }: Grey, next: () => number): Promise<Grey> {
  const large = await greyOf(
    await sharp(pixels, { raw: { width: columns, height: rows, channels: 1 } })
      .resize(4 * columns, 4 * rows, { kernel: 'cubic' })
      .png()
      .toBuffer(),
  );
  for (let i = 0; i < large.data.length; i++)
    large.data[i] = Math.max(0, Math.min(255, Math.round((large.data[i] ?? 0) + (next() + next() - 1) * 8)));
  return large;
}

const seriesParts = {
  ct_chest: { learn: [0, 40], tune: [42, 51], val: [53, 70] },
  mr_head: { learn: [0, 46], tune: [48, 58], val: [60, 80] },
} as const;

async function slices(series: keyof typeof seriesParts, part: 'learn' | 'tune' | 'val'): Promise<Grey[]> {
  const folder = join(data, 'dicom/series', series);
  const files = (await readdir(folder)).sort().slice(...seriesParts[series][part]);
  return Promise.all(files.map(async (file) => renderGrey(await decodeFrame({ file: join(folder, file) }))));
}

async function thumbnails(kind: 'US' | 'MG', from: number, to: number): Promise<Grey[]> {
  const folder = join(data, 'modality_router', kind);
  const files = (await readdir(folder)).sort().slice(from, to);
  return Promise.all(files.map((file) => greyOf(join(folder, file))));
}

async function kinds(): Promise<Kind[]> {
  const next = random(3);
  const part = val ? 'val' : 'tune';
  const films = await Promise.all(
    spreadOver(await casesOf('iu_xray/studies.jsonl'), count).map(({ file }) =>
      greyOf(join(data, 'iu_xray/images', file)),
    ),
  );
  const there = new Set(await readdir(join(data, 'medpix/images')));
  const pictures = (await casesOf('medpix/cases.jsonl')).filter(({ file }) => there.has(file));
  // A watermark stands on top and below.
  const middles = async (modality: string, most: number) =>
    Promise.all(
      spreadOver(
        pictures.filter((one) => one.modality === modality),
        most,
      ).map(async ({ file }) =>
        cut(await greyOf(join(data, 'medpix/images', file)), [0.08, 0.18, 0.92, 0.8]),
      ),
    );
  const large = await Promise.all(spreadOver(films, count >> 3).map((film) => enlarged(film, next)));
  return [
    { name: 'radiographs, 256 px', modality: 'DX', images: films },
    {
      name: 'radiographs, their middle',
      modality: 'DX',
      images: films.map((film) => cut(film, [0.25, 0.25, 0.75, 0.9])),
    },
    { name: 'radiographs, 1024 px', modality: 'DX', images: large },
    { name: 'CT, a series', modality: 'CT', images: await slices('ct_chest', part) },
    { name: 'MR, a series', modality: 'MR', images: await slices('mr_head', part) },
    { name: 'CT, MedPix', modality: 'CT', images: await middles('CT', count >> 1) },
    { name: 'MR, MedPix', modality: 'MR', images: await middles('MR', count >> 1) },
    { name: 'US', modality: 'US', images: await thumbnails('US', val ? 330 : 280, val ? 400 : 330) },
    { name: 'MG', modality: 'MG', images: await thumbnails('MG', val ? 260 : 220, val ? 319 : 260) },
  ];
}

const search = (image: Grey, modality: string) => wordsAmong(boxesIn({ ...image, factor: 1 }, modality));

const inside = (at: number, columns: number, { left, top, right, bottom }: Rectangle) => {
  const x = at % columns;
  const y = (at - x) / columns;
  return x >= left && x < right && y >= top && y < bottom;
};

/** The share of a line's ink within boxes. */
function coveredInk({ ink }: DrawnLine, columns: number, boxes: readonly Rectangle[]): number {
  return ink.filter((at) => boxes.some((box) => inside(at, columns, box))).length / Math.max(1, ink.length);
}

class Tally {
  readonly #counts = new Map<string, { hits: number; of: number }>();

  add(name: string, hit: boolean): void {
    const entry = this.#counts.get(name) ?? { hits: 0, of: 0 };
    entry.of++;
    if (hit) entry.hits++;
    this.#counts.set(name, entry);
  }

  print(): void {
    for (const [name, { hits, of }] of this.#counts) {
      const [low, high] = wilson(hits, of);
      const shown = (share: number) => (100 * share).toFixed(1).padStart(5);
      console.log(
        `${name.padEnd(52)}${String(hits).padStart(4)} of ${String(of).padStart(4)} ${shown(hits / of)} %  [${shown(low)}, ${shown(high)}]`,
      );
    }
  }
}

/** 95 % interval of a share (Wilson 1927). */
function wilson(hits: number, of: number): [number, number] {
  const z = 1.96;
  const share = hits / of;
  const middle = share + z ** 2 / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const whole = 1 + z ** 2 / of;
  return [(middle - reach) / whole, (middle + reach) / whole];
}

interface Shown {
  image: Grey;
  boxes: Rectangle[];
}

async function measure(): Promise<void> {
  const next = random(val ? 20 : 10);
  const [drawn, by, clean, sides] = [new Tally(), new Tally(), new Tally(), new Tally()];
  const alarms: Shown[] = [];
  const missed: Shown[] = [];
  let most = 0;
  for (const { name, modality, images: all } of await kinds()) {
    const images = spreadOver(all, count);
    const middle = name.endsWith('middle');
    for (const image of images) {
      const boxes = search(image, modality);
      clean.add(`nothing drawn, ${name}: alarm`, boxes.length > 0);
      if (boxes.length > 0) alarms.push({ image, boxes });
      if (middle) continue;
      const { image: marked, line } = await withLine(image, next);
      const found = search(marked, modality);
      const covered = coveredInk(line, image.columns, found);
      const warned = covered >= 0.1;
      drawn.add(`drawn, ${name}: warned`, warned);
      drawn.add(`drawn, ${name}: all of the line blackened`, covered >= 0.99);
      if (!warned) missed.push({ image: marked, boxes: [line.place] });
      const blackened = found.reduce((sum, one) => sum + (one.right - one.left) * (one.bottom - one.top), 0);
      if (found.length > 0) most = Math.max(most, blackened / image.data.length);
      const { face, height, step, turn, letters, dress } = line;
      by.add(`${face}: warned`, warned);
      by.add(
        `capitals ${height < 8 ? 'of 6 to 8' : height < 12 ? 'of 8 to 12' : 'of 12 and more'} pixels: warned`,
        warned,
      );
      by.add(`${step < 100 ? 'faint, below 100 of 255' : 'strong'}: warned`, warned);
      by.add(`turned by ${turn * 90}°: warned`, warned);
      by.add(`${letters < 4 ? 'two or three letters' : 'four letters and more'}: warned`, warned);
      by.add(`${dress}: warned`, warned);
      by.add('all lines: warned', warned);
      by.add('all lines: all of the line blackened', covered >= 0.99);
    }
    if (!name.includes('256')) continue;
    for (const image of spreadOver(images, count >> 1)) {
      const { image: marked, line } = await withLine(image, next, {
        text: next() < 0.5 ? 'L' : 'R',
        leastHeight: 9,
        mostHeight: 24,
      });
      sides.add(
        'a side marker, L or R: taken for text',
        coveredInk(line, image.columns, search(marked, modality)) >= 0.5,
      );
    }
  }
  for (const tally of [drawn, by, clean, sides]) {
    tally.print();
    console.log();
  }
  console.log(`at most ${(100 * most).toFixed(0)} % of an image blackened for one line`);
  for (const side of [256, 512, 1024, 1400])
    console.log(`${side} × ${side} pixels: ${cost(side)} ms of processor time`);
  if (options.show) {
    await mkdir(options.show, { recursive: true });
    await sheets(alarms, join(options.show, 'alarms'));
    await sheets(missed, join(options.show, 'missed'));
  }
}

/** What each threshold would find and alarm, of slices and of all else; alarms where no text stands: slices, and the middle of radiographs. */
async function compareThresholds(): Promise<void> {
  const next = random(11);
  const groups = new Map<
    string,
    { clean: boolean; likeliest: [number, number]; drawn: number; short: boolean }[]
  >();
  for (const { name, modality, images: all } of await kinds())
    for (const image of spreadOver(all, count)) {
      const group =
        modality === 'CT' || modality === 'MR'
          ? 'slices'
          : name.startsWith('radio')
            ? 'radiographs'
            : 'US, MG';
      const likeliest = (short: boolean, boxes: readonly TextBox[]) =>
        Math.max(
          0,
          ...boxes
            .filter(({ letters }) => letters > 1 && letters < 4 === short)
            .map(({ likelihood }) => likelihood),
        );
      const plain = candidates(image);
      const { image: marked, line } = await withLine(image, next);
      const hits = candidates(marked).filter(
        (box) => box.letters > 1 && coveredInk(line, image.columns, [box]) >= 0.1,
      );
      const row = {
        clean: name !== 'radiographs, 256 px' && name !== 'radiographs, 1024 px',
        likeliest: [likeliest(false, plain), likeliest(true, plain)] as [number, number],
        drawn: Math.max(0, ...hits.map(({ likelihood }) => likelihood)),
        short: line.letters < 4,
      };
      groups.set(group, [...(groups.get(group) ?? []), row]);
    }
  const share = (values: readonly boolean[]) =>
    `${((100 * values.filter(Boolean).length) / Math.max(1, values.length)).toFixed(1).padStart(5)} %`;
  for (const [group, rows] of groups) {
    const clean = rows.filter((row) => row.clean);
    console.log(`${group}: ${rows.length} lines, ${clean.length} images without`);
    for (const at of [0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995])
      console.log(
        `${String(at).padStart(7)}  found: long ${share(rows.filter(({ short }) => !short).map(({ drawn }) => drawn >= at))}, short ${share(rows.filter(({ short }) => short).map(({ drawn }) => drawn >= at))}` +
          `   alarms: long ${share(clean.map(({ likeliest: [long] }) => long >= at))}, short ${share(clean.map(({ likeliest: [, short] }) => short >= at))}`,
      );
  }
}

/** The middle of five. */
function cost(side: number): string {
  const next = random(side);
  const image = {
    rows: side,
    columns: side,
    data: Uint8Array.from({ length: side * side }, () => next() * 80),
  };
  const times = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    search(image, 'DX');
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  }).sort((a, b) => a - b);
  return (times[2] ?? 0).toFixed(0);
}

/** Images with their boxes, for looking at: sheets of 40. */
async function sheets(shown: readonly Shown[], stem: string): Promise<void> {
  const side = 256;
  for (let from = 0, sheet = 1; from < shown.length; from += 40, sheet++) {
    const tiles = await Promise.all(
      shown.slice(from, from + 40).map(async ({ image, boxes }, i) => {
        const { rows, columns, data: pixels } = image;
        const lines = boxes
          .map(
            ({ left, top, right, bottom }) =>
              `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" fill="none" stroke="#f00" stroke-width="${columns / 256}"/>`,
          )
          .join('');
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${columns}" height="${rows}">${lines}</svg>`;
        const marked = await sharp(pixels, { raw: { width: columns, height: rows, channels: 1 } })
          .toColourspace('srgb')
          .composite([{ input: Buffer.from(svg) }])
          .png()
          .toBuffer();
        return {
          input: await sharp(marked)
            .resize(side, side, { fit: 'contain', background: '#400' })
            .png()
            .toBuffer(),
          left: (i % 8) * side,
          top: Math.floor(i / 8) * side,
        };
      }),
    );
    await sharp({ create: { width: 8 * side, height: 5 * side, channels: 3, background: '#000' } })
      .composite(tiles)
      .png()
      .toFile(`${stem}-${sheet}.png`);
  }
}

async function writeSlices(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const series of ['ct_chest', 'mr_head'] as const)
    for (const [at, { rows, columns, data: pixels }] of (await slices(series, 'learn')).entries())
      await writeFile(
        join(folder, `${series}-${String(at).padStart(3, '0')}.png`),
        await sharp(pixels, { raw: { width: columns, height: rows, channels: 1 } })
          .png()
          .toBuffer(),
      );
}

if (options.thresholds) await compareThresholds();
else if (options['write-slices']) await writeSlices(options['write-slices']);
else await measure();
await dispose();
