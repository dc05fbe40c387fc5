/** The app's side of a real engine that tests kill, stop and starve: EngineProcess with a child of Node. */
import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToEngine } from '../../../main/engine-messages.js';
import { WetreadError } from '../../../main/error.js';
import { EngineProcess } from '../../../main/window/engine-process.js';
import { type CallName, type CallOutput, calls, type EventName } from '../../../preload/calls.js';

export const root = join(import.meta.dirname, '..', '..', '..');
export const sampleStudy = join(root, 'test', 'sample', 'study');

export interface RealEngineOptions {
  dataFolder: string;
  packsFolder?: string;
  documentsFolder?: string;
  key?: string;
  /** Where the engine and its readers put temporary files; default: the system's place. */
  temporary?: string;
  onEvent?: (name: EventName, value: unknown) => void;
}

/** A real engine and what it takes to do it harm. */
export class RealEngine {
  readonly process: EngineProcess;
  readonly notes: string[] = [];
  #child: ChildProcess | undefined;
  /** How many processes there have been. */
  started = 0;

  constructor(options: RealEngineOptions) {
    const { dataFolder, key, temporary } = options;
    const { packsFolder = join(root, 'models'), documentsFolder = join(root, 'indices') } = options;
    this.process = new EngineProcess({
      launch: () => this.#launch(temporary),
      start: { dataFolder, packsFolder, documentsFolder, user: 'reader', ...(key !== undefined && { key }) },
      onEvent: (name, value) => options.onEvent?.(name, value),
      onNote: (note) => this.notes.push(note),
    });
  }

  #launch(temporary: string | undefined) {
    const child = fork(join(import.meta.dirname, 'engine-child.ts'), {
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ...(temporary !== undefined && { TMPDIR: temporary }) },
    });
    child.stderr?.on('data', (data) => this.notes.push(String(data)));
    this.#child = child;
    this.started += 1;
    return {
      postMessage: (message: ToEngine) => {
        if (child.connected) child.send(message, () => {});
      },
      on: (event: 'message' | 'exit', listener: (value: never) => void) =>
        child.on(event, (value: unknown) => listener(value as never)),
      kill: () => child.kill('SIGKILL'),
    };
  }

  get runs(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Of the running process. */
  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('The engine does not run.');
    return pid;
  }

  /** A call as the window makes it, its answer parsed. */
  async call<N extends CallName>(name: N, input: unknown): Promise<CallOutput<N>> {
    const answer: unknown = await this.process.call(name, input);
    return calls[name].output.parse(answer) as CallOutput<N>;
  }

  /** Kills the process without a warning; returns the processes that it had started. */
  kill(): number[] {
    const children = descendants(this.pid);
    process.kill(this.pid, 'SIGKILL');
    return children;
  }

  dispose(): Promise<void> {
    return this.process.dispose();
  }
}

/** Processes that a process has started, and those that these have; empty where there is no /proc. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  try {
    for (const name of readdirSync('/proc')) {
      const one = Number(name);
      if (!(one > 0)) continue;
      try {
        const [, parent] = /^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${one}/stat`, 'utf8')) ?? [];
        parents.set(one, Number(parent));
      } catch {
        // It ended meanwhile.
      }
    }
  } catch {
    return [];
  }
  const of = (one: number): number[] =>
    [...parents].flatMap(([child, parent]) => (parent === one ? [child, ...of(child)] : []));
  return of(pid);
}

/** The code of what a call rejects with; undefined where it was answered. */
export async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (thrown) {
    if (thrown instanceof WetreadError) return thrown.code;
    throw thrown;
  }
}
