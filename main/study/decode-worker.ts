/* Entry of the worker threads that touch foreign bytes; `pool.ts` starts and stops them. */
import { parentPort } from 'node:worker_threads';
import { toWetreadError } from '../error.js';
import type { Reply, Request } from './pool.js';
import { runTask } from './tasks.js';

const port = parentPort;
if (!port) throw new Error('decode-worker runs as a worker thread only');

port.on('message', async ({ name, input }: Request) => {
  try {
    const value = await runTask(name, input);
    const data = typeof value === 'object' && 'data' in value ? value.data.buffer : undefined;
    port.postMessage({ ok: true, value } satisfies Reply, data instanceof ArrayBuffer ? [data] : []);
  } catch (thrown) {
    const { code, message } = toWetreadError(thrown);
    port.postMessage({ ok: false, code, message } satisfies Reply);
  }
});
port.postMessage('ready');
