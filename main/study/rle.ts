import { WetreadError } from '../error.js';

/**
 * RLE Lossless (PS3.5 Annex G): one segment a byte plane, the most significant byte of each sample first.
 * @param pixels rows × columns of the frame
 * @param samples samples a pixel
 * @param bytesPerSample bytes of one sample
 * @returns samples interleaved, little endian
 */
export function decodeRle(
  encoded: Uint8Array,
  pixels: number,
  samples: number,
  bytesPerSample: number,
): Uint8Array<ArrayBuffer> {
  const damaged = (what: string) => new WetreadError('damaged-file', `Its RLE data is damaged: ${what}.`);
  if (encoded.length < 64) throw damaged('there is no header');
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const segments = view.getUint32(0, true);
  const expected = samples * bytesPerSample;
  if (segments !== expected) throw damaged(`${segments} segments where ${expected} belong`);
  const stride = samples * bytesPerSample;
  // Two bytes make 128 at the most: what asks for more is refused before the memory is reserved.
  if (pixels * stride > 64 * encoded.length) throw damaged('a segment is too short');
  const out = new Uint8Array(pixels * stride);
  for (let segment = 0; segment < segments; segment++) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : encoded.length;
    if (start < 64 || start >= encoded.length || end <= start) throw damaged('a segment lies outside of it');
    const sample = Math.floor(segment / bytesPerSample);
    const plane = sample * bytesPerSample + (bytesPerSample - 1 - (segment % bytesPerSample));
    const stop = Math.min(end, encoded.length);
    const filled =
      stride === 1
        ? unpackWhole(encoded, start, stop, out)
        : unpack(encoded, start, stop, out, plane, stride);
    if (filled < pixels) throw damaged('a segment is too short');
  }
  return out;
}

/** PackBits; returns how many values were written. */
function unpack(
  from: Uint8Array,
  start: number,
  end: number,
  to: Uint8Array,
  first: number,
  stride: number,
): number {
  const size = to.length;
  let target = first;
  let position = start;
  while (position < end && target < size) {
    const control = from[position++] ?? 128;
    if (control < 128) {
      for (let n = control + 1; n > 0 && position < end && target < size; n--, target += stride)
        to[target] = from[position++] ?? 0;
    } else if (control > 128) {
      const value = from[position++] ?? 0;
      for (let n = 257 - control; n > 0 && target < size; n--, target += stride) to[target] = value;
    }
  }
  return (target - first) / stride;
}

/** A run that is worth a call. */
const longRun = 24;

/** PackBits of the only byte plane, whose runs are filled at once; returns how many values were written. */
function unpackWhole(from: Uint8Array, start: number, end: number, to: Uint8Array): number {
  const size = to.length;
  let target = 0;
  let position = start;
  while (position < end && target < size) {
    const control = from[position++] ?? 128;
    if (control < 128) {
      for (let n = control + 1; n > 0 && position < end && target < size; n--)
        to[target++] = from[position++] ?? 0;
    } else if (control > 128) {
      const value = from[position++] ?? 0;
      const stop = Math.min(target + 257 - control, size);
      if (stop - target >= longRun) to.fill(value, target, stop);
      else for (let at = target; at < stop; at++) to[at] = value;
      target = stop;
    }
  }
  return target;
}
