/** Two systems on the same studies: how many times the one's figure is the other's, with the studies drawn in pairs. */
import { interval } from './bootstrap.js';
import { type ClinicalCounts, f1 } from './clinical.js';
import type { Figure, Interval } from './figures.js';

export interface Ratio {
  ratio: Figure;
  interval: Interval;
}

export interface Comparison {
  system: string;
  against: string;
  f1Abnormal: Ratio;
  hallucination: Ratio;
}

/** Compares counts of the same studies in the same order. A ratio to nothing is null. */
export function compare(
  a: readonly ClinicalCounts[],
  b: readonly ClinicalCounts[],
): Pick<Comparison, 'f1Abnormal' | 'hallucination'> {
  const pairs = a.flatMap((one, i) => {
    const other = b[i];
    return other ? [{ one, other }] : [];
  });
  const abnormal = pairs.filter(({ one }) => !one.normal);
  return {
    f1Abnormal: ratioOf(
      abnormal.map(({ one, other }) => [one.tp, one.fp, one.fn, other.tp, other.fp, other.fn]),
      ([tp = 0, fp = 0, fn = 0, tp2 = 0, fp2 = 0, fn2 = 0]) =>
        f1({ tp, fp, fn }) / f1({ tp: tp2, fp: fp2, fn: fn2 }),
    ),
    hallucination: ratioOf(
      pairs.map(({ one, other }) => [one.invented, one.sentences, other.invented, other.sentences]),
      ([invented = 0, sentences = 0, invented2 = 0, sentences2 = 0]) =>
        invented / sentences / (invented2 / sentences2),
    ),
  };
}

function ratioOf(rows: readonly number[][], figure: (sums: readonly number[]) => number): Ratio {
  const sums = rows.reduce<number[]>((sum, row) => row.map((value, k) => value + (sum[k] ?? 0)), []);
  const ratio = figure(sums);
  return { ratio: Number.isFinite(ratio) ? ratio : null, interval: interval(rows, figure) ?? null };
}
