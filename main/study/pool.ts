import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type ErrorCode, WetreadError } from '../error.js';
import type { TaskInput, TaskName, TaskOutput } from './tasks.js';

/*
 * Foreign bytes are parsed and decoded in worker threads that may die: each task has a time limit, a thread that hangs, runs out
 * of memory or crashes is replaced, and the caller gets a coded error. Two threads, since the machine may have no more.
 */

export interface Request {
  name: TaskName;
  input: TaskInput<TaskName>;
}
export type Reply =
  | { ok: true; value: TaskOutput<TaskName> }
  | { ok: false; code: ErrorCode; message: string };

interface Job {
  request: Request;
  timeoutMs: number;
  resolve(value: TaskOutput<TaskName>): void;
  reject(error: WetreadError): void;
  settled: boolean;
}

const poolSize = 2;
const startLimitMs = 60_000;

/** In the built app the worker is a bundle beside this one; in development and tests it is TypeScript, which tsx loads. */
function startWorker(): Worker {
  const options = {
    name: 'decode',
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 1024, stackSizeMb: 4 },
  };
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./decode-worker.js', import.meta.url), options);
  const tsx = new URL(
    'dist/esm/api/index.mjs',
    pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json')),
  ).href;
  const entry = new URL('./decode-worker.ts', import.meta.url).href;
  // Threads do not inherit the loader of their parent: each registers its own.
  const start = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(start, { ...options, eval: true });
}

/** One thread and the job that it does. */
class Seat {
  private worker: Worker | undefined;
  private ready = false;
  private job: Job | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly onFree: () => void) {}

  get busy(): boolean {
    return this.job !== undefined;
  }
  get started(): boolean {
    return this.worker !== undefined;
  }

  run(job: Job): void {
    this.job = job;
    this.worker ??= this.start();
    this.worker.ref();
    if (this.ready) this.send(job);
    else this.limit(startLimitMs);
  }

  async stop(): Promise<void> {
    this.finish(new WetreadError('cancelled', 'Cancelled.'));
    await this.discard();
  }

  private start(): Worker {
    const worker = startWorker();
    worker.on('message', (message: Reply | 'ready') => {
      if (worker !== this.worker) return;
      if (message === 'ready') {
        this.ready = true;
        if (this.job) this.send(this.job);
        return;
      }
      if (message.ok) this.finish(undefined, message.value);
      else this.finish(new WetreadError(message.code, message.message));
    });
    const died = (cause: unknown) => {
      if (worker !== this.worker) return;
      const started = this.ready;
      void this.discard();
      if (!started)
        return this.finish(new WetreadError('internal', 'The image reader did not start.', { cause }));
      const memory = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.finish(
        memory
          ? new WetreadError('limit-exceeded', 'Reading it took too much memory.', { cause })
          : new WetreadError('damaged-file', 'Reading it failed.', { cause }),
      );
    };
    worker.on('error', died);
    worker.on('exit', (code) => died(new Error(`The decoder ended with code ${code}.`)));
    return worker;
  }

  private send(job: Job): void {
    this.limit(job.timeoutMs);
    this.worker?.postMessage(job.request);
  }

  private limit(timeoutMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      void this.discard();
      this.finish(
        new WetreadError('timed-out', `Reading it took longer than ${Math.round(timeoutMs / 1000)} seconds.`),
      );
    }, timeoutMs);
  }

  private async discard(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    this.ready = false;
    await worker?.terminate();
  }

  private finish(error: WetreadError): void;
  private finish(error: undefined, value: TaskOutput<TaskName>): void;
  private finish(error: WetreadError | undefined, value?: TaskOutput<TaskName>): void {
    clearTimeout(this.timer);
    const { job } = this;
    this.job = undefined;
    // An idle thread does not keep the process alive.
    this.worker?.unref();
    if (!job) return;
    if (error) job.reject(error);
    else if (value !== undefined) job.resolve(value);
    this.onFree();
  }
}

const next = () => {
  while (queue.length > 0) {
    const seat = seats.find((one) => !one.busy && one.started) ?? seats.find((one) => !one.busy);
    const job = seat && queue.shift();
    if (!job) return;
    if (!job.settled) seat.run(job);
  }
};
const queue: Job[] = [];
const seats = Array.from({ length: poolSize }, () => new Seat(next));

export interface TaskOptions {
  signal?: AbortSignal | undefined;
  /** Of the task itself, not of waiting for a thread. Default 20 s. */
  timeoutMs?: number | undefined;
  /** Ahead of what waits already: a picture somebody looks at goes before a scan of thousands of files. */
  urgent?: boolean | undefined;
}

/**
 * Does a task in a worker thread. Rejects with WetreadError: what the task threw, `timed-out`, `limit-exceeded` (memory),
 * `damaged-file` (the thread crashed), `cancelled`.
 */
export function submit<N extends TaskName>(
  name: N,
  input: TaskInput<N>,
  options: TaskOptions = {},
): Promise<TaskOutput<N>> {
  const { signal, timeoutMs = 20_000, urgent = false } = options;
  return new Promise<TaskOutput<TaskName>>((resolve, reject) => {
    const abort = () => settle(() => reject(new WetreadError('cancelled', 'Cancelled.')));
    const settle = (how: () => void) => {
      if (job.settled) return;
      job.settled = true;
      signal?.removeEventListener('abort', abort);
      how();
    };
    const job: Job = {
      request: { name, input },
      timeoutMs,
      settled: false,
      resolve: (value) => settle(() => resolve(value)),
      reject: (error) => settle(() => reject(error)),
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    if (urgent) queue.unshift(job);
    else queue.push(job);
    next();
  }) as Promise<TaskOutput<N>>;
}

/** Starts a thread before it is needed, so that the first picture does not wait for it. */
export function startThread(): void {
  void submit('scan', { files: [] }).catch(() => undefined);
}

/** Ends the worker threads and what they do. The next task starts them again. */
export async function dispose(): Promise<void> {
  for (const job of queue.splice(0)) job.reject(new WetreadError('cancelled', 'Cancelled.'));
  await Promise.all(seats.map((seat) => seat.stop()));
}
