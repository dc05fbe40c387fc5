/** Who waits for another process's lock is told so, in the window and by the command line, and can leave off. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lock, lockFile, takeLock } from '../../../main/retrieve/store/lock.js';
import { Progress } from '../../../preload/values.js';
import { codeOf, RealEngine, root } from '../faults/real-engine.js';

let folder: string;
let engine: RealEngine;
let lock: Lock;
const told: Progress[] = [];
const home = () => join(folder, 'data');
const waiting = /^Waiting: another Wetread is writing Ward \(since .*\d\d:\d\d\)/m;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-waiting-'));
  writeFileSync(join(folder, 'note.txt'), 'FINDINGS\nThe heart is not enlarged.\n');
  engine = new RealEngine({
    dataFolder: home(),
    documentsFolder: join(folder, 'documents'),
    onEvent: (name, value) => {
      if (name === 'progress') told.push(Progress.parse(value));
    },
  });
  await engine.call('dataset.add', { title: 'Ward' });
  // This process is the other Wetread.
  lock = await takeLock(lockFile(join(home(), 'indices', 'ward')));
});
afterAll(async () => {
  await lock.release();
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const request = (task: string) => ({
  ...{ dataset: 'ward', paths: [join(folder, 'note.txt')], modality: 'XR', task },
});

test('an import says whom it waits for, is cancelled, and goes on by itself once it may', async () => {
  const cancelled = codeOf(engine.call('import.run', request('one')));
  const ofTask = (task: string) => told.filter((progress) => progress.task === task);
  await expect.poll(() => ofTask('one').at(-1)?.label, { timeout: 60_000 }).toMatch(waiting);
  expect(ofTask('one').at(-1)).toMatchObject({ isWaiting: true, total: 0 });
  await engine.call('task.cancel', { task: 'one' });
  expect(await cancelled).toBe('cancelled');
  await lock.requireHeld();

  const done = engine.call('import.run', request('two'));
  await expect.poll(() => ofTask('two').at(-1)?.label, { timeout: 60_000 }).toMatch(waiting);
  await lock.release();
  expect(await done).toMatchObject({ added: 1 });
  lock = await takeLock(lockFile(join(home(), 'indices', 'ward')));
});

test('a command says on standard error whom it waits for', async () => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'main/cli.ts', 'index', 'add', join(folder, 'note.txt'), '--dataset', 'Ward'],
    { cwd: root, env: { ...process.env, WETREAD_HOME: home() }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await expect.poll(() => said, { timeout: 90_000 }).toMatch(waiting);
  child.kill();
  await ended;
  await lock.requireHeld();
});
