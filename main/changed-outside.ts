/** Looking for what other processes, the command line above all, changed in the data folder while the window is open. */

/** What can be changed from outside. */
export interface Watched {
  /** Another value for each state; asked again and again, so it must cost next to nothing. */
  stamp(): Promise<string>;
  /** Told when it is another than before. */
  onChange(): void;
}

const lookEveryMs = 1000;

/** Watches until it is disposed of. What cannot be looked at now is looked at the next time. */
export class ChangedOutside {
  readonly #timer: NodeJS.Timeout;
  #looking = false;

  constructor(watched: readonly Watched[]) {
    const seen = new Map<Watched, string>();
    const look = async () => {
      for (const one of watched) {
        const stamp = await one.stamp().catch(() => seen.get(one));
        const before = seen.get(one);
        if (stamp === undefined || stamp === before) continue;
        seen.set(one, stamp);
        if (before !== undefined) one.onChange();
      }
    };
    const lookAlone = async () => {
      if (this.#looking) return;
      this.#looking = true;
      await look();
      this.#looking = false;
    };
    this.#timer = setInterval(() => void lookAlone(), lookEveryMs);
    this.#timer.unref();
    void lookAlone();
  }

  dispose(): void {
    clearInterval(this.#timer);
  }
}
