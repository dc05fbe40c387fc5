import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readers } from '../../../main/isolate/index.js';
import { decodeFrame, dispose, loadStudies } from '../../../main/study/index.js';
import { forkHostileStudy } from './hostile.js';

const sample = join(import.meta.dirname, '../../sample/study');
let folder: string;
beforeAll(() => {
  readers.launchBy(forkHostileStudy);
  folder = mkdtempSync(join(tmpdir(), 'wetread-culprits-'));
  for (const name of ['good', 'bomb', 'hang', 'segfault'])
    copyFileSync(join(sample, 'chest-pa.dcm'), join(folder, `${name}.dcm`));
  copyFileSync(join(sample, 'chest-lateral.dcm'), join(folder, 'well.dcm'));
});
afterAll(async () => {
  await dispose();
  rmSync(folder, { recursive: true, force: true });
});

test('of a folder only the culprits are lost, each with its name and code', {
  timeout: 300_000,
}, async () => {
  const { studies, problems } = await loadStudies([folder]);
  const read = studies.flatMap(({ series }) => series.flatMap(({ instances }) => instances));
  expect(read.map(({ file }) => file).sort()).toEqual([join(folder, 'good.dcm'), join(folder, 'well.dcm')]);
  const codes = Object.fromEntries(problems.map(({ file, code }) => [file, code]));
  expect(codes).toEqual({
    [join(folder, 'segfault.dcm')]: 'damaged-file',
    [join(folder, 'bomb.dcm')]: 'limit-exceeded',
    [join(folder, 'hang.dcm')]: 'timed-out',
  });
});

test('a frame that breaks its reader down names the file, and the next is shown', async () => {
  await expect(decodeFrame({ file: join(folder, 'segfault.dcm') })).rejects.toMatchObject({
    code: 'damaged-file',
    message: /^segfault\.dcm: /,
  });
  expect((await decodeFrame({ file: join(folder, 'good.dcm') })).data.length).toBeGreaterThan(1000);
});
