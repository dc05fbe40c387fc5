/**
 * How near a draft is to the reference in meaning: sentences matched greedily both ways, as BERTScore (Zhang et al. 2020) matches tokens, by the
 * cosine of the pack's text encoder. n-grams and embeddings alike find "effusion" near "no effusion"; so the negation-aware
 * score gives a pair of sentences that contradict each other nothing. The encoder is the measured pack's own: compare systems of one pack.
 */
import { contradict, statementsOf } from './statements.js';

/** The unit vector of a text's meaning. */
export type Embedded = (text: string) => Float32Array;

export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Cosine of two sentences, 0 where they contradict each other or point apart. */
export function negationAware(a: string, b: string, embedded: Embedded): number {
  if (contradict(statementsOf(a), statementsOf(b))) return 0;
  return Math.max(0, cosine(embedded(a), embedded(b)));
}

/**
 * F1 of the best matches of each drafted sentence (precision) and of each reference sentence (recall) by `near`; 0 where one side has no
 * sentence.
 */
export function sentenceF1(
  draft: readonly string[],
  reference: readonly string[],
  near: (a: string, b: string) => number,
): number {
  if (draft.length === 0 || reference.length === 0) return 0;
  const scores = draft.map((a) => reference.map((b) => near(a, b)));
  const precision = mean(scores.map((row) => Math.max(...row)));
  const recall = mean(reference.map((_, j) => Math.max(...scores.map((row) => row[j] ?? 0))));
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
