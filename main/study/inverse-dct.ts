import { inverseDctCode } from './inverse-dct-code.js';

/* The inverse DCT of JPEG in WebAssembly, four columns at once: in JavaScript it took more than half the time of an image. */

/** Which columns of a block hold coefficients: bit `x` for below the first row, bit `8 + x` for anywhere but its first place. */
export type Filled = number;
/** What a coefficient at each place (row by row) adds to it. */
export const filledBy = Uint16Array.from({ length: 64 }, (_, place) => {
  const column = 1 << (place & 7);
  return place === 0 ? 0 : place < 8 ? column << 8 : (column << 8) | column;
});

/** Samples of one component of an image. */
export interface Plane {
  samples: Uint8Array | Uint16Array;
  /** In samples, a multiple of 8. */
  width: number;
  /** Rows of blocks that are inverted together. */
  blockRows: number;
}

/** Some rows of blocks on their way to their plane. */
export interface Strip {
  /** Inverts what lies in the block, which is zero afterwards, to block `x` of row `y` of the strip. */
  invert(x: number, y: number, columns: Filled): void;
  /** Puts the first `blocks` blocks of each row into the plane, from that row of blocks on. */
  flush(blockRow: number, blocks: number): void;
}

interface Code {
  memory: WebAssembly.Memory;
  invert(target: number, pitch: number, bits: number, columns: number): void;
}

/** Where samples begin in the memory of the code. */
const samplesAt = 768;
const pageBytes = 65536;

let loaded: Code | undefined;

function load(): Code {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(inverseDctCode, 'base64')));
  // What inverse-dct.wat exports, which is part of this file.
  return exports as unknown as Code;
}

/**
 * A strip for each plane, and the block that is to be inverted next: 64 dequantized coefficients, row by row. They are good until the
 * next call, since all share one memory.
 * @param precision bits of a sample, 8 or 12
 */
export function openStrips(
  planes: readonly Plane[],
  precision: number,
): { block: Int32Array; strips: Strip[] } {
  loaded ??= load();
  const { memory, invert } = loaded;
  let end = samplesAt;
  const places = planes.map(({ width, blockRows }) => {
    const at = end;
    end += 2 * width * 8 * blockRows;
    return at;
  });
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  const block = new Int32Array(memory.buffer, 0, 64);
  // Whoever used it before may have stopped at damaged data.
  block.fill(0);
  const strips = planes.map(({ samples, width, blockRows }, i): Strip => {
    const at = places[i] ?? samplesAt;
    const held = new Uint16Array(memory.buffer, at, width * 8 * blockRows);
    const pitch = 2 * width;
    return {
      invert: (x, y, columns) => invert(at + 8 * (y * pitch + 2 * x), pitch, precision, columns),
      flush: (blockRow, blocks) => {
        const first = 8 * blockRow * width;
        for (let from = 0; from < held.length; from += width)
          samples.set(held.subarray(from, from + 8 * blocks), first + from);
      },
    };
  });
  return { block, strips };
}
