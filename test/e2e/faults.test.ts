/** The real app stopped in mid-draft as by a sleeping computer, started twice, and with its window's process killed. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { electronFlags } from '../../.ci/linux.js';
import { fromRoot } from '../../.ci/root.js';
import { writeDicom } from '../sample/dicom-writer.js';
import { openRealApp, type RealApp } from './real-app.js';

const sample = fromRoot('test/sample/study');
let folder: string;
let real: RealApp;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-faults-'));
  cpSync(sample, join(folder, 'study'), { recursive: true });
  real = await openRealApp([join(folder, 'study')]);
  await real.page.getByTestId('worklist-row').waitFor();
});
afterAll(async () => {
  await real?.close();
  rmSync(folder, { recursive: true, force: true });
});

const pidsOf = (wanted: (metric: { name?: string; type: string }) => boolean) =>
  real.app
    .evaluate(({ app }) => app.getAppMetrics().map(({ pid, name, type }) => ({ pid, name, type })))
    .then((all) => all.filter(wanted).map(({ pid }) => pid));
/** Asks the window, also where Playwright has lost sight of it after its process was killed. */
const inWindow = <T>(script: string) =>
  real.app.evaluate(
    ({ BrowserWindow }, asked) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(asked),
    script,
  ) as Promise<T>;
const count = (id: string) => inWindow<number>(`document.querySelectorAll('[data-testid="${id}"]').length`);

test.skipIf(process.platform === 'win32')('asleep in mid-draft, all of it goes on where it was', async () => {
  // What a first draft waits for is not what is stopped here.
  await inWindow(`wetread.call('index.search', { query: 'effusion', modality: 'XR' }).then(() => 0)`);
  const ours = ({ name }: { name?: string }) => name?.startsWith('Wetread') ?? false;
  const workers = await pidsOf(ours);
  const all = [...workers, real.app.process().pid ?? 0];
  await real.page.getByTestId('draft-button').click();
  await wait(150);
  for (const pid of all) process.kill(pid, 'SIGSTOP');
  await wait(5000);
  for (const pid of all) process.kill(pid, 'SIGCONT');
  await real.page.getByTestId('sentence').first().waitFor({ timeout: 270_000 });
  expect(await real.page.getByTestId('engine-lost').count()).toBe(0);
  // A second reader may have joined them.
  expect(await pidsOf(ours)).toEqual(expect.arrayContaining(workers));
});

test('started a second time, it hands over what it was given and ends', async () => {
  const other = join(folder, 'other.dcm');
  writeFileSync(other, otherStudy());
  const executable = process.env.WETREAD_ELECTRON ?? '';
  const second = spawn(
    executable,
    [...electronFlags(() => {}), `--user-data-dir=${real.folder}`, fromRoot('.'), other],
    { cwd: fromRoot('.'), stdio: 'ignore' },
  );
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(0);
  await expect.poll(() => count('worklist-row')).toBe(2);
  expect(await real.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('with its window killed, it is where it was', async () => {
  // Not the one that is shown when nothing was chosen.
  await real.page.getByTestId('worklist-row').last().click();
  await real.page.getByTestId('sentence').first().waitFor();
  const chosen = () =>
    inWindow<string>(
      `document.querySelector('[data-testid="worklist-row"][aria-selected="true"]')?.textContent ?? ''`,
    );
  await expect.poll(chosen).not.toBe('');
  const before = await chosen();
  const sentences = await count('sentence');
  const [victim] = await pidsOf(({ type }) => type === 'Tab');
  if (victim === undefined) throw new Error('The window has no process.');
  const engine = await pidsOf(({ name }) => name === 'Wetread engine');
  process.kill(victim, 'SIGKILL');
  await expect.poll(() => pidsOf(({ type }) => type === 'Tab')).not.toContain(victim);
  await expect.poll(() => count('sentence').catch(() => 0)).toBe(sentences);
  await expect.poll(chosen).toBe(before);
  expect(await pidsOf(({ name }) => name === 'Wetread engine')).toEqual(engine);
});

function otherStudy(): Buffer {
  return writeDicom([
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.1.1'],
    ['00080018', 'UI', '2.25.51.1'],
    ['00080060', 'CS', 'DX'],
    ['00100010', 'PN', 'Other^Patient'],
    ['0020000d', 'UI', '2.25.51'],
    ['0020000e', 'UI', '2.25.52'],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', 64],
    ['00280011', 'US', 64],
    ['00280100', 'US', 8],
    ['00280101', 'US', 8],
    ['00280102', 'US', 7],
    ['00280103', 'US', 0],
    ['7fe00010', 'OW', new Uint8Array(64 * 64).map((_, i) => i & 255)],
  ]);
}
