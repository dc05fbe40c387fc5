import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeFrame, dispose, loadStudies } from '../../../main/study/index.js';
import { limits } from '../../../main/study/limits.js';
import { dataSet, element, encapsulated, file, shorts, syntaxes } from '../../hostile/bytes.js';
import { writeDicom } from '../../sample/dicom-writer.js';
import { losslessJpeg, temporaryFolder } from './objects.js';

let folder: ReturnType<typeof temporaryFolder>;
let outside: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
  outside = temporaryFolder();
});
afterEach(() => {
  folder.remove();
  outside.remove();
});
afterAll(dispose);

const image = (uid = '1.2.3.4.1', changes = {}) =>
  file(dataSet({ '00080018': element('00080018', 'UI', uid.length % 2 ? `${uid}\0` : uid), ...changes }));
type Loaded = Awaited<ReturnType<typeof loadStudies>>;
const filesOf = ({ studies }: Loaded) =>
  studies.flatMap(({ series }) => series.flatMap(({ instances }) => instances.map((one) => one.file)));
const problemsOf = ({ problems }: Loaded) => problems.map(({ file: path, code }) => [path, code]);
const inside = (name: string) => join(folder.path, name);

describe('links', () => {
  it('are followed inside the folder, once, and not out of it', async () => {
    mkdirSync(inside('a'));
    folder.write('a/1.dcm', image());
    outside.write('secret.dcm', image('1.2.3.4.9'));
    symlinkSync(inside('a/1.dcm'), inside('same.dcm'));
    symlinkSync(join(outside.path, 'secret.dcm'), inside('file.dcm'));
    symlinkSync(outside.path, inside('folder'));
    symlinkSync('/', inside('root'));
    const loaded = await loadStudies([folder.path]);
    expect(filesOf(loaded)).toEqual([inside('a/1.dcm')]);
    expect(problemsOf(loaded)).toEqual([[folder.path, 'not-allowed']]);
    expect(loaded.problems[0]?.message).toContain('file.dcm, folder, root');
  });

  it('that somebody names are followed', async () => {
    outside.write('1.dcm', image());
    symlinkSync(outside.path, inside('link'));
    expect(filesOf(await loadStudies([inside('link')]))).toEqual([join(inside('link'), '1.dcm')]);
    symlinkSync(join(outside.path, '1.dcm'), inside('one.dcm'));
    expect(filesOf(await loadStudies([inside('one.dcm')]))).toEqual([inside('one.dcm')]);
  });

  it('in circles and to nowhere are told of', async () => {
    folder.write('1.dcm', image());
    symlinkSync(inside('b'), inside('a'));
    symlinkSync(inside('a'), inside('b'));
    symlinkSync(inside('gone'), inside('c'));
    symlinkSync(folder.path, inside('self'));
    const loaded = await loadStudies([folder.path]);
    expect(filesOf(loaded)).toEqual([inside('1.dcm')]);
    expect(problemsOf(loaded)).toEqual([[folder.path, 'not-found']]);
  });

  it(`folders more than ${limits.folderDepth} deep end there, with a sentence`, async () => {
    const deep = Array.from({ length: limits.folderDepth + 1 }, () => 'd').join('/');
    mkdirSync(inside(deep), { recursive: true });
    folder.write('1.dcm', image());
    folder.write(`${deep}/2.dcm`, image('1.2.3.4.2'));
    const loaded = await loadStudies([folder.path]);
    expect(filesOf(loaded)).toEqual([inside('1.dcm')]);
    expect(problemsOf(loaded)).toEqual([[inside(deep), 'limit-exceeded']]);
  });
});

describe.skipIf(process.platform === 'win32')('special files', () => {
  const hasMkfifo = spawnSync('mkfifo', ['--version']).error === undefined;

  it.skipIf(!hasMkfifo)(
    `pipes are never waited for${hasMkfifo ? '' : ' (skipped: no mkfifo here)'}`,
    async () => {
      execFileSync('mkfifo', [inside('pipe.dcm')]);
      folder.write('1.dcm', image());
      const loaded = await loadStudies([folder.path]);
      expect(filesOf(loaded)).toEqual([inside('1.dcm')]);
      expect(problemsOf(loaded)).toEqual([[folder.path, 'bad-input']]);
      const named = await loadStudies([inside('pipe.dcm')]);
      expect(problemsOf(named)).toEqual([[inside('pipe.dcm'), 'bad-input']]);
      await expect(decodeFrame({ file: inside('pipe.dcm') })).rejects.toMatchObject({ code: 'bad-input' });
    },
  );

  it('devices and sockets are not opened', async () => {
    const server = createServer().listen(inside('socket'));
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      for (const path of ['/dev/zero', '/dev/null', inside('socket')])
        expect(problemsOf(await loadStudies([path])), path).toEqual([[path, 'bad-input']]);
    } finally {
      server.close();
    }
  });
});

