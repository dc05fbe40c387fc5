/* JPEG, JPEG-LS and JPEG 2000 as their writers see them: marker segments with lengths, and coded data between them. */
import { oddNumbers, put, splice } from '../mutate.js';
import type { Random } from '../random.js';

interface Segment {
  marker: number;
  start: number;
  /** Of its body, behind the length. */
  body: number;
  end: number;
}

/** Markers without a segment: restart, start and end of image, start of data of JPEG 2000. */
const bare = (marker: number) =>
  (marker >= 0xd0 && marker <= 0xd9) || marker === 0x4f || marker === 0x93 || marker === 1;

const mostSegments = 200;

/** Segments from `from` on; what lies between them is coded data. */
function segmentsOf(bytes: Uint8Array, from: number): Segment[] {
  const segments: Segment[] = [];
  let at = from;
  while (at + 1 < bytes.length && segments.length < mostSegments) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === 0 || marker === 0xff) {
      at++;
      continue;
    }
    const length = bare(marker) ? 0 : ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const end = Math.min(bytes.length, at + 2 + length);
    segments.push({ marker, start: at, body: Math.min(at + 4, end), end });
    at = end;
  }
  return segments;
}

/**
 * One change of a segment: gone, twice, moved, another marker, a lying length, a number in its body, or a change of the coded data behind it.
 * @param from where the stream begins
 */
export function mutateSegments(input: Uint8Array, random: Random, from: number): Uint8Array | undefined {
  const segments = segmentsOf(input, from);
  if (segments.length === 0) return undefined;
  const segment = random.pick(segments);
  const { start, body, end } = segment;
  const out = Uint8Array.from(input);
  switch (random.below(10)) {
    case 0:
      return splice(input, start, end, new Uint8Array());
    case 1: {
      const to = random.pick(segments).start;
      return splice(input, to, to, input.subarray(start, end));
    }
    case 2:
      out[start + 1] = random.chance(0.7) ? random.pick(markers) : random.word() & 255;
      return out;
    case 3:
      put(
        out,
        start + 2,
        2,
        random.chance(0.5) ? end - start - 2 + random.between(-3, 3) : random.pick(oddNumbers),
        false,
      );
      return out;
    case 4:
    case 5:
    case 6: {
      const at = body + random.below(end - body);
      const width = random.pick([1, 1, 2, 4]);
      put(out, at, width, random.chance(0.5) ? random.pick(oddNumbers) : random.word(), false);
      return out;
    }
    case 7: {
      // A number of the body made a little larger or smaller, and the length with it.
      const at = body + random.below(end - body);
      const piece = random.bytes(random.between(1, 4));
      const grown = random.chance(0.5)
        ? splice(input, at, at, piece)
        : splice(input, at, Math.min(end, at + piece.length), new Uint8Array());
      put(grown, start + 2, 2, end - start - 2 + (grown.length - input.length), false);
      return grown;
    }
    case 8: {
      const data = segments.filter(({ marker }) => marker === 0xda || marker === 0x93);
      const first = data.length > 0 ? random.pick(data).end : from;
      for (let i = random.between(1, 8); i > 0; i--) {
        const at = first + random.below(out.length - first);
        out[at] = random.chance(0.2) ? 0xff : random.word() & 255;
      }
      return out;
    }
    default: {
      const other = random.pick(segments);
      const [one, two] = segment.start < other.start ? [segment, other] : [other, segment];
      if (one.end > two.start) return undefined;
      return Buffer.concat([
        ...[
          input.subarray(0, one.start),
          input.subarray(two.start, two.end),
          input.subarray(one.end, two.start),
        ],
        ...[input.subarray(one.start, one.end), input.subarray(two.end)],
      ]);
    }
  }
}

const markers = [
  0x4f, 0x51, 0x52, 0x53, 0x55, 0x57, 0x58, 0x5c, 0x5d, 0x5e, 0x5f, 0x60, 0x64, 0x90, 0x91, 0x92, 0x93, 0xc0,
  0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc8, 0xc9, 0xcc, 0xd0, 0xd7, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xe0, 0xee,
  0xf7, 0xf8, 0xfe,
];

/** Sides of the image where a stream states them (SOF, SIZ), made small where they are large, in place. */
export function shrinkSides(stream: Uint8Array): void {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  for (const { marker, body, end } of segmentsOf(stream, 0)) {
    const frame = (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4) || marker === 0xf7;
    if (frame && end - body >= 5)
      for (const at of [body + 1, body + 3])
        if (view.getUint16(at) > 255) view.setUint16(at, view.getUint16(at) & 127);
    if (marker === 0x51 && end - body >= 34)
      for (const at of [body + 2, body + 6])
        if (view.getUint32(at) > 255) view.setUint32(at, view.getUint32(at) & 127);
  }
}
