import { describe, expect, it } from 'vitest';
import { auroc } from '../../../main/evaluate/auroc.js';
import { interval, percentile, seededRandom } from '../../../main/evaluate/bootstrap.js';

describe('AUROC', () => {
  it('is the share of pairs in the right order, ties half', () => {
    const pairs = [
      { p: 0.9, truth: true },
      { p: 0.8, truth: false },
      { p: 0.7, truth: true },
      { p: 0.1, truth: false },
    ];
    expect(auroc(pairs)).toBe(0.75);
    expect(auroc([...pairs, { p: 0.7, truth: false }])).toBeCloseTo(4.5 / 6, 10);
    expect(auroc(pairs.filter(({ truth }) => truth))).toBeNaN();
  });
});

describe('the bootstrap', () => {
  it('is as wide as the binomial says', () => {
    const rows = Array.from({ length: 100 }, (_, i) => [i % 2, 1]);
    const range = interval(rows, ([part = 0, all = 0]) => part / all);
    expect(range?.[0]).toBeGreaterThan(0.38);
    expect(range?.[0]).toBeLessThan(0.43);
    expect(range?.[1]).toBeGreaterThan(0.57);
    expect(range?.[1]).toBeLessThan(0.62);
  });

  it('is the same every time, and nothing for one study or no number', () => {
    const rows = [
      [1, 2],
      [0, 3],
      [4, 4],
    ];
    const share = ([part = 0, all = 0]: readonly number[]) => part / all;
    expect(interval(rows, share)).toEqual(interval(rows, share));
    expect(interval([[1, 2]], share)).toBeUndefined();
    expect(
      interval(
        [
          [0, 0],
          [0, 0],
        ],
        share,
      ),
    ).toBeUndefined();
    expect(
      interval(
        [
          [1, 2],
          [2, 4],
        ],
        share,
      ),
    ).toEqual([0.5, 0.5]);
  });

  it('draws evenly', () => {
    const next = seededRandom(7);
    const mean = Array.from({ length: 4000 }, next).reduce((a, b) => a + b, 0) / 4000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  });
});

it('percentiles are values of the list', () => {
  expect(percentile([3, 1, 2, 4], 0.5)).toBe(2);
  expect(percentile([3, 1, 2, 4], 0.95)).toBe(4);
  expect(percentile([], 0.5)).toBeUndefined();
});
