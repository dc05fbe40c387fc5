import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('giving-memory-back-child.ts', import.meta.url));
const isLinux = process.platform === 'linux';

/** Starts the script without anything that malloc heeds; resolves when its work has begun. */
async function begin(code: number) {
  const env = Object.entries(process.env).filter(([name]) => !name.startsWith('MALLOC_'));
  const child = spawn(process.execPath, ['--import', 'tsx', script, String(code)], {
    env: Object.fromEntries(env),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const said: { pid: number; threshold?: string } = JSON.parse(line);
  return { child, exited, said };
}

test.skipIf(!isLinux)('works in a process whose malloc gives back, and ends with its code', async () => {
  const { child, exited, said } = await begin(7);
  expect(said.pid).not.toBe(child.pid);
  expect(said.threshold).toBe('131072');
  expect(await exited).toEqual([7, null]);
});

test.skipIf(!isLinux)('killed, it does not leave that process behind', async () => {
  const { child, exited, said } = await begin(0);
  child.kill('SIGKILL');
  await exited;
  await expect.poll(() => isThere(said.pid), { timeout: 60_000 }).toBe(false);
});

test.skipIf(!isLinux).each(['SIGTERM', 'SIGINT'] as const)(
  'asked to end by %s, it ends with that process',
  async (signal) => {
    const { child, exited, said } = await begin(0);
    child.kill(signal);
    expect(await exited).toEqual([1, null]);
    expect(isThere(said.pid)).toBe(false);
  },
);

/** Whether a process runs; one that ended and that nobody has asked for (a zombie) does not. */
function isThere(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
