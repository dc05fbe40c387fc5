/** The app's side of the wire to the engine: starts its process, hands it calls, and starts it again when it is lost. */
import type { MessagePortMain } from 'electron';
import { type CallName, type EventName, type EventValue, events } from '../../preload/calls.js';
import { FromEngine, type Request, type StartOptions, type ToEngine } from '../engine-messages.js';
import { type ErrorCode, errorCodes, WetreadError } from '../error.js';
import type { ReaderProcesses } from './reader-processes.js';

/** A process that serves an engine: Electron's UtilityProcess has this shape. */
export interface EngineChild {
  postMessage(message: ToEngine, transfer?: MessagePortMain[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
}

export interface EngineProcessOptions {
  launch: () => EngineChild;
  start: StartOptions;
  /** The processes that read files for the engine; without them the engine starts its own. */
  readers?: ReaderProcesses;
  onEvent: <N extends EventName>(name: N, value: EventValue<N>) => void;
  /** Tells of what must reach the log: state and codes, never content. */
  onNote?: (note: string) => void;
}

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: WetreadError) => void;
}

/** More losses than this within `windowMs` are no accident: the engine then stays down until somebody calls it. */
const losses = { atMost: 3, windowMs: 60_000 };
const disposeMs = 3000;

export class EngineProcess {
  #child: EngineChild | undefined;
  #next = 0;
  #pending = new Map<number, Pending>();
  #lostAt: number[] = [];
  #state: EventValue<'engine'> = { state: 'starting' };
  #disposing: (() => void) | undefined;

  constructor(private readonly options: EngineProcessOptions) {}

  /** The engine's state as last announced by the `engine` event. */
  get state(): EventValue<'engine'> {
    return this.#state;
  }

  /** Launches the process; calls may follow at once, they wait in the engine until it is open. */
  start(): void {
    if (this.#child || this.#disposing) return;
    this.#announce({ state: 'starting' });
    const child = this.options.launch();
    this.#child = child;
    child.on('message', (message) => {
      if (this.#child === child) this.#receive(message);
    });
    child.on('exit', (code) => {
      if (this.#child === child) this.#lost(code);
    });
    child.postMessage({ kind: 'start', options: this.options.start });
  }

  /** Makes a call; rejects with the engine's WetreadError, or `engine-lost` when its process ends meanwhile. */
  call(name: CallName, input: unknown): Promise<unknown> {
    return this.#request({ kind: 'call', name, input });
  }

  /** One frame as the `wetread://frame/` scheme sends it. */
  async frame(study: string, instance: string, frame: number): Promise<Uint8Array> {
    return bytes(await this.#request({ kind: 'frame', study, instance, frame }));
  }

  /** A JPEG of one instance. */
  async thumbnail(study: string, instance: string): Promise<Uint8Array> {
    return bytes(await this.#request({ kind: 'thumbnail', study, instance }));
  }

  async caseImage(dataset: string, document: string, image: number): Promise<Uint8Array> {
    return bytes(await this.#request({ kind: 'caseImage', dataset, document, image }));
  }

  /** Lets the engine close its store; kills it when that takes longer than three seconds. */
  async dispose(): Promise<void> {
    const child = this.#child;
    if (!child || this.#disposing) return;
    await new Promise<void>((resolve) => {
      this.#disposing = resolve;
      child.postMessage({ kind: 'dispose' });
      setTimeout(() => {
        child.kill();
        resolve();
      }, disposeMs).unref();
    });
  }

  #request(request: Request): Promise<unknown> {
    this.start();
    const child = this.#child;
    if (!child) return Promise.reject(engineLost());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      child.postMessage({ ...request, id });
    });
  }

  #receive(message: unknown): void {
    const parsed = FromEngine.safeParse(message);
    if (!parsed.success) {
      this.options.onNote?.('engine: a message that does not fit');
      return;
    }
    const { data } = parsed;
    switch (data.kind) {
      case 'ready':
        this.#announce({ state: 'ready' });
        return;
      case 'failed':
        this.options.onNote?.(`engine: could not be opened: ${data.error.code}`);
        this.#announce({ state: 'lost', message: data.error.message });
        return;
      case 'event':
        this.#emit(data.name, data.value);
        return;
      case 'value':
        this.#take(data.id)?.resolve(data.value);
        return;
      case 'error':
        this.#take(data.id)?.reject(new WetreadError(knownCode(data.error.code), data.error.message));
        return;
      case 'reader-start':
        this.#startReader(data.reader);
        return;
      case 'reader-kill':
        this.options.readers?.kill(data.reader);
        return;
    }
  }

  #startReader(reader: number): void {
    const child = this.#child;
    const tell = () => {
      if (this.#child === child) child?.postMessage({ kind: 'reader-exit', reader });
    };
    const port = this.options.readers?.start(reader, tell);
    if (port) child?.postMessage({ kind: 'reader', reader }, [port]);
    else tell();
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #lost(code: number): void {
    this.#child = undefined;
    this.options.readers?.killAll();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(engineLost());
    if (this.#disposing) {
      this.#disposing();
      return;
    }

    this.options.onNote?.(`engine: lost with exit code ${code}, ${pending.length} calls pending`);
    const now = Date.now();
    this.#lostAt = [...this.#lostAt.filter((at) => now - at < losses.windowMs), now];
    this.#announce({
      state: 'lost',
      message: 'The engine stopped and is being started again. Reports are journalled; nothing was lost.',
    });
    if (this.#lostAt.length <= losses.atMost) this.start();
  }

  #announce(state: EventValue<'engine'>): void {
    this.#state = state;
    this.options.onEvent('engine', state);
  }

  #emit<N extends EventName>(name: N, value: unknown): void {
    const parsed = events[name].safeParse(value);
    if (parsed.success) this.options.onEvent(name, parsed.data as EventValue<N>);
    else this.options.onNote?.(`engine: an event ${name} that does not fit`);
  }
}

const engineLost = () =>
  new WetreadError(
    'engine-lost',
    'The engine stopped while it worked on this. It is being started again; try again.',
  );

function knownCode(code: string): ErrorCode {
  return errorCodes.find((known) => known === code) ?? 'internal';
}

function bytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new WetreadError('internal', 'The engine answered with something that is not an image.');
}
