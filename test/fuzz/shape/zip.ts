/* ZIP as its writers see it: local headers, the directory and its end, whose fields can contradict each other. */
import { deflateRawSync } from 'node:zlib';
import { oddNumbers, put, splice } from '../mutate.js';
import type { Random } from '../random.js';
import { text } from '../targets/target.js';

export const zipWords: readonly Uint8Array[] = [
  'PK\x01\x02',
  'PK\x03\x04',
  'PK\x05\x06',
  'PK\x06\x06',
  'PK\x06\x07',
  'PK\x07\x08',
  '../../x',
  '/etc/passwd',
  'C:\\x',
  '..\\x',
  'a/../../b',
  '\0',
  '!/',
  'DICM',
  '\x01\x00\x1c\x00',
  'up',
].map(text);

/** Zeros that are small as long as they are packed. */
const bombs = [1000, 1_000_000, 20_000_000].map((size) => deflateRawSync(new Uint8Array(size), { level: 9 }));

interface Head {
  at: number;
  kind: 'local' | 'central' | 'end';
}
const fields = {
  local: [4, 6, 8, 10, 14, 18, 22, 26, 28],
  central: [4, 6, 8, 10, 16, 20, 24, 28, 30, 32, 34, 36, 38, 42],
  end: [4, 6, 8, 10, 12, 16, 20],
} as const;
/** Fields of four bytes. */
const wide = { local: [14, 18, 22], central: [16, 20, 24, 38, 42], end: [12, 16] } as const;
const lengths = { local: 30, central: 46, end: 22 } as const;

function headsOf(bytes: Uint8Array): Head[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const heads: Head[] = [];
  for (let at = 0; at + 22 <= bytes.length && heads.length < 100; at++) {
    const mark = view.getUint32(at, true);
    if (mark === 0x04034b50) heads.push({ at, kind: 'local' });
    else if (mark === 0x02014b50) heads.push({ at, kind: 'central' });
    else if (mark === 0x06054b50) heads.push({ at, kind: 'end' });
  }
  return heads;
}

/** One field, name or member changed; undefined where there is no head left. */
export function mutateZip(input: Uint8Array, random: Random): Uint8Array | undefined {
  const heads = headsOf(input);
  if (heads.length === 0) return undefined;
  const { at, kind } = random.pick(heads);
  const out = Uint8Array.from(input);
  switch (random.below(6)) {
    case 0:
    case 1: {
      const field = random.pick<number>(fields[kind]);
      const width = (wide[kind] as readonly number[]).includes(field) ? 4 : 2;
      put(
        out,
        at + field,
        width,
        random.chance(0.6) ? random.pick(oddNumbers) : random.below(input.length),
        true,
      );
      return out;
    }
    case 2: {
      const name = random.pick(zipWords);
      return splice(input, at + lengths[kind], at + lengths[kind] + name.length, name);
    }
    case 3:
      return splice(input, at, at, input.subarray(at, at + random.between(20, 120)));
    case 4: {
      const other = random.pick(heads);
      put(out, at + (kind === 'central' ? 42 : 16), 4, other.at, true);
      return out;
    }
    default: {
      const bomb = random.pick(bombs);
      return kind === 'local' ? splice(input, at + 40, at + 60, bomb.subarray(0, 20_000)) : undefined;
    }
  }
}
