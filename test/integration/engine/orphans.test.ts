/** Engines and readers end with the process that started them, also one that is killed without a warning; the app's: test/e2e/command-line.test.ts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { descendants, root, sampleStudy } from '../faults/real-engine.js';
import { isAlive } from '../isolate/processes.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-orphans-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  child: ChildProcess;
  said(): string;
}

function start(words: string[], env: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, ['--import', 'tsx', ...words], {
    ...{ cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      said += chunk;
    });
  return { child, said: () => said };
}

/** Kills a process once `ready`; what it had started must be gone soon. @param least - of those there must have been */
async function killWhen({ child, said }: Started, ready: () => boolean, least: number): Promise<void> {
  const begun = Date.now();
  while (!ready() && Date.now() - begun < 120_000 && child.exitCode === null) await wait(20);
  const started = descendants(child.pid ?? 0);
  child.kill('SIGKILL');
  expect(started.length, said()).toBeGreaterThanOrEqual(least);
  // One that is still loading looks whether anybody is there once it is loaded.
  await expect.poll(() => started.filter(isAlive), { timeout: 90_000 }).toEqual([]);
}

const noProc = process.platform === 'linux' ? undefined : 'the processes of a process are read from /proc';

test.skipIf(noProc)(
  `a parent killed while its engine is still loading${noProc ? ` (skipped: ${noProc})` : ''}`,
  {
    timeout: 400_000,
  },
  async () => {
    const parent = start([join(import.meta.dirname, 'engine-parent.ts'), folder]);
    await killWhen(parent, () => parent.said().includes('started'), 1);
  },
);

test.skipIf(noProc)(
  `a parent killed whose engine works with readers${noProc ? ` (skipped: ${noProc})` : ''}`,
  {
    timeout: 400_000,
  },
  async () => {
    const parent = start([join(import.meta.dirname, 'engine-parent.ts'), folder]);
    await killWhen(parent, () => parent.said().includes('answers'), 2);
  },
);

test.skipIf(noProc)(
  `the command line killed in the middle of its work${noProc ? ` (skipped: ${noProc})` : ''}`,
  {
    timeout: 400_000,
  },
  async () => {
    const home = join(folder, 'home');
    const command = start(['main/cli.ts', 'draft', sampleStudy], { WETREAD_HOME: home });
    // Its readers are there as soon as it opens the study, which is then in the store.
    const reading = () =>
      descendants(command.child.pid ?? 0).length > 0 && readdirSync(folder).includes('home');
    await killWhen(command, reading, 1);
  },
);
