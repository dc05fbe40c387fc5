/** F1 against hallucination over the whole range of thresholds, not at one point: each study said in the plain sentences of the phrase table. */
import { complete } from '../draft/complete.js';
import type { FindingEstimate } from '../encode/index.js';
import { type ClinicalCounts, clinicalCounts, f1 } from './clinical.js';
import type { Reference } from './reference.js';

const THRESHOLDS = Array.from({ length: 18 }, (_, i) => (i + 1) / 20);

export interface CurvePoint {
  /** From this probability on a finding is stated. */
  threshold: number;
  f1: number;
  f1Abnormal: number;
  hallucination: number;
}

/** A point a threshold, 0.05…0.9. */
export function curveOf(
  studies: readonly {
    reference: Reference & { coding: NonNullable<Reference['coding']> };
    findings: readonly FindingEstimate[];
  }[],
): CurvePoint[] {
  return THRESHOLDS.map((threshold) => {
    const counts = studies.map(({ reference, findings }) => {
      const cut = findings.map((finding) => {
        const likely = finding.probability >= threshold;
        return { ...finding, likely, possible: likely };
      });
      const sentences = complete([], cut).map(({ text }) => text);
      return clinicalCounts(sentences, new Set(), reference);
    });
    const sum = (of: readonly ClinicalCounts[], key: 'tp' | 'fp' | 'fn' | 'sentences' | 'invented') =>
      of.reduce((total, one) => total + one[key], 0);
    const score = (of: readonly ClinicalCounts[]) =>
      f1({ tp: sum(of, 'tp'), fp: sum(of, 'fp'), fn: sum(of, 'fn') });
    return {
      threshold,
      f1: score(counts),
      f1Abnormal: score(counts.filter(({ normal }) => !normal)),
      hallucination: sum(counts, 'invented') / Math.max(1, sum(counts, 'sentences')),
    };
  });
}
