import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { forkReader, Readers, type Task } from '../../../main/isolate/index.js';
import { forkHostile } from './hostile.js';
import { isAlive, until } from './processes.js';

const Echo = z.object({ text: z.string(), pid: z.number() });
const echo: Task<{ text: string; waitMs: number }, z.infer<typeof Echo>> = {
  name: 'echo',
  input: z.object({ text: z.string(), waitMs: z.number() }),
  output: Echo,
};
/** A task of the hostile reader, which is expected to answer as `echo` does. */
const task = (name: string): Task<object, z.infer<typeof Echo>> => ({
  name,
  input: z.object({}),
  output: Echo,
});

let started: number;
let readers: Readers;
beforeEach(() => {
  started = 0;
  readers = new Readers(() => {
    started += 1;
    return forkHostile();
  });
});
afterEach(() => readers.dispose());

const say = (text: string, waitMs = 0, options = {}) => readers.submit(echo, { text, waitMs }, options);
/** Two readers that are ready, with the answers that they gave. */
async function bothStarted() {
  for (;;) {
    const [a, b] = await Promise.all([say('a', 500, { file: 'a' }), say('b', 500, { file: 'b' })]);
    // The first did both while the second was starting.
    if (a.pid !== b.pid) return [a, b] as const;
  }
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (thrown: { code: string }) => thrown.code,
  );

describe('what a file may make its reader do costs that one task', () => {
  it.each([
    ['segfault', 'damaged-file'],
    ['abort', 'damaged-file'],
    ['buffers', 'limit-exceeded'],
    ['objects', 'limit-exceeded'],
    ['web-assembly', 'limit-exceeded'],
    ['exit', 'damaged-file'],
    ['throw', 'internal'],
    ['throw-later', 'damaged-file'],
    ['reject-meanwhile', 'damaged-file'],
    ['wrong-value', 'damaged-file'],
    ['wrong-message', 'damaged-file'],
    ['wrong-id', 'damaged-file'],
    ['run-text', 'internal'],
  ])('%s: %s', async (name, code) => {
    // Enough for a machine that takes long to fill the memory.
    expect(await codeOf(readers.submit(task(name), {}, { timeoutMs: 80_000 }))).toBe(code);
    expect((await say('still here')).text).toBe('still here');
  });

  it('a promise that is left behind costs its own task and no process, and nothing once that is over', async () => {
    const { pid } = await say('who');
    expect(await codeOf(readers.submit(task('reject-meanwhile'), {}))).toBe('damaged-file');
    expect((await readers.submit(task('reject-afterwards'), {})).text).toBe('done');
    expect(await say('next', 600)).toEqual({ text: 'next', pid });
    expect(started).toBe(1);
  });

  it('a loop without end is ended at its time', async () => {
    await say('warm');
    const begun = performance.now();
    expect(await codeOf(readers.submit(task('hang'), {}, { timeoutMs: 300 }))).toBe('timed-out');
    // Not at the 20 s that a task has by default.
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect((await say('still here')).text).toBe('still here');
  });

  it('the error of a task does not tell what it stumbled over', async () => {
    await expect(readers.submit(task('throw'), {})).rejects.toThrow(/^Something unexpected/);
  });

  it('a hundred times in a row', { timeout: 400_000 }, async () => {
    for (let i = 0; i < 100; i++)
      expect(await codeOf(readers.submit(task('segfault'), {}, { attempts: 1 }))).toBe('damaged-file');
    expect((await say('still here')).text).toBe('still here');
    expect(started).toBe(101);
  });
});

describe('while one reader is lost', () => {
  it('the other goes on with what it does, and what waits is done', async () => {
    const slow = say('slow', 1500);
    const crash = codeOf(readers.submit(task('segfault'), {}, { attempts: 1 }));
    const waiting = Promise.all(Array.from({ length: 10 }, (_, n) => say(`${n}`)));
    expect(await crash).toBe('damaged-file');
    expect((await waiting).map(({ text }) => text)).toEqual('0123456789'.split(''));
    expect((await slow).text).toBe('slow');
  });

  it('a task whose reader somebody else ends is done by another', async () => {
    const { pid } = await say('who');
    const work = say('again', 3000);
    setTimeout(() => process.kill(pid, 'SIGKILL'), 200);
    const done = await work;
    expect(done.text).toBe('again');
    expect(done.pid).not.toBe(pid);
  });
});

describe('a reader', () => {
  it('sees nothing of the environment', async () => {
    const { text } = await readers.submit(task('environment'), {});
    const names = Object.keys(z.record(z.string(), z.string()).parse(JSON.parse(text)));
    expect(names.filter((name) => name in process.env)).toEqual([]);
  });

  it('keeps the file that it had last', async () => {
    const [a, b] = await bothStarted();
    for (const file of ['a', 'b', 'b', 'a'])
      expect((await say(file, 0, { file })).pid).toBe(file === 'a' ? a.pid : b.pid);
  });

  it('is ended with a long task that is cancelled, and no other', async () => {
    const { pid } = await say('who');
    const stop = new AbortController();
    const long = codeOf(say('long', 60_000, { long: true, timeoutMs: 60_000, signal: stop.signal }));
    setTimeout(() => stop.abort(), 100);
    expect(await long).toBe('cancelled');
    await until(() => !isAlive(pid));
    expect((await say('still here')).pid).not.toBe(pid);
  });

  it('does long tasks only where another is left for short ones', async () => {
    await bothStarted();
    const long = [say('1', 3000, { long: true }), say('2', 0, { long: true })];
    await say('short');
    const first = await Promise.race([...long, say('short again')]);
    expect(first.text).toBe('short again');
    expect((await Promise.all(long)).map(({ text }) => text)).toEqual(['1', '2']);
  });
});

it('says so where no reader starts', async () => {
  const broken = new Readers(() => forkReader(new URL('./broken-reader.ts', import.meta.url)));
  const work = broken.submit(echo, { text: '', waitMs: 0 });
  await expect(work).rejects.toMatchObject({ code: 'internal', message: /does not start/ });
});

it('ends with a parent that is killed, in the middle of a task', async () => {
  const parent = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('./parent.ts', import.meta.url))],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pids = line.toString().trim().split(' ').map(Number);
  expect(pids.filter(isAlive)).toHaveLength(2);
  parent.kill('SIGKILL');
  await until(() => pids.every((pid) => !isAlive(pid)));
});

it('disposed, it leaves no process', async () => {
  const { pid } = await say('who');
  const work = codeOf(say('never', 60_000));
  await readers.dispose();
  expect(await work).toBe('cancelled');
  expect(isAlive(pid)).toBe(false);
});
