import { expect, it } from 'vitest';
import { likenessOf } from '../../../main/encode/likeness.js';

const shape = { grid: 4, tokenWidth: 6, width: 16 };
const features = Float32Array.of(3, 4);
/** Tokens of a 4×4 grid, 6 channels each, all zero but for one cell. */
const lit = (cell: number) =>
  Float32Array.from({ length: 16 * 6 }, (_, i) => (Math.floor(i / 6) === cell ? (i % 6) + 1 : 0));
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

it('has unit length, and half of it from what is seen in all', () => {
  const vector = likenessOf(features, lit(0), shape);
  expect(vector).toHaveLength(16);
  expect(dot(vector, vector)).toBeCloseTo(1);
  expect([...vector.slice(0, 2)].map((v) => v * Math.SQRT2)).toEqual([
    expect.closeTo(0.6),
    expect.closeTo(0.8),
  ]);
});

it('is alike for what lies in the same quarter and not for what lies in another', () => {
  const topLeft = likenessOf(features, lit(0), shape);
  expect(dot(topLeft, likenessOf(features, lit(5), shape))).toBeCloseTo(1);
  expect(dot(topLeft, likenessOf(features, lit(2), shape))).toBeCloseTo(0.5);
  expect(dot(topLeft, likenessOf(features, lit(8), shape))).toBeCloseTo(0.5);
});

it('is no number gone wrong for an image without anything', () => {
  const vector = likenessOf(new Float32Array(2), new Float32Array(96), shape);
  expect([...vector]).toEqual(new Array(16).fill(0));
});