describe('DICOMDIR', () => {
  const directory = (references: readonly string[]) =>
    writeDicom([
      ['00080016', 'UI', '1.2.840.10008.1.3.10'],
      ['00041220', 'SQ', references.map((path) => [['00041500', 'CS', path]] as const)],
    ]);

  it.each([
    ['upwards', '..\\secret.dcm', 'not-allowed'],
    ['upwards in the middle', 'IMAGES\\..\\..\\secret.dcm', 'not-allowed'],
    ['from the root', '/etc/passwd', 'not-allowed'],
    ['a drive', 'C:\\secret.dcm', 'not-allowed'],
    ['a network share', '\\\\server\\share', 'not-found'],
    ['here', '.\\IM1', 'not-allowed'],
    ['a zero inside', 'IM1\0.dcm', 'not-found'],
    ['a link that leads out', 'LINK', 'not-allowed'],
    ['a link that leads nowhere', 'DANGLING', 'not-found'],
    ['nothing that is there', 'GONE', 'not-found'],
    ['itself', 'DICOMDIR', undefined],
    ['a folder', 'IMAGES', 'bad-input'],
  ])('refers to %s', async (_, reference, code) => {
    outside.write('secret.dcm', image('1.2.3.4.9'));
    mkdirSync(inside('IMAGES'));
    symlinkSync(join(outside.path, 'secret.dcm'), inside('LINK'));
    symlinkSync(inside('NOWHERE'), inside('DANGLING'));
    folder.write('IM1', image());
    const loaded = await loadStudies([folder.write('DICOMDIR', directory(['IM1', reference]))]);
    expect(filesOf(loaded)).toEqual([inside('IM1')]);
    expect(loaded.problems.map((one) => one.code)).toEqual(code ? [code] : []);
  });

  it('with thousands of references to one file', async () => {
    folder.write('IM1', image());
    const references = Array.from({ length: 5000 }, () => 'IM1');
    const loaded = await loadStudies([folder.write('DICOMDIR', directory(references))]);
    expect(filesOf(loaded)).toEqual([inside('IM1')]);
    expect(loaded.problems).toEqual([]);
  });
});

describe('one UID, several files', () => {
  const pixels = (first: number) =>
    element('7FE00010', 'OW', shorts(Array.from({ length: 12 }, (_, i) => first + i)));
  const lossless = losslessJpeg(
    Array.from({ length: 12 }, (_, i) => i * 5000),
    4,
    1,
  );
  const compressed = (fragment: Uint8Array) =>
    file(dataSet({ '7FE00010': encapsulated([fragment]) }), { transferSyntax: syntaxes.jpegLossless });

  it('copies of the same bytes are one', async () => {
    for (const name of ['a.dcm', 'b.dcm', 'c.dcm']) folder.write(name, image());
    const loaded = await loadStudies([folder.path]);
    expect(filesOf(loaded)).toEqual([inside('a.dcm')]);
    expect(loaded.problems).toEqual([]);
  });

  it('other pixels in a file of the same size are told of', async () => {
    folder.write('a.dcm', image());
    folder.write('b.dcm', image('1.2.3.4.1', { '7FE00010': pixels(7) }));
    const loaded = await loadStudies([folder.path]);
    expect(filesOf(loaded)).toEqual([inside('a.dcm')]);
    expect(problemsOf(loaded)).toEqual([[inside('b.dcm'), 'bad-input']]);
    expect(loaded.problems[0]?.message).toContain(inside('a.dcm'));
    expect(loaded.studies[0]?.problems).toEqual(loaded.problems);
  });

  it('the one with pixels is shown', async () => {
    folder.write('a.dcm', image('1.2.3.4.1', { '7FE00010': undefined }));
    folder.write('b.dcm', image());
    const loaded = await loadStudies([folder.path]);
    expect(filesOf(loaded)).toEqual([inside('b.dcm')]);
    expect(problemsOf(loaded)).toEqual([[inside('a.dcm'), 'bad-input']]);
  });

  it('the one whose header is sound is shown', async () => {
    folder.write('a.dcm', image().subarray(0, -6));
    folder.write('b.dcm', image());
    const loaded = await loadStudies([folder.path]);
    expect(filesOf(loaded)).toEqual([inside('b.dcm')]);
    expect(problemsOf(loaded)).toContainEqual([inside('a.dcm'), 'bad-input']);
  });

  it('the one that decodes is shown', async () => {
    folder.write('a.dcm', compressed(Buffer.alloc(lossless.length, 0x31)));
    folder.write('b.dcm', compressed(lossless));
    const loaded = await loadStudies([folder.path]);
    expect(filesOf(loaded)).toEqual([inside('b.dcm')]);
    expect(problemsOf(loaded)).toEqual([[inside('a.dcm'), 'bad-input']]);
  });

  it('hundreds of different ones are all told of', async () => {
    for (let n = 0; n < 100; n++)
      folder.write(`${String(n).padStart(3, '0')}.dcm`, Buffer.concat([image(), Buffer.alloc(2 * n)]));
    const loaded = await loadStudies([folder.path]);
    expect(filesOf(loaded)).toEqual([inside('000.dcm')]);
    expect(loaded.problems).toHaveLength(99);
  });
});
