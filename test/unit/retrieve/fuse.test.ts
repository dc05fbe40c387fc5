import { describe, expect, test } from 'vitest';
import { fuse, type Ranking } from '../../../main/retrieve/fuse.js';

const constants = { bm25Half: 8 };
const text = (...hits: [string, number][]): Ranking => ({
  way: 'text',
  weight: 1,
  full: true,
  hits: hits.map(([key, score]) => ({ key, score })),
});
const bm25 = (...hits: [string, number][]): Ranking => ({ ...text(...hits), way: 'bm25', weight: 0.05 });

describe('fuse', () => {
  test('ranks what several ways agree on above what one way finds best, and keeps the own scores', () => {
    const fused = fuse(
      [text(['a', 0.6], ['b', 0.55], ['z', 0.2]), bm25(['c', 8], ['b', 7], ['z', 1])],
      constants,
    );
    expect(fused.map(({ key }) => key)).toEqual(['b', 'a', 'c', 'z']);
    expect(fused[0]?.scores).toEqual({ text: 0.55, bm25: 7 });
    expect(fused[2]?.scores).toEqual({ bm25: 8 });
  });

  test('follows its formula: root of the share of the weighted sum times the strongest own score', () => {
    const fused = fuse([text(['a', 0.4], ['b', 0.3], ['c', 0.1]), bm25(['b', 4], ['a', 2])], constants);
    const best = 0.3 + 0.05 * (4 - 2);
    const scoreOf = (wanted: string) => fused.find(({ key }) => key === wanted)?.score;
    expect(scoreOf('a')).toBeCloseTo(Math.sqrt((0.3 / best) * 0.4), 10);
    expect(scoreOf('b')).toBeCloseTo(Math.sqrt(((0.2 + 0.05 * 2) / best) * 0.4), 10);
    expect(scoreOf('c')).toBe(0);
  });

  test('a way that cannot tell its hits apart does not drag down one that can', () => {
    const blind = { ...text(['x', 0.8], ['y', 0.799], ['z', 0.798]), way: 'image' as const };
    const fused = fuse([text(['a', 0.7], ['b', 0.5], ['x', 0.3]), blind], constants);
    expect(fused.map(({ key }) => key).slice(0, 2)).toEqual(['a', 'b']);
  });

  test('with evenness a way whose scores lie far apart decides less', () => {
    const wordy = [bm25(['word', 40], ['z', 10]), text(['meant', 0.8], ['both', 0.6], ['z', 0.2])];
    expect(fuse(wordy, constants)[0]?.key).toBe('word');
    expect(fuse(wordy, { ...constants, evenness: 1 })[0]?.key).toBe('meant');
    const [first] = fuse([text(['a', 0.4], ['b', 0.15])], { ...constants, evenness: 0.5 });
    expect(first?.score).toBeCloseTo(Math.sqrt(0.4), 10);
  });

  test('words that were not found score nothing, where all that has them was found', () => {
    const few = { ...bm25(['a', 8], ['b', 7]), full: false };
    expect(fuse([few], constants)[1]?.score).toBeCloseTo(Math.sqrt((7 / 8) * (8 / 16)), 10);
    expect(fuse([bm25(['a', 8], ['b', 7])], constants)[1]?.score).toBe(0);
  });

  test('scores the best of a bad lot low', () => {
    const good = fuse([text(['a', 0.8])], constants)[0]?.score ?? 0;
    const bad = fuse([text(['a', 0.05])], constants)[0]?.score ?? 0;
    expect(good).toBeGreaterThan(0.85);
    expect(bad).toBeLessThan(0.25);
  });

  test('stays within 0…1 for negative cosines and large factors', () => {
    const fused = fuse([text(['a', 1], ['b', -0.4])], { ...constants, factor: () => 5 });
    for (const { score } of fused) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  test('a factor above 1 raises, below 1 lowers', () => {
    const fused = fuse([text(['a', 0.5], ['b', 0.49], ['c', 0.48], ['d', 0])], {
      ...constants,
      factor: (key) => (key === 'c' ? 1.6 : key === 'a' ? 0.5 : 1),
    });
    expect(fused.map(({ key }) => key)).toEqual(['c', 'b', 'a', 'd']);
  });

  test('nothing found fuses to nothing', () => {
    expect(fuse([], constants)).toEqual([]);
    expect(fuse([text()], constants)).toEqual([]);
  });
});
