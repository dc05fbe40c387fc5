import { expect, it } from 'vitest';
import { toInput } from '../../../main/encode/image.js';
import { meanChroma } from '../../../main/encode/index.js';
import { resizeGrey } from '../../../main/study/index.js';

it('squashes whole images into 0…1, view after view', async () => {
  const white = { rows: 40, columns: 20, data: new Uint8Array(800).fill(255) };
  const black = { rows: 16, columns: 16, data: new Uint8Array(256) };
  const { data, dims } = await toInput([white, black], 16, resizeGrey);
  expect(dims).toEqual([2, 1, 16, 16]);
  expect([...data].slice(0, 256).every((v) => v === 1)).toBe(true);
  expect([...data].slice(256).every((v) => v === 0)).toBe(true);
});

it('keeps an image of the right size as it is', async () => {
  const data = Uint8Array.from({ length: 256 }, (_, i) => i);
  const input = await toInput([{ rows: 16, columns: 16, data }], 16, () => {
    throw new Error('There was nothing to resize.');
  });
  expect(input.data[255]).toBe(1);
  expect(input.data[51]).toBeCloseTo(0.2);
});

it('tells colour from grey', () => {
  expect(meanChroma({ kind: 'grey', data: Uint8Array.of(1, 200) })).toBe(0);
  expect(meanChroma({ kind: 'rgb', data: Uint8Array.of(9, 9, 9, 200, 200, 200) })).toBe(0);
  expect(meanChroma({ kind: 'rgb', data: Uint8Array.of(200, 100, 0, 0, 0, 0) })).toBe(100);
});
