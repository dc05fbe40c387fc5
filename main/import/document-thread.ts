import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type ErrorCode, WetreadError } from '../error.js';
import type { Block } from './blocks.js';
import { limits } from './limits.js';

export interface DocumentTask {
  file: string;
  kind: 'PDF' | 'DOCX';
}
export type DocumentReply = { ok: true; blocks: Block[] } | { ok: false; code: ErrorCode; message: string };

/** Of JavaScript objects in the thread. */
const memoryMb = 768;
/** Buffers are counted nowhere else: how much the process may grow while one file is read, looked at this often. */
const growthMb = 1500;
const lookEveryMs = 200;
const startMs = 60_000;

/** In the built app the worker is a bundle beside this one; in development and tests it is TypeScript, which tsx loads. */
function startWorker(): Worker {
  const options = {
    name: 'documents',
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, stackSizeMb: 4 },
  };
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./document-worker.js', import.meta.url), options);
  const tsx = new URL(
    'dist/esm/api/index.mjs',
    pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json')),
  ).href;
  const entry = new URL('./document-worker.ts', import.meta.url).href;
  const start = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(start, { ...options, eval: true });
}

/**
 * One thread that parses PDF and DOCX files, one after the other, so that the window's frames are not held up. A file that hangs or takes
 * too much memory costs the thread, not the process; the next file gets a new one.
 */
export class DocumentThread {
  #worker: Worker | undefined;
  #ready: Promise<void> = Promise.resolve();

  /**
   * The blocks of a file. One at a time.
   * @throws WetreadError what the parser throws, `timed-out`, `limit-exceeded` (memory), `damaged-file` (it crashed), or an AbortError.
   */
  async read(task: DocumentTask, signal?: AbortSignal): Promise<Block[]> {
    signal?.throwIfAborted();
    const worker = this.#start();
    await this.#ready;
    return await new Promise<Block[]>((resolve, reject) => {
      const fail = (thrown: unknown) => {
        settle();
        void this.dispose();
        reject(thrown);
      };
      const onMessage = (reply: DocumentReply) => {
        settle();
        if (reply.ok) resolve(reply.blocks);
        else reject(new WetreadError(reply.code, reply.message));
      };
      const onError = (cause: unknown) => {
        const memory = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
        fail(
          memory
            ? new WetreadError('limit-exceeded', 'Reading the file took too much memory.', { cause })
            : new WetreadError('damaged-file', 'Reading the file failed.', { cause }),
        );
      };
      const onExit = () => onError(new Error('The thread ended.'));
      const onAbort = () => fail(signal?.reason);
      const timer = setTimeout(
        () =>
          fail(
            new WetreadError(
              'timed-out',
              `Reading the file took longer than ${limits.documentMs / 1000} seconds.`,
            ),
          ),
        limits.documentMs,
      );
      const before = process.memoryUsage.rss();
      const guard = setInterval(() => {
        if (process.memoryUsage.rss() - before > growthMb * 2 ** 20)
          fail(new WetreadError('limit-exceeded', 'Reading the file took too much memory.'));
      }, lookEveryMs);
      const settle = () => {
        clearTimeout(timer);
        clearInterval(guard);
        signal?.removeEventListener('abort', onAbort);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      signal?.addEventListener('abort', onAbort, { once: true });
      worker.postMessage(task);
    });
  }

  /** Ends the thread and what it does. */
  async dispose(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = startWorker();
    this.#worker = worker;
    this.#ready = new Promise((resolve, reject) => {
      const refuse = (cause: unknown) => {
        clearTimeout(timer);
        if (this.#worker === worker) this.#worker = undefined;
        reject(new WetreadError('internal', 'The reader of documents did not start.', { cause }));
      };
      const timer = setTimeout(refuse, startMs);
      worker.once('error', refuse);
      worker.once('message', () => {
        clearTimeout(timer);
        worker.off('error', refuse);
        resolve();
      });
    });
    return worker;
  }
}
