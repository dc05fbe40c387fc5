import { Worker } from 'node:worker_threads';
import { limits } from './limits.js';
import type { FromReader } from './wire.js';

/** The reader's end of the wire. */
export interface ReaderPort {
  post(message: FromReader): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The parent is gone. */
  onClose(listener: () => void): void;
}

/** The message of the thread that does the tasks, before the process's memory is added. */
export type FromThread =
  | 'ready'
  | { kind: 'value'; id: number; value: unknown }
  | { kind: 'error'; id: number; code: string; message: string };

/** What a reader may take, in megabytes: of JavaScript objects, and in all. */
export type MemoryLimits = { heapMb: number; residentMb: number };

/**
 * The main thread of a reader. The tasks are done in a thread of their own (`tasks`, which calls `doTasks`), so that this one can watch
 * the process's memory however busy that is; it parses nothing foreign. It ends with its parent.
 */
export function serveReader(port: ReaderPort, tasks: URL, memory: MemoryLimits = limits): void {
  const thread = startThread(tasks, memory.heapMb);
  let lost = false;
  const lose = (why: 'memory' | 'crash', detail: string) => {
    if (lost) return;
    lost = true;
    clearInterval(watch);
    port.post({ kind: 'lost', why, detail });
    // The parent ends this process; where it is busy, what took the memory ends here and now.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 250);
    void thread.terminate().then(() => setTimeout(() => process.exit(1), 50));
  };
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() > memory.residentMb * 2 ** 20) lose('memory', 'resident');
  }, limits.lookEveryMs);

  thread.on('message', (message: FromThread) => {
    if (lost) return;
    if (message === 'ready') port.post({ kind: 'ready' });
    else port.post({ ...message, resident: process.memoryUsage.rss() });
  });
  thread.on('error', (cause: unknown) => {
    const memory = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
    lose(memory ? 'memory' : 'crash', cause instanceof Error ? cause.message : String(cause));
  });
  thread.on('exit', (code) => lose('crash', `The thread ended with code ${code}.`));
  port.onMessage((message) => thread.postMessage(message));
  port.onClose(() => process.kill(process.pid, 'SIGKILL'));
}

function startThread(tasks: URL, heapMb: number): Worker {
  return new Worker(tasks, {
    name: 'tasks',
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heapMb, stackSizeMb: 4 },
  });
}
