/** Foreign files are read in processes of their own: what becomes of the window when these are lost. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAlive, until } from '../integration/isolate/processes.js';
import { writeDicom } from '../sample/dicom-writer.js';
import { openRealApp, type RealApp } from './real-app.js';

const slices = 40;
const side = 1024;
let folder: string;
let real: RealApp;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-isolation-'));
  const study = join(folder, 'study');
  mkdirSync(study);
  for (let n = 1; n <= slices; n++) writeFileSync(join(study, `slice-${n}.dcm`), slice(n));
  real = await openRealApp([study]);
  await real.page.getByTestId('worklist-row').waitFor();
});
afterAll(async () => {
  await real?.close();
  rmSync(folder, { recursive: true, force: true });
});

function slice(n: number, study = '2.25.41'): Buffer {
  const pixels = new Uint16Array(side * side).map((_, i) => (i * (n + 7)) & 0xfff);
  return writeDicom([
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    ['00080018', 'UI', `2.25.41.${n}`],
    ['00080060', 'CS', 'CT'],
    ['00100010', 'PN', 'Marked^Patient'],
    ['0020000d', 'UI', study],
    ['0020000e', 'UI', '2.25.42'],
    ['00200013', 'IS', String(n)],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', side],
    ['00280011', 'US', side],
    ['00280100', 'US', 16],
    ['00280101', 'US', 12],
    ['00280102', 'US', 11],
    ['00280103', 'US', 0],
    ['7fe00010', 'OW', new Uint8Array(pixels.buffer)],
  ]);
}

/** Process numbers of the app's processes of a name. */
const pidsOf = (name: string) =>
  real.app.evaluate(
    ({ app }, wanted) =>
      app
        .getAppMetrics()
        .filter((one) => one.name === wanted)
        .map(({ pid }) => pid),
    name,
  );

/** All frames of the study by the window's own way to them: how long each answer is, or what the error says. */
const loadAll = () =>
  real.page.evaluate(async (count) => {
    const load = async (n: number) => {
      const answer = await fetch(`wetread://frame/2.25.41/2.25.41.${n}/0`);
      return answer.ok ? (await answer.arrayBuffer()).byteLength : `${answer.status} ${await answer.text()}`;
    };
    return Promise.all(Array.from({ length: count }, (_, n) => load(n + 1)));
  }, slices);

test('one that reads is neither the engine nor the window', async () => {
  const readers = await pidsOf('Wetread reader');
  expect(readers.length).toBeGreaterThanOrEqual(1);
  expect(readers.length).toBeLessThanOrEqual(2);
  const [engine] = await pidsOf('Wetread engine');
  expect(readers).not.toContain(engine);
});

test('killed while frames load, it loses none, and the engine goes on', async () => {
  const engine = await pidsOf('Wetread engine');
  const before = await pidsOf('Wetread reader');
  const loading = loadAll();
  const [victim] = before;
  if (victim === undefined) throw new Error('There is no reader.');
  process.kill(victim, 'SIGKILL');
  const loaded = await loading;
  expect(loaded.filter((one) => typeof one !== 'number' || one < side * side * 2)).toEqual([]);
  expect(loaded).toHaveLength(slices);
  await until(() => !isAlive(victim));
  expect(await pidsOf('Wetread engine')).toEqual(engine);
  const log = () => readFileSync(join(real.folder, 'logs', 'wetread.log'), 'utf8');
  await expect.poll(log).toContain('reader: ended');
  expect(log()).not.toMatch(/Marked|slice-/);
});

test('what hangs is ended at its time, and the error names the file', async () => {
  // A frame that is not in the cache yet, of a reader that never answers.
  const path = join(folder, 'hang.dcm');
  writeFileSync(path, slice(99, '2.25.43'));
  await real.app.evaluate(({ app }, file) => void app.emit('open-file', { preventDefault() {} }, file), path);
  const studies = () =>
    real.page.evaluate(async () =>
      (await window.wetread.call('study.list', {})).map(({ study }: { study: string }) => study),
    );
  await expect.poll(studies).toContain('2.25.43');
  const stopped = await pidsOf('Wetread reader');
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  const answer = await real.page.evaluate(async () => {
    const response = await fetch('wetread://frame/2.25.43/2.25.41.99/7');
    return response.text();
  });
  expect(answer).toContain('hang.dcm');
  await until(() => stopped.some((pid) => !isAlive(pid)));
  for (const pid of stopped.filter(isAlive)) process.kill(pid, 'SIGCONT');
});

test('none is left of a lost engine, and the next engine has its own', async () => {
  const before = await pidsOf('Wetread reader');
  const [engine] = await pidsOf('Wetread engine');
  if (engine === undefined) throw new Error('There is no engine.');
  process.kill(engine, 'SIGKILL');
  await until(() => before.every((pid) => !isAlive(pid)));
  const fresh = async () => (await pidsOf('Wetread reader')).filter((pid) => !before.includes(pid));
  await expect.poll(fresh).not.toEqual([]);
});

test('none is left of an app that is killed', async () => {
  const pids = [...(await pidsOf('Wetread reader')), ...(await pidsOf('Wetread engine'))];
  expect(pids.length).toBeGreaterThanOrEqual(2);
  // Its own number: what was launched may be a watch around it.
  process.kill(await real.app.evaluate(() => process.pid), 'SIGKILL');
  await until(() => pids.every((pid) => !isAlive(pid)));
});
