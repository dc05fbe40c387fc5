import { describe, expect, test } from 'vitest';
import { fuse, type Ranking } from '../../../main/retrieve/fuse.js';

const constants = { k: 10, bm25Half: 8 };
const text = (...hits: [string, number][]): Ranking => ({
  way: 'text',
  weight: 1,
  hits: hits.map(([key, score]) => ({ key, score })),
});
const bm25 = (...hits: [string, number][]): Ranking => ({ ...text(...hits), way: 'bm25' });

describe('fuse', () => {
  test('ranks what several ways agree on above what one way finds best, and keeps the own scores', () => {
    const fused = fuse([text(['a', 0.6], ['b', 0.6]), bm25(['c', 8], ['b', 8])], constants);
    expect(fused.map(({ key }) => key)).toEqual(['b', 'a', 'c']);
    expect(fused[0]?.scores).toEqual({ text: 0.6, bm25: 8 });
    expect(fused[2]?.scores).toEqual({ bm25: 8 });
  });

  test('follows its formula: root of the share of reciprocal ranks times the strongest own score', () => {
    const [a] = fuse([text(['a', 0.25]), bm25(['b', 1], ['a', 2])], constants);
    const share = (1 / 11 + 1 / 12) / (2 / 11);
    expect(a?.score).toBeCloseTo(Math.sqrt(share * 0.25), 10);
  });

  test('scores the best of a bad lot low', () => {
    const good = fuse([text(['a', 0.8])], constants)[0]?.score ?? 0;
    const bad = fuse([text(['a', 0.05])], constants)[0]?.score ?? 0;
    expect(good).toBeGreaterThan(0.85);
    expect(bad).toBeLessThan(0.25);
  });

  test('stays within 0…1 for negative cosines and large factors', () => {
    const fused = fuse([text(['a', 1], ['b', -0.4])], constants, () => 5);
    for (const { score } of fused) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  test('a factor above 1 raises, below 1 lowers', () => {
    const fused = fuse([text(['a', 0.5], ['b', 0.49], ['c', 0.48])], constants, (key) =>
      key === 'c' ? 1.6 : key === 'a' ? 0.5 : 1,
    );
    expect(fused.map(({ key }) => key)).toEqual(['c', 'b', 'a']);
  });

  test('nothing found fuses to nothing', () => {
    expect(fuse([], constants)).toEqual([]);
    expect(fuse([text()], constants)).toEqual([]);
  });
});
