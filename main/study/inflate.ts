import { inflateRawSync } from 'node:zlib';
import { WetreadError } from '../error.js';
import { type ByteSource, memorySource } from './bytes.js';
import { limits } from './limits.js';

/** Pieces that zlib inflates into: in Node's of 16 kB an image costs twice the time. */
const [leastPiece, largestPiece] = [2 ** 20, 64 * 2 ** 20];
/** Images inflate to less than this many times their size, so that one piece is mostly enough and nothing is joined, which costs a copy. */
const usualRatio = 4;

/** How large `deflated` bytes may become: what is small may grow as it likes, what is large only as images do. */
export const inflatedLimit = (deflated: number): number =>
  Math.min(limits.inflatedBytes, Math.max(limits.inflatedFreely, deflated * limits.inflationRatio));

/**
 * The deflated data set (PS3.5 A.5) from `start` to the end of a file.
 * Throws WetreadError `limit-exceeded`, `damaged-file`.
 */
export function inflateDataSet(source: ByteSource, start: number): ByteSource {
  const size = source.size - start;
  if (size > limits.inflatedBytes)
    throw new WetreadError('limit-exceeded', 'Its deflated data set is too large to be opened.');
  try {
    return memorySource(
      inflateRawSync(source.read(start, size), {
        maxOutputLength: inflatedLimit(size),
        finishFlush: 2,
        chunkSize: Math.min(largestPiece, Math.max(leastPiece, usualRatio * size)),
      }),
    );
  } catch (cause) {
    const tooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw tooLarge
      ? new WetreadError(
          'limit-exceeded',
          'Its deflated data set grows too large when it is inflated: it may have been made to harm.',
          { cause },
        )
      : new WetreadError('damaged-file', 'Its deflated data set cannot be inflated. Ask for another copy.', {
          cause,
        });
  }
}
