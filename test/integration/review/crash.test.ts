import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../../main/review/index.js';
import { dataFolder, key, otherKey, tickingClock } from './store-folder.js';

function startWriter(folder: string): ChildProcessByStdio<null, Readable, null> {
  const writer = join(import.meta.dirname, 'endless-writer.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', writer, folder, key], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** Kills the writer in the middle of writing; answers how many changes it had reported as stored. */
async function writeAndKill(folder: string, atLeast: number): Promise<number> {
  const child = startWriter(folder);
  let reported = 0;
  for await (const line of createInterface(child.stdout)) {
    reported = Number(line);
    if (reported === atLeast) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return reported;
}

it('loses nothing that was reported as stored when the process is killed, and the trail holds', async () => {
  const folder = dataFolder();
  const reported = await writeAndKill(folder, 60);
  const store = openStore(folder, key, { now: tickingClock() });
  onTestFinished(() => store.dispose());
  const { entries, problems } = await store.verifyAudit();
  expect(problems).toEqual([]);
  // The one change that was being reported when the kill came may be stored as well.
  expect(entries - reported).toBeGreaterThanOrEqual(0);
  expect(entries - reported).toBeLessThanOrEqual(1);
});

it.each([true, false])(
  'survives being opened with a wrong key after a crash (shared memory file kept: %s)',
  async (kept) => {
    const folder = dataFolder();
    const reported = await writeAndKill(folder, 20);
    if (!kept) rmSync(join(folder, 'store.db-shm'));
    expect(() => openStore(folder, otherKey, { now: tickingClock() })).toThrow(
      expect.objectContaining({ code: 'store-damaged' }),
    );
    const store = openStore(folder, key, { now: tickingClock() });
    onTestFinished(() => store.dispose());
    const { entries, problems } = await store.verifyAudit();
    expect(problems).toEqual([]);
    expect(entries).toBeGreaterThanOrEqual(reported);
  },
  60_000,
);
