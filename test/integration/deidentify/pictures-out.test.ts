/** Copies of plain pictures hold their pixels and nothing else. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { fromRoot } from '../../../.ci/root.js';
import { deidentifyFiles, findText } from '../../../main/deidentify/index.js';
import { dispose } from '../../../main/study/index.js';
import { drawText } from '../../sample/burned-in-text.js';

const side = 400;
const mark = 'Wettstein';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-out-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(dispose);

function pixels(text?: string): Uint8Array {
  const data = new Uint8Array(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      data[y * side + x] = Math.round(30 + 110 * Math.exp(-((x - 200) ** 2 + (y - 250) ** 2) / 12_000));
  if (text)
    drawText({ rows: side, columns: side, data }, text, {
      face: 'bold',
      height: 20,
      x: 14,
      y: 16,
      grey: 255,
    });
  return data;
}
const grey = (data: Uint8Array) =>
  sharp(data, { raw: { width: side, height: side, channels: 1 } }).toColourspace('b-w');
const copies = (paths: string[], boxText: boolean) =>
  deidentifyFiles(paths, {
    folder: join(folder, 'copies'),
    options: [],
    secret: new Uint8Array(32),
    boxText,
  });
async function decoded(file: string): Promise<Buffer> {
  return sharp(file).toColourspace('b-w').extractChannel(0).raw().toBuffer();
}

it('EXIF, comments and names of files go, pixels stay the same', async () => {
  const jpeg = join(folder, `${mark}.jpg`);
  const png = join(folder, `${mark}.png`);
  const exif = { IFD0: { Artist: mark, ImageDescription: `${mark} 04711` } };
  await writeFile(jpeg, await grey(pixels()).withExif(exif).jpeg({ quality: 90 }).toBuffer());
  await writeFile(png, await grey(pixels()).withExif(exif).png().toBuffer());
  for (const file of [jpeg, png]) expect((await readFile(file)).includes(mark)).toBe(true);

  const { files, problems } = await copies([jpeg, png], false);
  expect(problems).toEqual([]);
  expect(files).toHaveLength(2);
  for (const { file, copy, text } of files) {
    expect(relative(folder, copy)).toMatch(/^copies\/2\.25\.\d+\/series\/2\.25\.\d+\.png$/);
    expect(text).toMatchObject({ likely: false, boxed: false });
    const bytes = await readFile(copy);
    expect(bytes.includes(mark)).toBe(false);
    expect(bytes.includes('04711')).toBe(false);
    const { exif: kept, xmp, icc } = await sharp(bytes).metadata();
    expect([kept, xmp, icc]).toEqual([undefined, undefined, undefined]);
    expect((await decoded(copy)).equals(await decoded(file))).toBe(true);
  }
});

it('is shown as its EXIF turns it, and in colour', async () => {
  const file = join(folder, 'turned.jpg');
  const rgb = sharp({ create: { width: 40, height: 20, channels: 3, background: '#c04020' } });
  await writeFile(file, await rgb.withMetadata({ orientation: 6 }).jpeg().toBuffer());
  const { files } = await copies([file], false);
  expect(await sharp(files[0]?.copy).metadata()).toMatchObject({ width: 20, height: 40, channels: 3 });
});

it('in the sample study, whose only letters are side markers, none is told of', async () => {
  for (const name of ['chest-pa.dcm', 'chest-lateral.dcm'])
    expect(await findText(fromRoot(`test/sample/study/${name}`))).toMatchObject({ likely: false });
});

it('text in them is told of, and blackened where that is asked for', async () => {
  const file = join(folder, 'named.png');
  await writeFile(file, await grey(pixels('WETTSTEIN^ORLA 04711')).png().toBuffer());
  expect(await findText(file)).toMatchObject({ likely: true });
  const brightest = async (copy: string | undefined) =>
    (await decoded(copy ?? '')).subarray(0, 50 * side).reduce((a, b) => Math.max(a, b), 0);

  const [plain] = (await copies([file], false)).files;
  expect(plain?.text).toMatchObject({ likely: true, boxed: false });
  expect(await brightest(plain?.copy)).toBe(255);
  const [boxed] = (await copies([file], true)).files;
  expect(boxed?.text).toMatchObject({ likely: true, boxed: true });
  expect(await brightest(boxed?.copy)).toBeLessThan(90);
  expect(boxed?.copy).toBe(plain?.copy);
});

it('one that is damaged is a problem, and leaves no copy', async () => {
  const file = join(folder, 'cut.png');
  await writeFile(file, (await grey(pixels()).png().toBuffer()).subarray(0, 900));
  const { files, problems } = await copies([file], false);
  expect(files).toEqual([]);
  expect(problems).toMatchObject([{ file, code: 'damaged-file' }]);
});
