import { LEAST_POSITIVES } from './clinical.js';
import { codedFindings } from './coding.js';
import { type Figure, mean, type SystemFigures } from './figures.js';

/** Area under the ROC curve by the Mann–Whitney statistic, ties counting half; NaN without both classes. */
export function auroc(pairs: readonly { p: number; truth: boolean }[]): number {
  const sorted = [...pairs].sort((a, b) => a.p - b.p);
  let ranks = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end]?.p === sorted[start]?.p) end += 1;
    const rank = (start + 1 + end) / 2;
    ranks += rank * sorted.slice(start, end).filter(({ truth }) => truth).length;
    start = end;
  }
  const positives = pairs.filter(({ truth }) => truth).length;
  const negatives = pairs.length - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** What was coded for a study, and the probability that each finding was given, by id. */
export interface Estimated {
  coded: ReadonlySet<string>;
  probabilities: ReadonlyMap<string, number>;
}

/** Mean over the findings with at least five positives; null without any study. */
export function findingAurocs(seen: readonly Estimated[]): SystemFigures['auroc'] {
  if (seen.length === 0) return null;
  const each: Record<string, { auroc: Figure; positives: number }> = {};
  for (const { id } of codedFindings) {
    const pairs = seen.flatMap(({ coded, probabilities }) => {
      const p = probabilities.get(id);
      return p === undefined ? [] : [{ p, truth: coded.has(id) }];
    });
    const area = auroc(pairs);
    each[id] = {
      auroc: Number.isNaN(area) ? null : area,
      positives: pairs.filter(({ truth }) => truth).length,
    };
  }
  const counted = Object.values(each).flatMap(({ auroc: area, positives }) =>
    area !== null && positives >= LEAST_POSITIVES ? [area] : [],
  );
  return { mean: mean(counted), findings: counted.length, each };
}
