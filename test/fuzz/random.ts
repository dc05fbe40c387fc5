/** Random numbers that a seed and the number of an execution determine, so that any input can be made again. */
export class Random {
  #state: number;

  constructor(seed: number, execution: number) {
    // Two rounds of a 32-bit mix: neighbouring executions share nothing.
    this.#state = mix(mix(seed ^ 0x9e3779b9) ^ mix(execution + 0x85ebca6b)) >>> 0;
  }

  /** 0 … 2³² − 1 (mulberry32). */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** 0 … limit − 1; 0 where the limit is 0. */
  below(limit: number): number {
    return limit <= 1 ? 0 : Math.floor((this.word() / 2 ** 32) * limit);
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(share: number): boolean {
    return this.word() < share * 2 ** 32;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    const one = list[this.below(list.length)];
    if (one === undefined) throw new Error('Nothing to pick from.');
    return one;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.word() & 255);
  }
}

function mix(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}
