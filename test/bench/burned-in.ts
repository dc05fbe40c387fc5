/**
 * How well text that is burned into images is found.
 *
 *   npx tsx test/bench/burned-in.ts [--fit] [--count N] [--show FOLDER] [--data DIR]
 *
 * Text of our own letters (five faces, 7 to 40 pixels, bright and dark, faint and full, at edges and inside, JPEG-coded in half of the
 * cases) is drawn into radiographs (iu_xray) and slices (dicom/series). Weights are fitted on the radiographs of split `train` and some
 * slices (`--fit` writes them and measures nothing); the figures are of the radiographs of split `val` and other slices. Besides, of images that carry text from
 * elsewhere: MedPix, where a watermark stands in nearly every image. Many radiographs carry lead markers and initials: text, though no
 * patient's; what is found in images that nothing was drawn into is counted by its length.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { type Candidate, candidates, detectText } from '../../main/deidentify/burned-in/detect.js';
import { featureNames } from '../../main/deidentify/burned-in/features.js';
import { weights } from '../../main/deidentify/burned-in/weights.js';
import { decodeFrame, dispose, renderGrey } from '../../main/study/index.js';
import { drawText, faces, textWidth } from '../sample/burned-in-text.js';

const { values: options } = parseArgs({
  options: {
    fit: { type: 'boolean', default: false },
    count: { type: 'string', default: '300' },
    show: { type: 'string' },
    data: { type: 'string', default: process.env.WETREAD_DATA ?? '../shared/data' },
  },
});
const count = Number(options.count);

interface Grey {
  rows: number;
  columns: number;
  data: Uint8Array;
}
interface Place {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** mulberry32: the same drawings in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

async function grey(file: string | Uint8Array): Promise<Grey> {
  const { data, info } = await sharp(file).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const step = info.channels;
  return {
    rows: info.height,
    columns: info.width,
    data: Uint8Array.from({ length: info.width * info.height }, (_, i) => data[i * step] ?? 0),
  };
}

async function jpeg({ rows, columns, data }: Grey, quality: number): Promise<Grey> {
  return grey(
    await sharp(data, { raw: { width: columns, height: rows, channels: 1 } })
      .jpeg({ quality })
      .toBuffer(),
  );
}

const surnames = 'DOE SMITH GARCIA OKAFOR NGUYEN YAMADA KOWALSKI ROSSI HANSEN OBRIEN PATEL MEYER'.split(' ');
const given = 'JANE JOHN MARIA LI ANNA PAUL KEN FATIMA OLGA TOM'.split(' ');

function words(next: () => number): string {
  const pick = (list: readonly string[]) => list[Math.floor(next() * list.length)] ?? '';
  const digits = (n: number) => Array.from({ length: n }, () => Math.floor(next() * 10)).join('');
  const forms = [
    () => `${pick(surnames)}^${pick(given)}`,
    () => `${pick(surnames)} ${pick(given)}`,
    () => `ID ${digits(8)}`,
    () => digits(7),
    () => `19${digits(2)}-0${digits(1)}-1${digits(1)}`,
    () => `${digits(2)}/${digits(2)}/20${digits(2)} ${digits(2)}:${digits(2)}`,
    () => `ACC ${digits(6)} ${pick(surnames)}`,
  ];
  return (forms[Math.floor(next() * forms.length)] ?? forms[0])?.() ?? '';
}

/** Draws one line where it fits; half of them along an edge, as overlays stand. */
async function drawn(
  image: Grey,
  next: () => number,
): Promise<{ image: Grey; place: Place; face: string; height: number; step: number }> {
  const face = faces[Math.floor(next() * faces.length)] ?? 'dots';
  const text = words(next);
  const most = Math.min(40, image.rows / 9, image.columns / text.length / 0.95);
  const asked = 7 + next() ** 2 * Math.max(0, most - 7);
  const height = face === 'dots' ? Math.max(7, 7 * Math.round(asked / 7)) : asked;
  const width = textWidth(text, face, height);
  const room = { x: Math.max(0, image.columns - width - 4), y: Math.max(0, image.rows - height - 4) };
  const edge = next() < 0.5;
  const y = 2 + (edge ? (next() < 0.5 ? 0 : 1) * room.y : next() * room.y);
  const x = 2 + next() * room.x;
  const place = { left: x, top: y, right: Math.min(image.columns, x + width), bottom: y + height };
  let sum = 0;
  let pixels = 0;
  for (let py = Math.floor(place.top); py < place.bottom; py++)
    for (let px = Math.floor(place.left); px < place.right; px++) {
      sum += image.data[py * image.columns + px] ?? 0;
      pixels++;
    }
  const ground = sum / Math.max(1, pixels);
  // Full white or black as most overlays are, or a step of grey that a reader still sees.
  const full = next() < 0.6;
  const bright = ground < 150;
  const value = full
    ? bright
      ? 255
      : 0
    : bright
      ? Math.min(255, ground + 70 + next() * 80)
      : ground - 70 - next() * 60;
  const target = { ...image, data: Uint8Array.from(image.data) };
  drawText(target, text, { face, height, x, y, grey: Math.max(0, Math.round(value)) });
  const coded = next() < 0.5 ? await jpeg(target, 75 + Math.floor(next() * 20)) : target;
  return { image: coded, place, face, height, step: Math.abs(value - ground) };
}

