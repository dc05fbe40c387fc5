import { AsyncLocalStorage } from 'node:async_hooks';
import { parentPort } from 'node:worker_threads';
import { toWetreadError, WetreadError } from '../error.js';
import type { FromThread } from './serve.js';
import type { TaskTable } from './task.js';
import { ToReader } from './wire.js';

/**
 * The thread of a reader that touches foreign bytes: does one task after the other, as `serveReader` hands them on. A promise that a task
 * left behind and that rejects with nobody listening fails that task with `damaged-file` while it runs; once it is over, nothing.
 */
export function doTasks(table: TaskTable): void {
  const port = parentPort;
  if (!port) throw new Error('This file runs only as the thread of a reader.');
  const reply = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  port.on('message', async (message: unknown) => {
    const { id, task, input } = ToReader.parse(message);
    try {
      const work = table[task];
      if (!work) throw new WetreadError('internal', `There is no task "${task}".`);
      const value = await orUnhandled(() => work(input));
      reply({ kind: 'value', id, value }, pixelsOf(value));
    } catch (thrown) {
      const error = toWetreadError(thrown);
      reply({ kind: 'error', id, code: error.code, message: error.message });
    }
  });
  // Without a listener it would end the thread, and with it whatever file came next.
  process.on('unhandledRejection', (cause) => failing.getStore()?.(cause));
  reply('ready');
}

/** How the task fails that a promise belongs to. */
const failing = new AsyncLocalStorage<(cause: unknown) => void>();

/** Does the work; rejects with WetreadError `damaged-file` as soon as a promise it made rejects unheard. */
function orUnhandled(work: () => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(
        new WetreadError('damaged-file', 'The file is damaged: reading it could not be brought to an end.', {
          cause,
        }),
      );
    failing.run(fail, () => work().then(resolve, reject));
  });
}

/** The buffer of an image's values, which need not be copied between the threads. */
function pixelsOf(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null || !('data' in value)) return [];
  const { data } = value;
  return ArrayBuffer.isView(data) && data.buffer instanceof ArrayBuffer ? [data.buffer] : [];
}
