import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbedImages, importKnowledge, previewImport } from '../../../main/import/index.js';
import { type Library, openLibrary } from '../../../main/retrieve/index.js';
import { dispose } from '../../../main/study/index.js';
import { TEXT_IN_PICTURE } from '../../../preload/values.js';
import { drawText, textWidth } from '../../sample/burned-in-text.js';
import { writeDicom } from '../../sample/dicom-writer.js';
import { hashingEmbedder } from '../retrieve/hashing-embedder.js';

let folder: string;
let library: Library;
let dataset: string;
let seen: number[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-pictures-'));
  library = await openLibrary({
    folder: join(folder, 'library'),
    embed: hashingEmbedder().embed,
    embedder: 'hashing',
  });
  dataset = (await library.add({ title: 'Our cases' })).id;
  seen = [];
});
afterEach(async () => {
  await library.dispose();
  await rm(folder, { recursive: true, force: true });
});
afterAll(dispose);

/** Keeps the brightest pixel of what it is given. */
const embedImages: EmbedImages = async (images) =>
  images.map(({ image }) => {
    seen.push(image.data.reduce((most, value) => Math.max(most, value), 0));
    return new Float32Array(256).fill(1 / 16);
  });

const side = 512;
const name = { text: 'WETTSTEIN^ORLA 04711', face: 'bold', height: 22, x: 16, y: 18, grey: 255 } as const;

