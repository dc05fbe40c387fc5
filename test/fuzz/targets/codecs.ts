import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Decoded, decodeFrameBytes, type Expected } from '../../../main/study/codecs.js';
import { decodeJpeg } from '../../../main/study/jpeg.js';
import type { Codec } from '../../../main/study/syntax.js';
import { mutateBytes, oddNumbers, put } from '../mutate.js';
import type { Random } from '../random.js';
import {
  deflates,
  htj2k,
  jpeg2000,
  jpegLs,
  jpegs,
  jpegs12,
  losslessJpegs,
  rles,
  type Seed,
} from '../seeds/images.js';
import { mutateSegments, shrinkSides } from '../shape/segments.js';
import type { Target } from './target.js';

/*
 * Inputs of codecs are what the data set says of a frame, in eight bytes, and its stream:
 * rows, columns (2 each, below 2048), samples, bits, photometric interpretation, and how it is wanted.
 */
const head = 8;
const samplesOf = [1, 3, 4] as const;
const bitsOf = [8, 16, 1, 32, 64] as const;
const photometrics = [
  'MONOCHROME2',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_RCT',
  'YBR_ICT',
  'PALETTE COLOR',
  '',
] as const;

function join({ rows, columns, samples, bits, stream }: Seed): Uint8Array {
  const out = new Uint8Array(head + stream.length);
  put(out, 0, 2, rows, false);
  put(out, 2, 2, columns, false);
  out[4] = (samplesOf as readonly number[]).indexOf(samples);
  out[5] = (bitsOf as readonly number[]).indexOf(bits);
  out[6] = samples === 3 ? 2 : 0;
  out.set(stream, head);
  return out;
}

const among = <T>(list: readonly T[], byte: number | undefined, otherwise: T): T =>
  list[(byte ?? 0) % list.length] ?? otherwise;

function split(input: Uint8Array): { expected: Expected; stream: Uint8Array } {
  const word = (at: number) => 1 + (((((input[at] ?? 0) << 8) | (input[at + 1] ?? 0)) - 1) & 2047);
  const wanted = input[7] ?? 0;
  return {
    expected: {
      rows: word(0),
      columns: word(2),
      samples: among(samplesOf, input[4], 1),
      bitsAllocated: among(bitsOf, input[5], 8),
      photometric: among(photometrics, input[6], ''),
      asStored: (wanted & 1) === 1,
      minSidePx: wanted & 2 ? wanted >> 2 : undefined,
    },
    stream: input.subarray(Math.min(head, input.length)),
  };
}

/** What a codec says it decoded is what it gives. */
function check({ rows, columns, samples, bytesPerSample, data }: Decoded): void {
  if (!(rows > 0 && columns > 0 && samples > 0) || data.length !== rows * columns * samples * bytesPerSample)
    throw new Error('The decoded image has not the size that it says.');
}

function codecTarget(
  name: string,
  codec: Codec,
  seeds: () => Promise<Seed[]> | Seed[],
  more: Pick<Target, 'mutate' | 'dictionary'> & { also?: (stream: Uint8Array) => void } = {},
): Target {
  const { also, ...rest } = more;
  return {
    name,
    maxBytes: 1 << 14,
    seeds: async () => (await seeds()).map(join),
    mutate: (input, random) => (input.length > head ? mutateSegments(input, random, head) : undefined),
    settle(input, random) {
      if (random.chance(0.03) || input.length < head) return input;
      const out = Uint8Array.from(input);
      for (const at of [0, 2]) if (((out[at] ?? 0) & 7) !== 0) out[at] = 0;
      shrinkSides(out.subarray(head));
      return out;
    },
    async run(input) {
      const { expected, stream } = split(input);
      also?.(stream);
      check(await decodeFrameBytes(codec, stream, expected));
    },
    ...rest,
  };
}

/** Segment offsets that lie, and runs of PackBits that are longer or shorter than they say. */
function mutateRle(input: Uint8Array, random: Random): Uint8Array | undefined {
  if (input.length < head + 66) return undefined;
  const out = Uint8Array.from(input);
  if (random.chance(0.4)) {
    const value = random.chance(0.5) ? random.pick(oddNumbers) : random.below(2 * input.length);
    put(out, head + 4 * random.below(16), 4, value, true);
  } else {
    const at = head + 64 + random.below(input.length - head - 64);
    out[at] = random.pick([0, 1, 127, 128, 129, 200, 254, 255]);
  }
  return out;
}

/** The bytes behind the compression changed, or much of one byte. */
function mutateDeflated(input: Uint8Array, random: Random): Uint8Array | undefined {
  let raw: Uint8Array;
  try {
    raw = inflateRawSync(input.subarray(head), { maxOutputLength: 1 << 20, finishFlush: 2 });
  } catch {
    return undefined;
  }
  const changed = random.chance(0.1)
    ? new Uint8Array(random.pick([1000, 10_000, 1_000_000]))
    : mutateBytes(raw, random, [], raw);
  return Buffer.concat([input.subarray(0, head), deflateRawSync(changed, { level: random.pick([0, 1, 9]) })]);
}

/** The decoder of our own, which the WebAssembly one stands before at eight bits. */
const own = (stream: Uint8Array) => {
  try {
    decodeJpeg(stream, 1 << 20);
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== 'WetreadError') throw thrown;
  }
};

export const codecTargets: readonly Target[] = [
  codecTarget('rle', 'rle', rles, { mutate: mutateRle }),
  codecTarget('deflate', 'deflate', deflates, { mutate: mutateDeflated }),
  codecTarget('jpeg-baseline', 'jpeg', () => jpegs(false), { also: own }),
  codecTarget('jpeg-progressive', 'jpeg', () => jpegs(true), { also: own }),
  codecTarget('jpeg-12-bit', 'jpeg', jpegs12),
  codecTarget('jpeg-lossless', 'jpeg-lossless', losslessJpegs),
  codecTarget('jpeg-ls', 'jpeg-ls', jpegLs),
  codecTarget('jpeg-2000', 'jpeg-2000', jpeg2000),
  codecTarget('htj2k', 'htj2k', htj2k),
];
