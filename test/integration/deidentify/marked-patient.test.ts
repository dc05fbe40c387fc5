import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deidentifyFiles, findText } from '../../../main/deidentify/index.js';
import { decodeFrame, describeFile, dispose, openObject } from '../../../main/study/index.js';
import { drawText } from '../../sample/burned-in-text.js';
import { type DicomElement, writeDicom } from '../../sample/dicom-writer.js';
import { markedStudy, marks } from '../../sample/marked-patient.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deidentify-'));
});
afterAll(async () => {
  await dispose();
  await rm(folder, { recursive: true });
});

const secret = new Uint8Array(32).fill(9);

const side = 256;
/** A dark picture with soft noise, with or without a line of text. */
function picture(text: string | undefined): DicomElement[] {
  const data = new Uint8Array(side * side);
  for (let i = 0; i < data.length; i++) data[i] = 30 + ((i * 7919) % 11);
  const image = { rows: side, columns: side, data };
  if (text) drawText(image, text, { face: 'bold', height: 16, x: 8, y: 10, grey: 255 });
  return [
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.7'],
    ['00080018', 'UI', '1.2.999.77'],
    ['0020000d', 'UI', '1.2.999.78'],
    ['0020000e', 'UI', '1.2.999.79'],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', side],
    ['00280011', 'US', side],
    ['00280100', 'US', 8],
    ['00280101', 'US', 8],
    ['00280102', 'US', 7],
    ['00280103', 'US', 0],
    ['7fe00010', 'OB', data],
  ];
}

describe('copies of files', () => {
  it('have no mark of the patient, and the same pixels', async () => {
    const file = join(folder, `${marks.file}.dcm`);
    await writeFile(file, writeDicom(await markedStudy()));
    const { files, problems } = await deidentifyFiles([file], {
      folder: join(folder, 'out'),
      options: ['modified-dates', 'patient', 'safe-private'],
      secret,
    });
    expect(problems).toEqual([]);
    const copy = files[0]?.copy ?? '';
    const text = (await readFile(copy)).toString('latin1');
    for (const mark of [marks.name, marks.id, marks.file]) expect(copy + text).not.toContain(mark);
    const [before, after] = [await describeFile(file), await describeFile(copy)];
    expect('sha256' in after && after.sha256).toBe('sha256' in before && before.sha256);
  });

  it('are the same in another run, and two originals of one UID give two copies', async () => {
    const file = join(folder, 'a.dcm');
    const twin = join(folder, 'b.dcm');
    await writeFile(file, writeDicom(picture(undefined)));
    await writeFile(twin, writeDicom(picture('TWIN')));
    const run = (out: string) =>
      deidentifyFiles([file, twin], { folder: join(folder, out), options: [], secret });
    const [one, two] = [await run('one'), await run('two')];
    expect(new Set(one.files.map(({ copy }) => copy)).size).toBe(2);
    for (const [i, { copy }] of one.files.entries())
      expect(await readFile(copy)).toEqual(await readFile(two.files[i]?.copy ?? ''));
  });

  it('are not made of what cannot be read, and nothing is left of the attempt', async () => {
    const cut = join(folder, 'cut.dcm');
    await writeFile(cut, writeDicom(await markedStudy()).subarray(0, 20_000));
    const out = join(folder, 'none');
    const { files, problems } = await deidentifyFiles([cut], { folder: out, options: [], secret });
    expect(files).toEqual([]);
    expect(problems).toMatchObject([{ file: cut, code: 'damaged-file' }]);
    const { readdir } = await import('node:fs/promises');
    expect(await readdir(out)).toEqual([]);
  });
});

describe('text in the pixels', () => {
  it('is found and blackened on request', async () => {
    const file = join(folder, 'text.dcm');
    await writeFile(file, writeDicom(picture('DOE JANE 4711')));
    const found = await findText(file);
    expect(found.likely).toBe(true);
    const run = (boxText: boolean) =>
      deidentifyFiles([file], { folder: join(folder, `box-${boxText}`), options: [], secret, boxText });
    const [left, boxed] = [await run(false), await run(true)];
    expect(left.files[0]?.text).toMatchObject({ likely: true, boxed: false });
    expect(boxed.files[0]?.text).toMatchObject({ likely: true, boxed: true });
    const copy = boxed.files[0]?.copy ?? '';
    const frame = await decodeFrame({ file: copy });
    // Nothing bright is left, and what lies elsewhere is as it was.
    expect(Math.max(...frame.data)).toBeLessThan(60);
    expect(frame.data[200 * side + 100]).toBe(30 + (((200 * side + 100) * 7919) % 11));
    expect((await findText(copy)).likely).toBe(false);
    const object = await openObject(copy);
    const stated = object.elements.find(({ tag }) => tag === '00280301');
    object.close();
    expect(Buffer.from(stated?.value ?? []).toString()).toBe('NO');
  });

  it('is not found where there is none', async () => {
    const file = join(folder, 'plain.dcm');
    await writeFile(file, writeDicom(picture(undefined)));
    expect(await findText(file)).toMatchObject({ likely: false, boxes: [] });
  });

  it('is likely where the object says so', async () => {
    const file = join(folder, 'stated.dcm');
    const elements = [...picture(undefined), ['00280301', 'CS', 'YES'] satisfies DicomElement];
    await writeFile(file, writeDicom(elements.sort(([a], [b]) => (a < b ? -1 : 1))));
    expect((await findText(file)).likely).toBe(true);
  });
});
