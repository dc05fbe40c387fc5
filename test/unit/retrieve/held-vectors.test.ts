import { expect, test } from 'vitest';
import { HeldVectors } from '../../../main/retrieve/store/held-vectors.js';
import { dot } from '../../../main/retrieve/vectors.js';

/** Unit vectors that lie close together, as those of the joint space do. */
function vectorsNear(centre: number, count: number, width: number): Float32Array[] {
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  return Array.from({ length: count }, () => {
    const vector = Float32Array.from({ length: width }, (_, at) => (at === 0 ? centre : next()));
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
}

test('cosines with held vectors are those of the vectors', () => {
  const vectors = vectorsNear(20, 200, 256);
  const held = new HeldVectors(201, 256);
  for (const [at, vector] of vectors.entries()) held.set(at, vector);
  const vectorAt = held.reader();
  const [query = new Float32Array(256)] = vectors;
  for (const [at, vector] of vectors.entries()) {
    expect(Math.abs((held.cosine(query, at) ?? 0) - dot(query, vector))).toBeLessThan(2e-5);
    expect(Math.abs(dot(vectorAt(at) ?? vector.map(() => 0), query) - dot(query, vector))).toBeLessThan(2e-5);
  }
});

test('a row without a vector has none', () => {
  const held = new HeldVectors(2, 4);
  held.set(1, Float32Array.of(1, 0, 0, 0));
  expect(held.cosine(Float32Array.of(1, 0, 0, 0), 0)).toBeUndefined();
  const vectorAt = held.reader();
  expect(vectorAt(0)).toBeUndefined();
  expect(vectorAt(2)).toBeUndefined();
  expect(held.cosine(Float32Array.of(1, 0, 0, 0), 1)).toBeCloseTo(1, 5);
});
