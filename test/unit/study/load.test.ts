import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeFrame, describeFile, dispose, loadStudies } from '../../../main/study/index.js';
import { submit } from '../../../main/study/pool.js';
import { writeDicom } from '../../sample/dicom-writer.js';
import { object, temporaryFolder, zip } from './objects.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());
afterAll(dispose);

const slice = (n: number, positionMm = n) =>
  object({
    '00080018': `1.2.3.4.${n}`,
    '00080060': 'CT',
    '00200013': String(100 - n),
    '00200032': [0, 0, positionMm],
    '00200037': [1, 0, 0, 0, 1, 0],
  });
const instancesOf = (loaded: Awaited<ReturnType<typeof loadStudies>>) =>
  loaded.studies.flatMap((study) => study.series.flatMap((series) => series.instances));

describe('loadStudies', () => {
  it('groups by UID, takes each object once and sorts slices by geometry', async () => {
    mkdirSync(join(folder.path, 'deep/er'), { recursive: true });
    for (const [i, n] of [3, 1, 2].entries()) folder.write(i === 0 ? 'deep/er/a' : `${i}.dcm`, slice(n));
    folder.write('copy.dcm', slice(1));
    folder.write('other.dcm', object({ '0020000D': '9.9', '0020000E': '9.9.1', '00080018': '9.9.1.1' }));
    folder.write('README.txt', Buffer.from('Not an image.'));
    const loaded = await loadStudies([folder.path]);
    expect(loaded.problems).toEqual([]);
    expect(loaded.studies.map(({ uid }) => uid).sort()).toEqual(['1.2.3.4', '9.9']);
    const ct = loaded.studies.find(({ uid }) => uid === '1.2.3.4');
    expect(ct?.series[0]?.instances.map(({ positionMm }) => positionMm?.[2])).toEqual([1, 2, 3]);
  });

  it('names both files where another image claims an identity that is taken', async () => {
    folder.write('1.dcm', slice(1));
    folder.write('2.dcm', Buffer.concat([slice(1), Buffer.alloc(64)]));
    const loaded = await loadStudies([folder.path]);
    expect(instancesOf(loaded)).toHaveLength(1);
    const [problem, ...more] = loaded.problems;
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ file: join(folder.path, '2.dcm'), code: 'bad-input' });
    expect(problem?.message).toContain(join(folder.path, '1.dcm'));
  });

  it('keeps the file that was listed first, however long its batch takes', async () => {
    folder.write('a-00.dcm', slice(1));
    // What has no identity of its own is hashed: the first batch is slow, the second is one small file.
    for (let n = 1; n < 16; n++)
      folder.write(
        `a-${String(n).padStart(2, '0')}.dcm`,
        Buffer.concat([object({ '00080018': undefined, '00200013': String(n) }), Buffer.alloc(2 ** 22)]),
      );
    folder.write('z.dcm', Buffer.concat([slice(1), Buffer.alloc(64)]));
    // The first time starts the threads.
    for (let time = 0; time < 2; time++) {
      const kept = instancesOf(await loadStudies([folder.path])).filter(({ uid }) => uid === '1.2.3.4.1');
      expect(kept.map(({ file }) => file)).toEqual([join(folder.path, 'a-00.dcm')]);
    }
  });

  it('keeps slices together whose identifiers are no UIDs, and tells apart objects that have none', async () => {
    const anonymous = (n: number) =>
      object({
        '0020000D': '896911bf-1143-4c8d-8f04-f3cd1a7f6204',
        '00080018': undefined,
        '00200013': String(n),
      });
    for (const n of [1, 2, 3]) folder.write(`${n}`, anonymous(n));
    const loaded = await loadStudies([folder.path]);
    expect(loaded.studies).toHaveLength(1);
    expect(instancesOf(loaded).map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it('reads ZIPs, and pixels out of them', async () => {
    const file = folder.write(
      'study.zip',
      zip({ 'a/1.dcm': slice(1), 'a/2.dcm': slice(2), 'notes.txt': Buffer.from('x') }),
    );
    const loaded = await loadStudies([file]);
    const [first] = instancesOf(loaded);
    expect(loaded.problems).toEqual([]);
    expect(first?.file).toBe(`${file}!/a/1.dcm`);
    expect(await decodeFrame({ file: first?.file ?? '' })).toMatchObject({ rows: 3, columns: 4, max: 1100 });
  });

  it('refuses a ZIP that points outside of itself', async () => {
    const loaded = await loadStudies([folder.write('evil.zip', zip({ '../../escape.dcm': slice(1) }))]);
    expect(loaded).toMatchObject({ studies: [], problems: [{ code: 'not-allowed' }] });
  });

  it('follows a DICOMDIR inside its folder only', async () => {
    mkdirSync(join(folder.path, 'media/IMAGES'), { recursive: true });
    folder.write('secret.dcm', slice(9));
    folder.write('media/IMAGES/im1.', slice(1));
    symlinkSync(join(folder.path, 'secret.dcm'), join(folder.path, 'media/LINK'));
    const record = (path: string) => [['00041500', 'CS', path]] as const;
    const directory = writeDicom([
      ['00080016', 'UI', '1.2.840.10008.1.3.10'],
      ['00041220', 'SQ', ['IMAGES\\IM1', '..\\secret.dcm', 'LINK', 'IMAGES\\GONE'].map(record)],
    ]);
    const loaded = await loadStudies([folder.write('media/DICOMDIR', directory)]);
    expect(instancesOf(loaded).map(({ uid }) => uid)).toEqual(['1.2.3.4.1']);
    expect(loaded.problems.map(({ code }) => code).sort()).toEqual(['not-allowed', 'not-found']);
  });

  it('does not walk in circles', async () => {
    mkdirSync(join(folder.path, 'inner'));
    folder.write('inner/1.dcm', slice(1));
    symlinkSync(folder.path, join(folder.path, 'inner/up'));
    expect(instancesOf(await loadStudies([folder.path]))).toHaveLength(1);
  });

  it('takes each plain picture as a study of its own', async () => {
    const grey = await sharp(Buffer.alloc(12, 90), { raw: { width: 4, height: 3, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const loaded = await loadStudies([folder.write('photo.png', grey)]);
    expect(loaded.studies).toMatchObject([
      { source: 'image', series: [{ instances: [{ rows: 3, columns: 4, hasPixels: true }] }] },
    ]);
    const frame = await decodeFrame({ file: join(folder.path, 'photo.png') });
    expect([frame.kind, frame.data.length, frame.data[0]]).toEqual(['grey', 12, 90]);
  });

  it('names what is damaged and loads the rest', async () => {
    folder.write('good.dcm', slice(1));
    const short = folder.write('short.dcm', slice(2).subarray(0, -4));
    const broken = folder.write('broken.dcm', slice(3).subarray(0, 250));
    const text = folder.write('text.dcm', Buffer.from('x'.repeat(500)));
    const loaded = await loadStudies([folder.path, join(folder.path, 'gone.dcm')]);
    expect(loaded.problems.map(({ file, code }) => [file, code]).sort()).toEqual(
      [
        [short, 'damaged-file'],
        [broken, 'damaged-file'],
        [text, 'not-dicom'],
        [join(folder.path, 'gone.dcm'), 'not-found'],
      ].sort(),
    );
    expect(
      instancesOf(loaded)
        .map(({ hasPixels }) => hasPixels)
        .sort(),
    ).toEqual([false, true]);
  });

  it('reports progress and can be cancelled', async () => {
    for (let n = 1; n <= 40; n++) writeFileSync(join(folder.path, `${n}`), slice(n));
    const seen: number[] = [];
    await loadStudies([folder.path], { onProgress: ({ done }) => seen.push(done) });
    expect(seen.at(-1)).toBe(40);
    const controller = new AbortController();
    const cancelled = loadStudies([folder.path], {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('reads the view, the patient and the indication', async () => {
    const chest = object({
      '00080005': 'ISO_IR 192',
      '00080020': '20240229',
      '00080060': 'DX',
      '00100010': 'Müller^Änne',
      '00180015': 'CHEST',
      '00185101': 'LL',
    });
    const { studies } = await loadStudies([folder.write('chest.dcm', chest)]);
    expect(studies).toMatchObject([
      {
        patient: { name: 'Müller, Änne' },
        date: '2024-02-29',
        series: [{ modality: 'DX', bodyPart: 'CHEST', instances: [{ view: 'lateral', viewPosition: 'LL' }] }],
      },
    ]);
  });
});

describe('isolation', () => {
  it('ends a task that takes too long, and works on', async () => {
    const file = folder.write('1.dcm', slice(1));
    await decodeFrame({ file });
    const large = { '00280010': 4000, '00280011': 4000, '7FE00010': new Uint8Array(32_000_000) };
    const slow = folder.write('slow.dcm', object(large, { transferSyntax: '1.2.840.10008.1.2.1.99' }));
    await expect(submit('frame', { file: slow, frame: 0 }, { timeoutMs: 1 })).rejects.toMatchObject({
      code: 'timed-out',
    });
    expect(await decodeFrame({ file })).toMatchObject({ rows: 3 });
  });

  it('names the file in an error', async () => {
    const file = folder.write('short.dcm', slice(1).subarray(0, -4));
    await expect(decodeFrame({ file })).rejects.toMatchObject({
      code: 'damaged-file',
      message: expect.stringMatching(/^short\.dcm: /),
    });
    expect(await describeFile(file)).toMatchObject({ file, error: { code: 'damaged-file' } });
  });
});
