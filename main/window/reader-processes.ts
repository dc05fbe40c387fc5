/** The processes that read foreign files, which the app starts and ends for its engine. */
import type { MessagePortMain } from 'electron';

/** A process that reads: Electron's UtilityProcess has this shape. */
export interface ReaderChild {
  readonly pid: number | undefined;
  postMessage(message: unknown, transfer: MessagePortMain[]): void;
  on(event: 'spawn', listener: () => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

export interface ReaderProcessesOptions {
  launch: () => ReaderChild;
  channel: () => { port1: MessagePortMain; port2: MessagePortMain };
  onNote: (note: string) => void;
}

/** More than an engine ever asks for: one that asks for more has gone astray. */
const most = 8;

export class ReaderProcesses {
  readonly #readers = new Map<number, ReaderChild>();

  constructor(private readonly options: ReaderProcessesOptions) {}

  /** Starts one under the engine's number for it; returns the engine's end of the port to it. */
  start(id: number, onExit: () => void): MessagePortMain | undefined {
    if (this.#readers.has(id) || this.#readers.size >= most) return undefined;
    const reader = this.options.launch();
    this.#readers.set(id, reader);
    reader.on('exit', (code) => {
      if (this.#readers.get(id) === reader) {
        this.#readers.delete(id);
        this.options.onNote(`reader: ended with code ${code}`);
      }
      onExit();
    });
    const { port1, port2 } = this.options.channel();
    reader.postMessage(null, [port1]);
    return port2;
  }

  /** Ends one at once, whatever it does. */
  kill(id: number): void {
    const reader = this.#readers.get(id);
    if (!reader) return;
    this.#readers.delete(id);
    end(reader);
  }

  /** Ends all: their engine is gone. */
  killAll(): void {
    for (const id of [...this.#readers.keys()]) this.kill(id);
  }
}

/** Electron's own `kill` asks politely, which a loop without end does not hear. */
function end(reader: ReaderChild): void {
  const kill = () => {
    try {
      if (reader.pid !== undefined) process.kill(reader.pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  };
  if (reader.pid === undefined) reader.on('spawn', kill);
  else kill();
}