/** A soft round shape of middle grey, with a name in its corner or without. */
function pixels({ named, marker }: { named: boolean; marker?: boolean }): Uint8Array {
  const data = new Uint8Array(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      data[y * side + x] = Math.round(30 + 110 * Math.exp(-((x - 256) ** 2 + (y - 300) ** 2) / 20_000));
  const image = { rows: side, columns: side, data };
  if (named) drawText(image, name.text, name);
  if (marker) drawText(image, 'R', { ...name, x: 460 });
  return data;
}
const picture = (what: Parameters<typeof pixels>[0]) =>
  sharp(pixels(what), { raw: { width: side, height: side, channels: 1 } })
    .png()
    .toBuffer();
const object = (what: Parameters<typeof pixels>[0], stated: string, uid: string) =>
  writeDicom([
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.1'],
    ['00080018', 'UI', `1.2.999.${uid}`],
    ['00080060', 'CS', 'DX'],
    ['00081050', 'PN', 'Grabowiecki^Zofia'],
    ['00100010', 'PN', 'Wettstein^Orla'],
    ['00100020', 'LO', '04711'],
    ['0020000d', 'UI', `1.2.999.1.${uid}`],
    ['0020000e', 'UI', `1.2.999.2.${uid}`],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', side],
    ['00280011', 'US', side],
    ['00280100', 'US', 8],
    ['00280101', 'US', 8],
    ['00280102', 'US', 7],
    ['00280103', 'US', 0],
    ['00280301', 'CS', stated],
    ['7fe00010', 'OB', Buffer.from(pixels(what))],
  ]);

async function put(file: string, content: string | Uint8Array): Promise<void> {
  const path = join(folder, 'files', file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
const report = (who: string) =>
  `Examination: Chest X-ray ${who}\nFindings: The lungs of case ${who} are clear.`;
const run = () =>
  importKnowledge(library, { dataset, paths: [join(folder, 'files')], vectors: true }, { embedImages });
const preview = () => previewImport({ paths: [join(folder, 'files')] });
const warned = (problems: { file: string; code: string }[]) =>
  problems
    .filter(({ code }) => code === TEXT_IN_PICTURE)
    .map(({ file }) => file.split('/').slice(-2).join('/'));

/** Of a document's thumbnail: the brightest pixel where the name and the marker are drawn, and its middle. */
async function thumbnailOf(title: RegExp): Promise<{ atName: number; atMarker: number; middle: number }> {
  const { documents } = await library.documents(dataset, { offset: 0, limit: 100 });
  const found = documents.find((document) => title.test(document.title));
  const jpeg = await library.thumbnail(dataset, found?.id ?? '', 0);
  const { data, info } = await sharp(jpeg).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const scale = info.width / side;
  const at = (x: number, y: number) =>
    data[(Math.round(y * scale) * info.width + Math.round(x * scale)) * info.channels] ?? 0;
  const brightest = (from: number, to: number) => {
    let most = 0;
    for (let y = 0; y < name.y + name.height + 4; y++)
      for (let x = from; x < to; x++) most = Math.max(most, at(x, y));
    return most;
  };
  return {
    atName: brightest(0, name.x + textWidth(name.text, name.face, name.height)),
    atMarker: brightest(455, 490),
    middle: at(256, 300),
  };
}

test('a picture with a name burned in is told of in preview and result, and its thumbnail shows none', async () => {
  await put('a/report.txt', report('A'));
  await put('a/named.png', await picture({ named: true }));
  await put('b/report.txt', report('B'));
  await put('b/plain.png', await picture({ named: false, marker: true }));
  expect(warned((await preview()).problems)).toEqual(['a/named.png']);

  const result = await run();
  expect(result).toMatchObject({ added: 2, images: 2 });
  expect(warned(result.problems)).toEqual(['a/named.png']);
  expect(result.problems[0]?.message).toMatch(/^Likely text in the picture \(1 line\)/);
  const [named, plain] = [await thumbnailOf(/\bA$/), await thumbnailOf(/\bB$/)];
  expect(named.atName).toBeLessThan(70);
  expect(named.middle).toBeGreaterThan(110);
  // A marker of the side is nobody's name and stays.
  expect(plain.atMarker).toBeGreaterThan(150);
  expect(plain.middle).toBeGreaterThan(110);
  // The vectors are of the images as they are.
  expect(seen).toEqual([255, 255]);
});

test('so is a DICOM object, also one whose header alone speaks of text', async () => {
  await put('a/report.txt', report('A'));
  await put('a/IM1', object({ named: true }, 'NO', '1'));
  await put('b/report.txt', report('B'));
  await put('b/IM1', object({ named: false }, 'YES', '2'));
  await put('c/report.txt', report('C'));
  await put('c/IM1', object({ named: false }, 'NO', '3'));
  expect(warned((await preview()).problems).sort()).toEqual(['a/IM1', 'b/IM1']);
  const { problems, images } = await run();
  expect(images).toBe(3);
  expect(warned(problems).sort()).toEqual(['a/IM1', 'b/IM1']);
  expect(problems.find(({ file }) => file.endsWith('b/IM1'))?.message).toMatch(/header says/);
  expect((await thumbnailOf(/\bA$/)).atName).toBeLessThan(70);
});

test('all whom the headers beside a report name go from it, of each study', async () => {
  await put(
    'a/report.txt',
    'Findings: The lungs are clear. Positioned by zofia grabowiecki. Compare the film of Kasimir, chart 998877.',
  );
  await put('a/IM1', object({ named: false }, 'NO', '1'));
  await put(
    'a/IM2',
    writeDicom([
      ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.1'],
      ['00080018', 'UI', '1.2.999.9'],
      ['00080060', 'CS', 'DX'],
      ['00100010', 'PN', 'Kasimir^Ove'],
      ['0020000d', 'UI', '1.2.999.1.9'],
      ['0020000e', 'UI', '1.2.999.2.9'],
    ]),
  );
  expect(await run()).toMatchObject({ added: 1, problems: [] });
  const { documents } = await library.documents(dataset, { offset: 0, limit: 10 });
  const stored = JSON.stringify(await library.document(dataset, documents[0]?.id ?? ''));
  expect(stored).toMatch(/lungs are clear/);
  expect(stored).not.toMatch(/grabowiecki|zofia|kasimir/i);
});

test('so do those whom the headers of images that a table names say', async () => {
  await put(
    'table.csv',
    'modality,findings,image\nXR,"The lungs are clear. Positioned by zofia grabowiecki. Seen by wettstein.",IM1\n',
  );
  await put('IM1', object({ named: false }, 'NO', '1'));
  expect(await run()).toMatchObject({ added: 1, images: 1, problems: [] });
  const { documents } = await library.documents(dataset, { offset: 0, limit: 10 });
  const stored = JSON.stringify(await library.document(dataset, documents[0]?.id ?? ''));
  expect(stored).toMatch(/lungs are clear/);
  expect(stored).not.toMatch(/grabowiecki|zofia|wettstein/i);
});
