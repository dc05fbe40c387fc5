/*
 * Which parts of the instrumented code an execution reaches: `instrument.ts` puts a counter at every branch, and an input is kept when it
 * reaches a counter, or a magnitude of one (once, twice, 3, 4 to 7, … as AFL counts), that none before it has.
 */

declare global {
  /** Counters of the instrumented code; it looks them up here when it is loaded. */
  var fuzzCounters: Uint8Array | undefined;
}

const most = 1 << 16;

const magnitudes = Uint8Array.from({ length: 256 }, (_, count) =>
  count === 0
    ? 0
    : count < 4
      ? 1 << (count - 1)
      : count < 8
        ? 8
        : count < 16
          ? 16
          : count < 32
            ? 32
            : count < 128
              ? 64
              : 128,
);

/** Makes the counters. To be called before the instrumented code is loaded. */
globalThis.fuzzCounters ??= new Uint8Array(most);
export const counters: Uint8Array = globalThis.fuzzCounters;

export class Coverage {
  readonly #seen = new Uint8Array(most);
  readonly #counters: Uint8Array;
  readonly #words: Uint32Array;
  readonly #others: (() => number)[] = [];
  #hit = 0;

  /** @param places how many counters are in use */
  constructor(places: number) {
    const words = Math.ceil(Math.min(places, most) / 4);
    this.#counters = counters.subarray(0, 4 * words);
    this.#words = new Uint32Array(counters.buffer, 0, words);
  }

  /** How many places were reached so far. */
  get hit(): number {
    return this.#hit;
  }

  /** Counts places that are kept elsewhere, too. @param takeNew after an execution: how many it reached that were never reached before */
  also(takeNew: () => number): void {
    this.#others.push(takeNew);
  }

  /** Before an execution. */
  clear(): void {
    this.#counters.fill(0);
  }

  /** After an execution: how much it reached that none before had, places and magnitudes. */
  take(): number {
    let fresh = 0;
    for (const takeNew of this.#others) {
      const found = takeNew();
      this.#hit += found;
      fresh += found;
    }
    for (let word = 0; word < this.#words.length; word++) {
      if (this.#words[word] === 0) continue;
      for (let at = 4 * word; at < 4 * word + 4; at++) {
        const reached = magnitudes[counters[at] ?? 0] ?? 0;
        const seen = this.#seen[at] ?? 0;
        if ((reached & ~seen) === 0) continue;
        if (seen === 0) this.#hit++;
        this.#seen[at] = seen | reached;
        fresh++;
      }
    }
    return fresh;
  }
}
