import { WetreadError } from '../error.js';
import type { ByteSource } from './bytes.js';
import type { Header } from './header.js';
import { limits } from './limits.js';

interface Fragment {
  /** Of the fragment's bytes, in the source. */
  offset: number;
  length: number;
  /** Of its item tag, from the first byte behind the basic offset table. */
  item: number;
}

/** Fragments of each frame of encapsulated pixel data. */
export type FrameIndex = readonly (readonly Fragment[])[];

/**
 * Finds the frames of encapsulated pixel data (PS3.5 A.4): by the extended offset table, by the basic offset table, one
 * fragment a frame, or by the start marker of the codec; a table that does not fit the fragments is not believed.
 * Throws WetreadError `damaged-file`, `limit-exceeded`.
 */
export function indexFrames(
  header: Header,
  frames: number,
  extendedOffsets: readonly number[] | undefined,
): FrameIndex {
  const { source, pixel } = header;
  if (!pixel) throw new WetreadError('no-pixels', 'It holds no image.');
  const { table, fragments } = readFragments(source, pixel.offset, header.littleEndian);
  if (fragments.length === 0)
    throw new WetreadError('damaged-file', 'Its compressed pixel data is empty. Ask for another copy.');
  if (frames === 1) return [fragments];
  for (const offsets of [extendedOffsets, table]) {
    const split = offsets && splitAt(fragments, offsets, frames);
    if (split) return split;
  }
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  if (fragments.length > frames) {
    const starts = fragments.filter((fragment) => beginsImage(source.read(fragment.offset, 12)));
    const split = splitAt(
      fragments,
      starts.map((fragment) => fragment.item),
      frames,
    );
    if (split) return split;
  }
  throw new WetreadError(
    'damaged-file',
    `Its compressed pixel data holds ${fragments.length} pieces that do not make ${frames} frames.`,
  );
}

/** The compressed bytes of one frame, fragments joined. */
export function encodedFrame(source: ByteSource, index: FrameIndex, frame: number): Uint8Array {
  const fragments = index[frame];
  if (!fragments) throw new WetreadError('damaged-file', `Frame ${frame + 1} is missing.`);
  const size = fragments.reduce((sum, fragment) => sum + fragment.length, 0);
  if (size > limits.frameBytes)
    throw new WetreadError('limit-exceeded', `Frame ${frame + 1} is too large to be decoded.`);
  const only = fragments.length === 1 ? fragments[0] : undefined;
  if (only) return source.read(only.offset, only.length);
  const joined = new Uint8Array(size);
  let at = 0;
  for (const fragment of fragments) {
    joined.set(source.read(fragment.offset, fragment.length), at);
    at += fragment.length;
  }
  return joined;
}

/** Where pieces are small, many heads are read at once; where they are large, only the heads. */
const smallPiece = 4 * 1024;
const manyHeads = 64 * 1024;

/** What a file of a few bytes more than it has may be missing: the padding of its last piece. */
const padding = 1;

function readFragments(
  source: ByteSource,
  start: number,
  littleEndian: boolean,
): { table: number[] | undefined; fragments: Fragment[] } {
  const fragments: Fragment[] = [];
  let table: number[] | undefined;
  let position = start;
  let base = start;
  let near: DataView = new DataView(new ArrayBuffer(0));
  let nearStart = start;
  let previous = 0;
  while (position + 8 <= source.size) {
    if (position < nearStart || position + 8 > nearStart + near.byteLength) {
      const bytes = source.read(position, previous < smallPiece ? manyHeads : 8);
      near = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      nearStart = position;
      if (bytes.length < 8) break;
    }
    const at = position - nearStart;
    const element = near.getUint16(at + 2, littleEndian);
    const length = near.getUint32(at + 4, littleEndian);
    if (near.getUint16(at, littleEndian) !== 0xfffe || element !== 0xe000) break;
    if (length === 0xffffffff)
      throw new WetreadError(
        'damaged-file',
        'A piece of its pixel data has no length. Ask for another copy.',
      );
    const available = Math.min(length, source.size - position - 8);
    if (length - available > padding)
      throw new WetreadError(
        'damaged-file',
        `Its compressed pixel data is cut short: ${length - available} bytes are missing. Ask for another copy.`,
      );
    if (table === undefined) {
      table = readTable(source, position + 8, available, littleEndian);
      base = position + 8 + length;
    } else if (length > 0) {
      if (fragments.length >= limits.fragments)
        throw new WetreadError(
          'limit-exceeded',
          `Its pixel data is in more than ${limits.fragments} pieces, which no image needs.`,
        );
      fragments.push({ offset: position + 8, length: available, item: position - base });
    }
    previous = length;
    position += 8 + length;
  }
  return { table, fragments };
}

/** The basic offset table; one that is larger than frames can be is none. */
function readTable(source: ByteSource, offset: number, length: number, littleEndian: boolean): number[] {
  if (length > 4 * limits.frames) return [];
  const bytes = source.read(offset, length);
  const values = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) =>
    values.getUint32(4 * i, littleEndian),
  );
}

function splitAt(
  fragments: readonly Fragment[],
  offsets: readonly number[],
  frames: number,
): FrameIndex | undefined {
  if (offsets.length !== frames || offsets[0] !== fragments[0]?.item) return undefined;
  const starts = new Set(offsets);
  if (starts.size !== frames) return undefined;
  const split: Fragment[][] = [];
  for (const fragment of fragments) {
    if (starts.has(fragment.item)) split.push([]);
    split.at(-1)?.push(fragment);
  }
  return split.length === frames ? split : undefined;
}

/** JPEG and JPEG-LS begin with SOI and another marker, JPEG 2000 with SOC and SIZ, or with the JP2 signature box. */
function beginsImage(head: Uint8Array): boolean {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return true;
  if (head[0] === 0xff && head[1] === 0x4f && head[2] === 0xff && head[3] === 0x51) return true;
  return head[4] === 0x6a && head[5] === 0x50 && head[6] === 0x20 && head[7] === 0x20;
}