function overlap(a: Place, b: Place): number {
  const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return wide > 0 && tall > 0 ? wide * tall : 0;
}
const area = (a: Place) => (a.right - a.left) * (a.bottom - a.top);

async function radiographs(split: string): Promise<string[]> {
  const lines = (await readFile(join(options.data, 'iu_xray/studies.jsonl'), 'utf8')).trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as { split: string; images: { file: string }[] })
    .filter((study) => study.split === split)
    .flatMap(({ images }) => images.map(({ file }) => join(options.data, 'iu_xray/images', file)));
}

async function slices(odd: boolean): Promise<Grey[]> {
  const images: Grey[] = [];
  for (const series of ['ct_chest', 'mr_head']) {
    const folder = join(options.data, 'dicom/series', series);
    const files = (await readdir(folder)).sort().filter((_, i) => i % 4 === (odd ? 1 : 0));
    for (const file of files) images.push(renderGrey(await decodeFrame({ file: join(folder, file) })));
  }
  return images;
}

const spreadOver = <T>(list: readonly T[], wanted: number) =>
  Array.from(
    { length: Math.min(wanted, list.length) },
    (_, i) => list[Math.floor((i * list.length) / Math.min(wanted, list.length))],
  ).filter((one) => one !== undefined);

/** Logistic regression by gradient descent with momentum. */
function logistic(samples: readonly { features: number[]; text: boolean; weight: number }[]): {
  of: number[];
  bias: number;
} {
  const n = featureNames.length + 1;
  const rows = samples.map(({ features }) => Float64Array.from([...features, 1]));
  const weights = new Float64Array(n);
  const speed = new Float64Array(n);
  const slope = new Float64Array(n);
  for (let step = 0; step < 1500; step++) {
    slope.fill(0);
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] ?? weights;
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (row[i] ?? 0) * (weights[i] ?? 0);
      const { text, weight } = samples[at] ?? { text: false, weight: 0 };
      const error = (1 / (1 + Math.exp(-sum)) - (text ? 1 : 0)) * weight;
      for (let i = 0; i < n; i++) slope[i] = (slope[i] ?? 0) + error * (row[i] ?? 0);
    }
    for (let i = 0; i < n; i++) {
      speed[i] = 0.95 * (speed[i] ?? 0) - ((slope[i] ?? 0) + 1e-5 * (weights[i] ?? 0));
      weights[i] = (weights[i] ?? 0) + (speed[i] ?? 0);
    }
  }
  return { of: [...weights.subarray(0, n - 1)], bias: weights[n - 1] ?? 0 };
}

async function fitWeights(): Promise<void> {
  const next = random(1);
  const samples: { features: number[]; text: boolean; weight: number; film: boolean }[] = [];
  const films = await Promise.all(spreadOver(await radiographs('train'), 4 * count).map(grey));
  const cuts = await slices(true);
  const take = (one: Candidate, text: boolean, film: boolean) =>
    samples.push({ features: one.features, text, weight: 1, film });
  for (const [i, image] of [...films, ...cuts].entries()) {
    const film = i < films.length;
    // Markers stand along the edges of films: there nothing is known to be no text.
    for (const one of candidates(image)) {
      const inside =
        one.left > 0.25 * image.columns && one.right < 0.75 * image.columns && one.top > 0.25 * image.rows;
      if (!film || inside) take(one, false, film);
    }
    const { image: marked, place } = await drawn(image, next);
    for (const one of candidates(marked)) {
      const shared = overlap(one, place);
      if (shared > 0.7 * area(one) && one.right - one.left > 0.25 * (place.right - place.left))
        take(one, true, film);
    }
  }
  // Enough of each kind to fit a dozen weights.
  const some = (text: boolean) =>
    spreadOver(
      samples.filter((one) => one.text === text),
      4000,
    );
  const used = [...some(true), ...some(false)];
  const positives = used.filter(({ text }) => text).length;
  for (const one of used) one.weight = one.text ? 0.5 / positives : 0.5 / (used.length - positives);
  const { of, bias } = logistic(used);
  const score = (features: readonly number[]) =>
    1 / (1 + Math.exp(-features.reduce((total, value, i) => total + value * (of[i] ?? 0), bias)));
  // Of images where nothing is written (slices, and the inside of films) three in a hundred may alarm.
  const thresholdOf = (film: boolean, images: number) =>
    samples
      .filter((one) => !one.text && one.film === film)
      .map(({ features }) => score(features))
      .sort((a, b) => b - a)[Math.floor(images * 0.03)] ?? 0.5;
  // Along the edges of films, where nothing is known, more looks like text than inside.
  const threshold = Math.max(0.9, thresholdOf(true, films.length));
  const sliceThreshold = thresholdOf(false, cuts.length);
  const kept = used.filter(({ text, features }) => text && score(features) >= threshold).length;
  console.log(
    `${positives} lines of text, ${samples.length - positives} others; threshold ${threshold.toFixed(3)}, kept ${((100 * kept) / positives).toFixed(1)} %`,
  );
  const shown = of.map((value) => Number(value.toFixed(3)));
  await writeFile(
    new URL('../../main/deidentify/burned-in/weights.ts', import.meta.url),
    `/** Weights of the features (logistic regression) in their order, fitted by \`test/bench/burned-in.ts --fit\`. */
export const weights = {
  bias: ${Number(bias.toFixed(3))},
  of: [${shown.join(', ')}],
  /** Three of a hundred radiographs, and of slices, where nothing is written may pass. */
  threshold: ${Number(threshold.toFixed(4))},
  sliceThreshold: ${Number(sliceThreshold.toFixed(4))},
};
`,
  );
  console.log(featureNames.map((name, i) => `${name} ${shown[i]}`).join(', '));
}

