/** What the real window may read and write, and what it does when it loses its engine. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromRoot } from '../../.ci/root.js';
import { openRealApp, type RealApp } from './real-app.js';

const sample = fromRoot('test/sample/study');
/** The sample once more, where nobody has let the app read. */
const outside = mkdtempSync(join(tmpdir(), 'wetread-outside-'));
copyFileSync(join(sample, 'chest-pa.dcm'), join(outside, 'frontal.dcm'));
copyFileSync(join(sample, 'chest-lateral.dcm'), join(outside, 'lateral.dcm'));

let real: RealApp;
beforeAll(async () => {
  real = await openRealApp([sample]);
});
afterAll(async () => {
  await real?.close();
  rmSync(outside, { recursive: true, force: true });
});

test('opens what its command line names', async () => {
  await real.page.getByTestId('worklist-row').waitFor();
});

test('reads and writes only where the user has said so', async () => {
  const file = join(real.folder, 'report.txt');
  const codes = await real.page.evaluate(async (target) => {
    const code = (promise: Promise<unknown>) =>
      promise.then(
        () => 'done',
        (thrown: { code: string }) => thrown.code,
      );
    return [
      await code(window.wetread.call('study.open', { paths: ['/etc'], task: 'x' })),
      await code(window.wetread.call('report.export', { report: 'x', format: 'text', file: target })),
    ];
  }, file);
  expect(codes).toEqual(['not-allowed', 'not-allowed']);
});

test('reads a file that the user hands over, and only that', async () => {
  const { page } = real;
  await page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'handed-over';
    document.body.append(input);
  });
  await page.locator('#handed-over').setInputFiles(join(outside, 'frontal.dcm'));
  const opened = await page.evaluate(async () => {
    const input = document.querySelector<HTMLInputElement>('#handed-over');
    const [file] = input?.files ?? [];
    const path = file ? window.wetread.pathOf(file) : '';
    const forged = window.wetread.pathOf(new File(['x'], '/etc/passwd'));
    const open = (paths: string[]) =>
      window.wetread.call('study.open', { paths, task: 'x' }).then(
        ({ studies }) => studies.length,
        (thrown: { code: string }) => thrown.code,
      );
    return { forged, file: await open([path]), beside: await open([path.replace('frontal', 'lateral')]) };
  });
  expect(opened).toEqual({ forged: '', file: 1, beside: 'not-allowed' });
});

test('gets its engine back after it was killed, and nothing is lost', async () => {
  const { page, app } = real;
  await page.getByTestId('engine-ready').waitFor();
  await page.evaluate(() => {
    const states: string[] = [];
    Object.assign(window, { states });
    window.wetread.on('engine', ({ state }) => states.push(state));
  });
  const killed = await app.evaluate(({ app: electron }) => {
    const engine = electron.getAppMetrics().find((metric) => metric.name === 'Wetread engine');
    if (engine) process.kill(engine.pid, 'SIGKILL');
    return engine !== undefined;
  });
  expect(killed).toBe(true);
  await expect
    .poll(() => page.evaluate(() => Reflect.get(window, 'states')))
    .toEqual(['lost', 'starting', 'ready']);
  const rows = await page.evaluate(() => window.wetread.call('study.list', {}));
  expect(rows).toHaveLength(1);
});
