import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { embedImages, embedTexts, openPack } from '../../../main/encode/index.js';
import { type EmbedImages, importKnowledge, previewImport } from '../../../main/import/index.js';
import { type Library, openLibrary, similarCases } from '../../../main/retrieve/index.js';
import { decodeFrame, dispose, renderGrey, resizeGrey } from '../../../main/study/index.js';
import { type ImportRequest, TEXT_IN_PICTURE } from '../../../preload/values.js';
import { object } from '../../unit/study/objects.js';
import { hashingEmbedder } from '../retrieve/hashing-embedder.js';

let folder: string;
let library: Library;
let dataset: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-images-'));
  library = await openLibrary({
    folder: join(folder, 'library'),
    embed: hashingEmbedder().embed,
    embedder: 'hashing',
  });
  dataset = (await library.add({ title: 'Our cases' })).id;
});
afterEach(async () => {
  await library.dispose();
  await rm(folder, { recursive: true, force: true });
});
afterAll(dispose);

/** A vector of the brightness of the picture's quarters: enough to tell pictures apart. */
const byBrightness: EmbedImages = async (images) =>
  images.map(({ image: { rows, columns, data } }) => {
    const vector = new Float32Array(256);
    for (let at = 0; at < data.length; at++) {
      const quarter = (at % columns < columns / 2 ? 0 : 1) + (at < (rows / 2) * columns ? 0 : 2);
      vector[quarter] = (vector[quarter] ?? 0) + (data[at] ?? 0) + 1;
    }
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });

const picture = (level: number) =>
  sharp({ create: { width: 320, height: 240, channels: 3, background: { r: level, g: level, b: level } } })
    .composite([
      {
        input: { create: { width: 100, height: 80, channels: 3, background: '#fff' } },
        left: level % 200,
        top: 20,
      },
    ])
    .jpeg()
    .toBuffer();
async function put(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, 'files', name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}
const request = (more: Partial<ImportRequest> = {}): ImportRequest => ({
  dataset,
  paths: [join(folder, 'files')],
  vectors: true,
  ...more,
});
const run = (more: Partial<ImportRequest> = {}) =>
  importKnowledge(library, request(more), { embedImages: byBrightness });
async function stored() {
  const { documents } = await library.documents(dataset, { offset: 0, limit: 100 });
  return new Map(documents.map((document) => [document.title, document]));
}
const text = (what: string) => `Examination: ${what}\nFindings: The lungs of ${what} are clear.`;

test('images belong to the report of their base name, else to the only one of their folder', async () => {
  await put('mixed/one.txt', text('Chest one'));
  await put('mixed/one.jpg', await picture(10));
  await put('mixed/one_lateral-2.jpg', await picture(30));
  await put('mixed/two.txt', text('Chest two'));
  await put(
    'mixed/two.png',
    await sharp(await picture(50))
      .png()
      .toBuffer(),
  );
  await put('mixed/stray.jpg', await picture(70));
  await put('case-a/report.md', '## Examination\n\nChest A\n\n## Findings\n\nThe heart is large.\n');
  await put('case-a/x.jpg', await picture(90));
  await put('case-b/report.txt', text('Chest B'));
  await put('case-b/pictures/deep/y.jpg', await picture(110));
  await put('case-b/pictures/z.jpg', await picture(130));

  const preview = await previewImport({ paths: [join(folder, 'files')], modality: 'XR' });
  expect(preview.documents.map(({ title, images }) => [title, images]).sort()).toEqual([
    ['Chest A', 1],
    ['Chest B', 2],
    ['Chest one', 2],
    ['Chest two', 1],
  ]);
  const result = await run({ modality: 'XR' });
  expect(result).toMatchObject({ added: 4, images: 6 });
  expect(result.problems).toMatchObject([{ message: expect.stringMatching(/^1 image without a report/) }]);
  const document = (await stored()).get('Chest B');
  const jpeg = await library.thumbnail(dataset, document?.id ?? '', 1);
  const { width, height, format } = await sharp(jpeg).metadata();
  expect([format, width, height]).toEqual(['jpeg', 192, 144]);

  // Nothing changed; then a picture did.
  expect(await run({ modality: 'XR' })).toMatchObject({ added: 0, updated: 0, unchanged: 4 });
  await put('case-a/x.jpg', await picture(200));
  expect(await run({ modality: 'XR' })).toMatchObject({ updated: 1, unchanged: 3, images: 1 });
});

test('DICOM headers tell what the report does not, and whose name to remove', async () => {
  const slice = (n: number) =>
    object({
      '00080018': `1.2.3.4.${n}`,
      '00080060': 'CT',
      '00100010': 'TRAUBENSCHLAG^IRMA',
      '00180015': 'ABDOMEN',
      '00200013': String(n),
      '7FE00010': Array.from({ length: 12 }, (_, i) => i * 90 + n),
    });
  for (let n = 1; n <= 40; n++) await put(`case/DICOM/IM${n}`, slice(n));
  await put('case/report.txt', 'Findings: The liver of Irma Traubenschlag is smooth. Spleen normal.');
  expect(await run()).toMatchObject({ added: 1, images: 6, problems: [] });
  const [document] = [...(await stored()).values()];
  expect(document).toMatchObject({ modality: 'CT', bodyRegion: 'abdomen', images: 6 });
  expect(JSON.stringify(await library.document(dataset, document?.id ?? ''))).not.toMatch(
    /Traubenschlag|Irma/i,
  );
});

