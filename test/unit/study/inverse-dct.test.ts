import { expect, it } from 'vitest';
import { assemble } from '../../../.ci/assemble.js';
import { filledBy, openStrips } from '../../../main/study/inverse-dct.js';
import { inverseDctCode } from '../../../main/study/inverse-dct-code.js';

/** The inverse DCT as T.81, A.3.3, defines it, with the shift of level. */
function defined(block: Int32Array, precision: number): number[] {
  const half = (u: number) => (u === 0 ? Math.SQRT1_2 : 1);
  return Array.from({ length: 64 }, (_, place) => {
    const [x, y] = [place & 7, place >> 3];
    let sum = 0;
    for (let v = 0; v < 8; v++)
      for (let u = 0; u < 8; u++)
        sum +=
          half(u) *
          half(v) *
          (block[8 * v + u] ?? 0) *
          Math.cos(((2 * x + 1) * u * Math.PI) / 16) *
          Math.cos(((2 * y + 1) * v * Math.PI) / 16);
    return Math.min(2 ** precision - 1, Math.max(0, sum / 4 + 2 ** (precision - 1)));
  });
}

let seed = 7;
const below = (n: number) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * n);
};

it('is what inverse-dct.wat says', async () => {
  expect(Buffer.from(await assemble()).toString('base64')).toBe(inverseDctCode);
});

it.each([8, 12])('agrees with the definition within one level at %i bits', (precision) => {
  const samples = precision > 8 ? new Uint16Array(64 * 6) : new Uint8Array(64 * 6);
  const width = 24;
  for (let round = 0; round < 300; round++) {
    const { block, strips } = openStrips([{ samples, width, blockRows: 1 }], precision);
    // From a mean alone to coefficients everywhere, some in the first columns only.
    let columns = 0;
    const places = [1, 4, 12, 64][round % 4] ?? 1;
    for (let i = 0; i < places; i++) {
      const place = i === 0 ? 0 : below(64) & (round % 3 === 0 ? 0b111011 : 63);
      block[place] = below(2 ** precision) - 2 ** (precision - 1);
      columns |= filledBy[place] ?? 0;
    }
    const expected = defined(block, precision);
    strips[0]?.invert(1, 0, columns);
    strips[0]?.flush(1, 2);
    const got = expected.map((_, i) => samples[width * (8 + (i >> 3)) + 8 + (i & 7)] ?? 0);
    got.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] ?? 0))).toBeLessThan(1.01);
    });
    expect(block.every((coefficient) => coefficient === 0)).toBe(true);
  }
  // Nothing in the first row of blocks, nor in the block that was not put.
  expect(samples.subarray(0, 8 * width).every((value) => value === 0)).toBe(true);
  expect(samples[8 * width + 16]).toBe(0);
});
