import type { Random } from './random.js';

/** Numbers at which lengths, counts and offsets go wrong. */
export const oddNumbers = [
  0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 512, 1023, 1024, 4095, 4096, 0x7fff,
  0x8000, 0xfffe, 0xffff, 0x10000, 0xffffff, 0x7ffffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffe,
  0xffffffff,
] as const;

/** Writes `value` in `width` bytes at `at`, as far as there is room. */
export function put(bytes: Uint8Array, at: number, width: number, value: number, little: boolean): void {
  for (let i = 0; i < width; i++) {
    const place = at + (little ? i : width - 1 - i);
    if (place >= 0 && place < bytes.length) bytes[place] = Math.floor(value / 2 ** (8 * i)) & 255;
  }
}

/** `bytes` with what lies between `start` and `end` replaced. */
export function splice(bytes: Uint8Array, start: number, end: number, middle: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, start), middle, bytes.subarray(end)]));
}

const nothing = new Uint8Array();

/** One change that knows nothing of what the bytes mean. */
export function mutateBytes(
  input: Uint8Array,
  random: Random,
  dictionary: readonly Uint8Array[],
  other: Uint8Array,
): Uint8Array {
  const size = input.length;
  const at = random.below(size);
  if (size === 0) return random.bytes(random.between(1, 16));
  const changed = () => Uint8Array.from(input);
  switch (random.below(dictionary.length > 0 ? 14 : 11)) {
    case 0: {
      const out = changed();
      out[at] = (out[at] ?? 0) ^ (1 << random.below(8));
      return out;
    }
    case 1:
    case 2: {
      const out = changed();
      out[at] = random.word() & 255;
      return out;
    }
    case 3:
    case 4: {
      const out = changed();
      put(out, at, random.pick([1, 2, 4]), random.pick(oddNumbers), random.chance(0.5));
      return out;
    }
    case 5: {
      const out = changed();
      out[at] = (out[at] ?? 0) + random.between(-16, 16);
      return out;
    }
    case 6:
      return splice(input, at, Math.min(size, at + length(random, size)), nothing);
    case 7: {
      const from = random.below(size);
      return splice(input, at, at, input.subarray(from, from + length(random, size)));
    }
    case 8: {
      const from = random.below(other.length);
      const piece = other.subarray(from, from + length(random, other.length));
      return splice(input, at, random.chance(0.5) ? at : Math.min(size, at + piece.length), piece);
    }
    case 9:
      return input.slice(0, at);
    case 10: {
      const run = new Uint8Array(length(random, 256)).fill(random.pick([0, 0xff, random.word() & 255]));
      return splice(input, at, random.chance(0.5) ? at : Math.min(size, at + run.length), run);
    }
    default: {
      const word = random.pick(dictionary);
      return splice(input, at, random.chance(0.5) ? at : Math.min(size, at + word.length), word);
    }
  }
}

/** Mostly short. */
function length(random: Random, most: number): number {
  return random.between(1, Math.max(1, Math.min(most, random.pick([1, 2, 4, 8, 32, 256, 4096]))));
}
