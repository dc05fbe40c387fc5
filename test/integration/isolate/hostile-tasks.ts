/** The thread of the hostile reader. It loads nothing that it does not need: the tests start it some two hundred times. */
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { doTasks } from '../../../main/isolate/do-tasks.js';
import { entry, type Task, type TaskTable } from '../../../main/isolate/task.js';

const none = z.object({});
const does = (name: string, work: () => unknown): TaskTable => ({
  ...entry<object, unknown>({ name, input: none, output: z.unknown() }, async () => work()),
});
const echo: Task<{ text: string; waitMs: number }, { text: string; pid: number }> = {
  name: 'echo',
  input: z.object({ text: z.string(), waitMs: z.number() }),
  output: z.object({ text: z.string(), pid: z.number() }),
};

/** Keeps what is taken alive. */
const taken: unknown[] = [];

doTasks({
  ...entry(echo, async ({ text, waitMs }) => {
    await wait(waitMs);
    return { text, pid: process.pid };
  }),
  ...does('segfault', () => process.kill(process.pid, 'SIGSEGV')),
  ...does('abort', () => process.kill(process.pid, 'SIGABRT')),
  ...does('hang', () => {
    for (;;) taken.length = 0;
  }),
  ...does('buffers', () => {
    for (;;) taken.push(new Uint8Array(16 * 2 ** 20).fill(1));
  }),
  ...does('objects', () => {
    for (;;) taken.push(Array.from({ length: 1000 }, (_, n) => ({ n, text: `${n}` })));
  }),
  ...does('web-assembly', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
    for (;;) {
      const before = memory.grow(256);
      new Uint8Array(memory.buffer).fill(1, before * 65536);
    }
  }),
  ...does('exit', () => process.exit(0)),
  ...does('throw', () => {
    throw new Error('A patient by the name of Nobody');
  }),
  ...does('throw-later', () => {
    setTimeout(() => {
      throw new Error('Out of the blue');
    });
    return wait(60_000);
  }),
  ...does('reject-meanwhile', () => {
    void wait(50).then(() => Promise.reject(new Error('Nobody listens')));
    return wait(60_000);
  }),
  ...does('reject-afterwards', () => {
    void wait(300).then(() => Promise.reject(new Error('Nobody listens any more')));
    return { text: 'done', pid: process.pid };
  }),
  ...does('wrong-value', () => ({ text: 7 })),
  ...does('wrong-message', () => {
    parentPort?.postMessage({ kind: 'surprise' });
    return wait(60_000);
  }),
  ...does('wrong-id', () => {
    parentPort?.postMessage({ kind: 'value', id: 4711, value: {} });
    return wait(60_000);
  }),
  ...does('run-text', () => new Function('return 1')()),
  ...does('environment', () => ({ text: JSON.stringify(process.env), pid: process.pid })),
});
