/**
 * When to lock: after the idle minutes that an administrator set, when the system's screen is locked, and when it goes to sleep. The engine
 * does the locking; without local users there is nothing to lock.
 */
import type { PowerMonitor } from 'electron';
import type { SessionState } from '../../preload/values.js';

export interface IdleLockOptions {
  power: Pick<PowerMonitor, 'getSystemIdleTime' | 'on' | 'off'>;
  /** Has the engine lock. */
  lock: () => void;
}

/** Looked at no more often than every second; no less often than every minute, as the timer may stand still in sleep. */
const shortestPauseSeconds = 1;
const longestPauseSeconds = 60;

const moments = ['lock-screen', 'suspend', 'user-did-resign-active'] as const;

export class IdleLock {
  #state: SessionState | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #now = () => {
    if (this.#state?.state === 'signed-in') this.options.lock();
  };

  constructor(private readonly options: IdleLockOptions) {
    for (const moment of moments) this.#listen('on', moment);
  }

  /** Whether nobody is signed in who would have to be, as far as the engine has said. */
  get locked(): boolean {
    return this.#state?.state === 'locked';
  }

  /** Takes the session as the engine says it is. */
  follow(state: SessionState): void {
    this.#state = state;
    this.#watch();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const moment of moments) this.#listen('off', moment);
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#state?.state !== 'signed-in') return;
    const left = this.#state.lockMinutes * 60 - this.options.power.getSystemIdleTime();
    // Asked again until the engine says that it is locked.
    if (left <= 0) this.options.lock();
    const pause = Math.min(longestPauseSeconds, Math.max(shortestPauseSeconds, left));
    this.#timer = setTimeout(() => this.#watch(), pause * 1000);
  }

  /** One overload an event in Electron's types; they are all of one shape. */
  #listen(way: 'on' | 'off', moment: (typeof moments)[number]): void {
    this.options.power[way](moment as 'suspend', this.#now);
  }
}