async function measure(): Promise<void> {
  const next = random(2);
  const films = await Promise.all(spreadOver(await radiographs('val'), count).map(grey));
  const cuts = await slices(false);
  const tally = new Map<string, { found: number; of: number }>();
  const add = (name: string, found: boolean) => {
    const entry = tally.get(name) ?? { found: 0, of: 0 };
    entry.of++;
    if (found) entry.found++;
    tally.set(name, entry);
  };
  let ms = 0;
  for (const [kind, images] of [
    ['film', films],
    ['slice', cuts],
  ] as const)
    for (const image of images) {
      const { image: marked, place, face, height, step } = await drawn(image, next);
      const start = process.cpuUsage();
      const boxes = detectText(marked, kind === 'film' ? weights.threshold : weights.sliceThreshold);
      const { user, system } = process.cpuUsage(start);
      ms += (user + system) / 1000;
      const shared = boxes.reduce((sum, box) => sum + overlap(box, place), 0);
      const warned = shared > 0;
      const covers = shared >= 0.8 * area(place);
      add(`drawn, ${kind}: warned`, warned);
      add(`drawn, ${kind}: boxed, at least 80 % of its area`, covers);
      add(`drawn, ${face}: warned`, warned);
      add(
        `drawn, ${height < 10 ? 'below 10' : height < 16 ? '10 to 16' : '16 and more'} pixels: warned`,
        warned,
      );
      add(`drawn, ${step < 100 ? 'faint (below 100 of 255)' : 'strong'}: warned`, warned);
    }
  const shown: { image: Grey; boxes: Place[] }[] = [];
  for (const image of cuts) {
    const boxes = detectText(image, weights.sliceThreshold);
    add('nothing drawn, slice: alarm', boxes.length > 0);
    if (boxes.length > 0) shown.push({ image, boxes });
  }
  for (const image of films) {
    const boxes = detectText(image);
    const longest = Math.max(0, ...boxes.map(({ letters }) => letters));
    add('nothing drawn, film: two or three letters (markers)', longest > 0 && longest < 4);
    add('nothing drawn, film: four letters and more', longest >= 4);
    if (longest >= 4) shown.push({ image, boxes });
  }
  const medpix = join(options.data, 'medpix/images');
  const missed: { image: Grey; boxes: Place[] }[] = [];
  for (const file of spreadOver((await readdir(medpix)).sort(), count)) {
    const image = await grey(join(medpix, file));
    const boxes = detectText(image);
    add('MedPix: warned', boxes.length > 0);
    missed.push({ image, boxes });
  }
  for (const [name, { found, of }] of [...tally].sort())
    console.log(
      `${name.padEnd(60)} ${String(found).padStart(4)} of ${String(of).padStart(4)}  ${((100 * found) / of).toFixed(1)} %`,
    );
  console.log(`${(ms / (films.length + cuts.length)).toFixed(1)} ms of processor time an image`);
  if (options.show) {
    await mkdir(options.show, { recursive: true });
    await sheet(shown, join(options.show, 'alarms.png'));
    await sheet(missed, join(options.show, 'medpix.png'));
  }
}

/** Images with their boxes, for looking at. */
async function sheet(shown: readonly { image: Grey; boxes: Place[] }[], file: string): Promise<void> {
  const side = 256;
  const tiles = await Promise.all(
    shown.slice(0, 30).map(async ({ image, boxes }, i) => {
      const { rows, columns, data } = image;
      const lines = boxes
        .map(
          ({ left, top, right, bottom }) =>
            `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" fill="none" stroke="#f00"/>`,
        )
        .join('');
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${columns}" height="${rows}">${lines}</svg>`;
      const marked = await sharp(data, { raw: { width: columns, height: rows, channels: 1 } })
        .toColourspace('srgb')
        .composite([{ input: Buffer.from(svg) }])
        .png()
        .toBuffer();
      return {
        input: await sharp(marked)
          .resize(side, side, { fit: 'contain', background: '#400' })
          .png()
          .toBuffer(),
        left: (i % 6) * side,
        top: Math.floor(i / 6) * side,
      };
    }),
  );
  await sharp({ create: { width: 6 * side, height: 5 * side, channels: 3, background: '#000' } })
    .composite(tiles)
    .png()
    .toFile(file);
}

if (options.fit) await fitWeights();
else await measure();
await dispose();
