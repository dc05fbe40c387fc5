import { errorCodes, WetreadError } from '../error.js';
import { awakeTimeout } from './awake-timer.js';
import type { Child, Launch } from './child.js';
import { limits } from './limits.js';
import { FromReader } from './wire.js';

/** What a reader is asked to do. */
export interface Ask {
  task: string;
  input: unknown;
  timeoutMs: number;
}

/** How it went. `died`: the process did not survive it; `memory`: because it took too much. */
export type Outcome =
  | { kind: 'value'; value: unknown }
  | { kind: 'error'; code: string; message: string }
  | { kind: 'timed-out' | 'memory' | 'died' | 'ended' };

export interface ReaderEvents {
  onReady(): void;
  /** Called once. `started`: it had been ready. */
  onEnd(started: boolean, detail: string): void;
}

/** One process and the one task that it does at a time. */
export class Reader {
  /** When it was last done with something; of `performance.now()`. */
  restedAt = performance.now();
  readonly #child: Child;
  #ready = false;
  #ended = false;
  #next = 0;
  #running: { id: number; done: (outcome: Outcome) => void } | undefined;
  #cancelTimer: () => void;
  #detail = '';
  #onGone: () => void = () => undefined;
  /** Resolves when the process is gone. */
  readonly gone = new Promise<void>((resolve) => {
    this.#onGone = resolve;
  });

  /** Throws what `launch` throws. */
  constructor(
    launch: Launch,
    private readonly events: ReaderEvents,
  ) {
    this.#child = launch();
    this.#child.onMessage((message) => this.#receive(message));
    this.#child.onExit(() => {
      this.#end('died');
      this.#onGone();
    });
    this.#cancelTimer = awakeTimeout(() => {
      this.#detail = 'It took too long to start.';
      this.#end('died');
    }, limits.startMs);
  }

  /** Ready, and with nothing to do. */
  get free(): boolean {
    return this.#ready && !this.#ended && this.#running === undefined;
  }
  get starting(): boolean {
    return !this.#ready && !this.#ended;
  }

  /** Does one task; resolves in every case. Only for a reader that is free. */
  run({ task, input, timeoutMs }: Ask): Promise<Outcome> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#running = { id, done: resolve };
      this.#child.hold(true);
      this.#cancelTimer = awakeTimeout(() => this.#end('timed-out'), timeoutMs);
      this.#child.post({ id, task, input });
    });
  }

  /** Ends the process; what it does ends with `ended`. */
  end(): void {
    this.#end('ended');
  }

  #receive(message: unknown): void {
    if (this.#ended) return;
    const parsed = FromReader.safeParse(message);
    if (!parsed.success) this.#end('died');
    else if (parsed.data.kind === 'ready') this.#start();
    else if (parsed.data.kind === 'lost') {
      this.#detail = parsed.data.detail;
      this.#end(parsed.data.why === 'memory' ? 'memory' : 'died');
    } else this.#take(parsed.data);
  }

  #start(): void {
    if (this.#ready) return;
    this.#ready = true;
    this.#cancelTimer();
    this.#child.hold(false);
    this.events.onReady();
  }

  #take({ id, resident, ...outcome }: Extract<FromReader, { id: number }>): void {
    const running = this.#running;
    if (running?.id !== id) {
      this.#end('died');
      return;
    }
    this.#cancelTimer();
    this.#running = undefined;
    this.restedAt = performance.now();
    this.#child.hold(false);
    if (resident > limits.restingMb * 2 ** 20) this.#end('ended');
    running.done(outcome);
  }

  #end(how: 'timed-out' | 'memory' | 'died' | 'ended'): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelTimer();
    // Whoever waits for `gone` is not left behind by a process that has nothing else to do.
    this.#child.hold(true);
    this.#child.kill();
    const running = this.#running;
    this.#running = undefined;
    running?.done({ kind: how });
    this.events.onEnd(this.#ready, this.#detail);
  }
}

/** The error of an outcome that is no value. */
export function errorOf(outcome: Exclude<Outcome, { kind: 'value' }>, timeoutMs: number): WetreadError {
  switch (outcome.kind) {
    case 'error': {
      const { code, message } = outcome;
      return new WetreadError(errorCodes.find((known) => known === code) ?? 'internal', message);
    }
    case 'ended':
      return new WetreadError('cancelled', 'Cancelled.');
    case 'timed-out':
      return new WetreadError(
        'timed-out',
        `Reading it took longer than ${Math.round(timeoutMs / 1000)} seconds and was given up.`,
      );
    case 'memory':
      return new WetreadError('limit-exceeded', 'Reading it took too much memory and was given up.');
    case 'died':
      return new WetreadError(
        'damaged-file',
        'Reading it failed: the program that reads files broke down over it.',
      );
  }
}
