/**
 * Whether drafts say what the studies were coded with. Drafts and references are read by the finding parser, the truth is the human
 * coding; the reference report counts as truth beside it only where a statement would else be called invented, as coders leave out what is old
 * or minor.
 */
import type { Side } from '../../preload/values.js';
import { comparison } from '../draft/priors.js';
import { codedFindings } from './coding.js';
import type { Reference } from './reference.js';
import { presentIn, statementsOf } from './statements.js';

export interface FindingCounts {
  /** Coded and stated. */
  tp: number;
  /** Stated, not coded. */
  fp: number;
  /** Coded, not stated. */
  fn: number;
}

/** What one coded study adds to the clinical figures. */
export interface ClinicalCounts extends FindingCounts {
  normal: boolean;
  /** The same for each finding, where it is coded or stated. */
  each: ReadonlyMap<string, keyof FindingCounts>;
  /** Coded findings neither stated nor offered. */
  missed: number;
  sentences: number;
  /** Sentences that state a finding as present. */
  positive: number;
  /** Sentences that state a finding as present which neither the coding nor the reference report has. */
  invented: number;
  /** Stated findings whose side is both coded and stated, and those of them where the sides contradict. */
  sided: number;
  wrongSide: number;
}

/** Counts for one study. `sentences`: all sentences of the draft; `offered`: ids of findings offered beside it. */
export function clinicalCounts(
  sentences: readonly string[],
  offered: ReadonlySet<string>,
  { coding, present }: Reference & { coding: NonNullable<Reference['coding']> },
): ClinicalCounts {
  const stated = presentIn(sentences);
  const each = new Map<string, keyof FindingCounts>();
  const counts = { tp: 0, fp: 0, fn: 0 };
  for (const { id } of codedFindings) {
    const coded = coding.findings.has(id);
    if (!coded && !stated.has(id)) continue;
    const kind = coded ? (stated.has(id) ? 'tp' : 'fn') : 'fp';
    each.set(id, kind);
    counts[kind] += 1;
  }
  const positives = sentences.map((text) => presentIn([text])).filter((ids) => ids.size > 0);
  const sides = statedSides(sentences);
  const both = [...coding.sides].flatMap(([id, coded]) => {
    const said = sides.get(id);
    return said ? [{ coded, said }] : [];
  });
  return {
    ...counts,
    each,
    normal: coding.normal,
    missed: [...coding.findings].filter((id) => !stated.has(id) && !offered.has(id)).length,
    sentences: sentences.length,
    positive: positives.length,
    invented: positives.filter((ids) => [...ids].some((id) => !coding.findings.has(id) && !present.has(id)))
      .length,
    sided: both.length,
    wrongSide: both.filter(({ coded, said }) => contradictsCoded(said, coded)).length,
  };
}

/** A side contradicts the coded one unless it is the same, or one of two that are coded. */
export function contradictsCoded(said: Side, coded: Side): boolean {
  return said !== coded && coded !== 'bilateral';
}

/** The side of each finding that is stated as present with one, all sentences together. */
function statedSides(sentences: readonly string[]): Map<string, Side> {
  const sides = new Map<string, Side>();
  for (const { finding, state, side } of sentences.flatMap((text) => statementsOf(text))) {
    if (state !== 'present' || !side) continue;
    const known = sides.get(finding);
    sides.set(finding, known && known !== side ? 'bilateral' : side);
  }
  return sides;
}

/** F1 from counts (micro where they are sums over findings); 0 where nothing is coded or stated. */
export const f1 = ({ tp, fp, fn }: FindingCounts): number => (2 * tp) / Math.max(1, 2 * tp + fp + fn);

/** Fewer positives than this say nothing of a finding. */
export const LEAST_POSITIVES = 5;

/** Mean F1 over the findings that at least five of the studies are coded with, and how many those are. */
export function macroF1(studies: readonly ClinicalCounts[]): { f1: number | null; findings: number } {
  const scores = codedFindings.flatMap(({ id }) => {
    const counts = { tp: 0, fp: 0, fn: 0 };
    for (const { each } of studies) {
      const kind = each.get(id);
      if (kind) counts[kind] += 1;
    }
    return counts.tp + counts.fn >= LEAST_POSITIVES ? [f1(counts)] : [];
  });
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return { f1: scores.length > 0 ? mean : null, findings: scores.length };
}

/** Sentences that compare with an examination which the draft knows nothing of. */
export const priorsIn = (sentences: readonly string[]): number =>
  sentences.filter((text) => comparison(text) !== undefined).length;

/** Sentences with marks of anonymisation. */
export const marksIn = (sentences: readonly string[]): number =>
  sentences.filter((text) => /x{3,}/i.test(text)).length;