test('a damaged image costs only itself; without vectors images wait for a later import', async () => {
  await put('a.txt', text('Chest X-ray'));
  await put('a.jpg', (await picture(10)).subarray(0, 200));
  await put('a_2.jpg', await picture(20));
  await put('b.txt', text('Chest X-ray, lateral'));
  await put('b.jpg', await picture(40));
  expect(await run({ vectors: false })).toMatchObject({ added: 2, images: 0 });
  const result = await run();
  expect(result).toMatchObject({ updated: 2, images: 2 });
  expect(result.problems.map(({ file }) => file.split('/').at(-1))).toEqual(['a.jpg']);
});

test('a table names its images; none is read from outside its folder', async () => {
  const outside = join(folder, 'secret.jpg');
  await writeFile(outside, await picture(5));
  await put('t/images/a.jpg', await picture(10));
  await put('t/images/b.jpg', await picture(60));
  await symlink(outside, join(folder, 'files', 't', 'images', 'link.jpg'));
  const row = (id: string, images: unknown) =>
    JSON.stringify({ id, exam: 'Chest PA', findings: `The lungs of ${id} are clear.`, images });
  await put(
    't/cases.jsonl',
    [
      row('c1', [
        { file: 'a.jpg', projection: 'Frontal' },
        { file: 'images/b.jpg', projection: 'Lateral' },
      ]),
      row('c2', [
        { file: '../../secret.jpg' },
        { file: outside },
        { file: 'link.jpg' },
        { file: 'gone.jpg' },
      ]),
    ].join('\n'),
  );
  const result = await run();
  expect(result).toMatchObject({ added: 2, images: 2 });
  expect(result.problems).toMatchObject([{ code: 'not-found', message: expect.stringMatching(/4 times/) }]);
  const [vector] = await byBrightness(
    [
      {
        image: renderGrey(await decodeFrame({ file: join(folder, 'files', 't', 'images', 'b.jpg') })),
        view: 'lateral',
      },
    ],
    {},
  );
  const hits = await similarCases(library.indices(), {
    modality: 'XR',
    vectors: vector ? [vector] : [],
    limit: 5,
  });
  expect(hits[0]).toMatchObject({ dataset, images: 2, score: expect.closeTo(1, 2) });
});

const data = join(process.env.WETREAD_DATA ?? join(import.meta.dirname, '../../../../shared/data'));
const packFolder = fileURLToPath(new URL('../../../models/cxr', import.meta.url));
const there =
  existsSync(join(data, 'medpix', 'cases.jsonl')) && existsSync(join(data, 'iu_xray', 'studies.jsonl'));

describe.skipIf(!there || !existsSync(join(packFolder, 'manifest.json')))(
  `real cases with the pack${there ? '' : ' (skipped: no ../shared/data and no WETREAD_DATA)'}`,
  () => {
    test('MedPix and IU: every case with its images, modality and sections', async () => {
      const pack = await openPack(packFolder);
      const own = await openLibrary({
        folder: join(folder, 'real'),
        embed: (texts, options) => embedTexts(pack, texts, { ...options, states: false }),
        embedder: 'the pack',
      });
      try {
        const { id } = await own.add({ title: 'Real' });
        for (const [set, table, count] of [
          ['medpix', 'cases.jsonl', 3],
          ['iu_xray', 'studies.jsonl', 6],
        ] as const) {
          const lines = (await readFile(join(data, set, table), 'utf8')).split('\n').slice(0, count);
          await put(`${set}/${table}`, lines.join('\n'));
          await mkdir(join(folder, 'files', set, 'images'));
          for (const line of lines)
            for (const { file } of JSON.parse(line).images)
              await copyFile(join(data, set, 'images', file), join(folder, 'files', set, 'images', file));
        }
        const result = await importKnowledge(own, request({ dataset: id }), {
          embedImages: (images, options) => embedImages(pack, images, { ...options, resize: resizeGrey }),
        });
        expect(result.added).toBe(9);
        // The pictures of MedPix bear a watermark, and some the name of who sent them.
        const [failed, noted] = [false, true].map((note) =>
          result.problems.filter(({ code }) => (code === TEXT_IN_PICTURE) === note),
        );
        expect(failed).toEqual([]);
        expect(noted?.some(({ file }) => file.includes('medpix'))).toBe(true);
        expect(result.images).toBeGreaterThanOrEqual(15);
        const { documents } = await own.documents(id, { offset: 0, limit: 100 });
        expect(documents.filter(({ modality }) => modality === 'XR').length).toBe(6);
        expect(documents.every(({ images }) => images > 0)).toBe(true);
        for (const { id: document } of documents) {
          const { sections } = await own.document(id, document);
          expect(sections.length).toBeGreaterThan(0);
        }
      } finally {
        await own.dispose();
        await pack.dispose();
      }
    });
  },
);
