import { WetreadError } from '../error.js';
import { forkReader, type Launch } from './child.js';
import { limits } from './limits.js';
import { errorOf, type Outcome, Reader } from './reader.js';
import type { Task } from './task.js';

export interface SubmitOptions {
  signal?: AbortSignal | undefined;
  /** Of the task itself, not of waiting for a reader. Default 20 s. */
  timeoutMs?: number | undefined;
  /** Ahead of what waits already: a picture somebody looks at goes before a scan of thousands of files. */
  urgent?: boolean | undefined;
  /** May take minutes: never holds all readers, and is ended with its reader when it is cancelled. */
  long?: boolean | undefined;
  /** The file it is about: the reader that had it last has it open still. */
  file?: string | undefined;
  session?: Session | undefined;
  /** How often it is begun when its reader breaks down, since others may have ended it. Default 2. */
  attempts?: number | undefined;
}

/** Tasks that belong together, since the reader of the first holds on to something: the rest go to the same one while it lives. */
export interface Session {
  reader?: Reader;
}

interface Job extends SubmitOptions {
  task: string;
  input: unknown;
  timeoutMs: number;
  attempts: number;
  settled: boolean;
  reader?: Reader;
  settle(outcome: Outcome | WetreadError): void;
}

/**
 * A few processes that read foreign files, one task a process at a time. They start when there is something to do; one that hangs, breaks
 * down or takes too much memory is ended and replaced, and costs the task that it had.
 */
export class Readers {
  readonly #readers = new Set<Reader>();
  readonly #queue: Job[] = [];
  readonly #last = new Map<Reader, string>();
  #failedStarts = 0;
  #sweep: NodeJS.Timeout | undefined;

  constructor(private launch: Launch = forkReader) {}

  /** Starts readers in another way from now on. */
  launchBy(launch: Launch): void {
    this.launch = launch;
  }

  /** Starts a reader before it is needed. */
  warm(): void {
    if (this.#readers.size === 0) this.#start();
  }

  /**
   * Does a task in a reader. Rejects with WetreadError: what the task threw, `timed-out`, `limit-exceeded` (memory), `damaged-file` (the
   * reader broke down, or sent what the task never gives), `cancelled`, `internal` (no reader starts).
   */
  submit<Input, Output>(
    { name, output }: Task<Input, Output>,
    input: Input,
    options: SubmitOptions = {},
  ): Promise<Output> {
    const { signal, urgent = false, timeoutMs = limits.taskMs, attempts = 2 } = options;
    return new Promise((resolve, reject) => {
      const abort = () => {
        // What takes long is not left to run for nobody.
        if (job.long) job.reader?.end();
        job.settle(cancelled());
      };
      const job: Job = {
        ...{ ...options, task: name, input, timeoutMs, attempts, settled: false },
        settle: (outcome) => {
          if (job.settled) return;
          job.settled = true;
          signal?.removeEventListener('abort', abort);
          if (outcome instanceof WetreadError) reject(outcome);
          else if (outcome.kind !== 'value') reject(errorOf(outcome, timeoutMs));
          else {
            const parsed = output.safeParse(outcome.value);
            if (parsed.success) resolve(parsed.data);
            else {
              // A reader that makes things up is not asked again.
              job.reader?.end();
              reject(new WetreadError('damaged-file', 'Reading it gave no sense.', { cause: parsed.error }));
            }
          }
        },
      };
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      if (urgent) this.#queue.unshift(job);
      else this.#queue.push(job);
      this.#next();
    });
  }

  /** Ends the readers and what they do. The next task starts them again. */
  async dispose(): Promise<void> {
    clearTimeout(this.#sweep);
    for (const job of this.#queue.splice(0)) job.settle(cancelled());
    const readers = [...this.#readers];
    for (const reader of readers) reader.end();
    await Promise.all(readers.map(({ gone }) => gone));
  }

  #next(): void {
    for (let at = 0; at < this.#queue.length; ) {
      const job = this.#queue[at];
      const reader = job && !job.settled ? this.#readerFor(job) : undefined;
      if (job && !job.settled && !reader) {
        at += 1;
        continue;
      }
      this.#queue.splice(at, 1);
      if (job && reader) void this.#run(reader, job);
    }
    this.#startForWaiting();
  }

  /** Of what may take minutes, one fewer than there are readers. */
  readonly #long = new Set<Job>();

  /** That of its session; the one that had the file last; else the one that has rested longest, so that what is open stays open. */
  #readerFor({ file, long, session }: Job): Reader | undefined {
    if (long && this.#long.size >= limits.readers - 1) return undefined;
    const own = session?.reader;
    if (own && this.#readers.has(own)) return own.free ? own : undefined;
    const free = [...this.#readers].filter((reader) => reader.free);
    free.sort((a, b) => a.restedAt - b.restedAt);
    return free.find((reader) => file !== undefined && this.#last.get(reader) === file) ?? free[0];
  }

  #startForWaiting(): void {
    const starting = [...this.#readers].filter((reader) => reader.starting).length;
    const waiting = this.#queue.filter(
      ({ long, session }) =>
        !(long && this.#long.size > 0) && !(session?.reader && this.#readers.has(session.reader)),
    ).length;
    if (this.#readers.size < limits.readers && starting < waiting) this.#start();
  }

  async #run(reader: Reader, job: Job): Promise<void> {
    if (job.file !== undefined) this.#last.set(reader, job.file);
    job.reader = reader;
    if (job.session) job.session.reader = reader;
    job.attempts -= 1;
    if (job.long) this.#long.add(job);
    const outcome = await reader.run(job);
    this.#long.delete(job);
    const broken = outcome.kind === 'died' || outcome.kind === 'memory';
    if (broken && job.attempts > 0 && !job.settled) this.#queue.unshift(job);
    else job.settle(outcome);
    this.#next();
    this.#sweepLater();
  }

  #start(): void {
    try {
      const reader: Reader = new Reader(this.launch, {
        onReady: () => {
          this.#failedStarts = 0;
          this.#next();
        },
        onEnd: (started, detail) => {
          this.#readers.delete(reader);
          this.#last.delete(reader);
          if (!started) this.#notStarted(new Error(detail));
          else this.#next();
        },
      });
      this.#readers.add(reader);
    } catch (cause) {
      this.#notStarted(cause);
    }
  }

  #notStarted(cause: unknown): void {
    this.#failedStarts += 1;
    if (this.#failedStarts < limits.starts) {
      this.#next();
      return;
    }
    this.#failedStarts = 0;
    const error = new WetreadError(
      'internal',
      'The program that reads files does not start. Restart Wetread; if that does not help, install it again.',
      { cause },
    );
    for (const job of this.#queue.splice(0)) job.settle(error);
  }

  /** Lets go of the readers that a burst of work has left. */
  #sweepLater(): void {
    clearTimeout(this.#sweep);
    if (this.#readers.size < 2) return;
    this.#sweep = setTimeout(() => {
      const free = [...this.#readers].filter((reader) => reader.free);
      for (const reader of free.slice(1)) reader.end();
    }, limits.idleMs).unref();
  }
}

const cancelled = () => new WetreadError('cancelled', 'Cancelled.');
