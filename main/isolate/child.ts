import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundleReader } from './from-sources.js';
import type { ToReader } from './wire.js';

/** A process that reads, as its parent sees it. */
export interface Child {
  post(message: ToReader): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, behind the last message. */
  onExit(listener: () => void): void;
  /** Ends it at once, whatever it does. */
  kill(): void;
  /** Whether it keeps the parent's process alive. */
  hold(held: boolean): void;
}

export type Launch = () => Child;

/** Flags for V8: what foreign bytes can say is never run as code. */
export const readerFlags = ['--disallow-code-generation-from-strings'];

/**
 * A reader as a child of plain Node, for the command line and tests. It inherits no environment; when its parent ends, however that
 * happens, the channel closes and it ends too.
 */
export function forkReader(
  entry = new URL('../reader.ts', import.meta.url),
  tasks = new URL('../reader-tasks.ts', import.meta.url),
): Child {
  const { SystemRoot } = process.env;
  const child = fork(fileURLToPath(bundleReader(entry, tasks)), {
    execArgv: [...readerFlags],
    env: SystemRoot === undefined ? {} : { SystemRoot },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // A pipe that broke is followed by the exit.
  child.on('error', () => undefined);
  return {
    post: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let waiting = 2;
      const one = () => {
        waiting -= 1;
        if (waiting === 0) listener();
      };
      // What it sent before it died still comes after its exit.
      child.once('exit', one);
      child.once('disconnect', one);
      // Never started: neither of these comes.
      if (child.pid === undefined) setImmediate(listener);
    },
    kill: () => void child.kill('SIGKILL'),
    hold: (held) => {
      if (held) {
        child.ref();
        child.channel?.ref();
      } else {
        child.unref();
        child.channel?.unref();
      }
    },
  };
}
