/**
 * The first layer: whether retrieval finds the right things, whatever is then written. A case is relevant to a study by the findings that
 * humans coded for both: the Jaccard index of the two sets, 1 for two normal studies.
 */
import type { SimilarCase } from '../retrieve/index.js';
import { statementsOf } from './statements.js';

/** What a study is coded with; a normal one with nothing but that. */
export type Codes = ReadonlySet<string>;
export const NORMAL: Codes = new Set(['normal']);

export function relevance(a: Codes, b: Codes): number {
  const shared = [...a].filter((id) => b.has(id)).length;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}

/** Half of what is coded for either is coded for both. */
const RELEVANT = 0.5;
const DEPTHS = [1, 5, 10] as const;
const GAIN_DEPTH = 10;

export interface RetrieverFigures {
  studies: number;
  /** Share of a study's coded findings (or that it is normal) that at least one of the k nearest cases is coded with. */
  recall: Record<`at${(typeof DEPTHS)[number]}`, number | null>;
  /** Mean reciprocal rank of the first case with relevance ≥ 0.5. */
  mrr: number | null;
  /** Gain by relevance, discounted by log2 of the rank (Järvelin and Kekäläinen 2002), of the best possible ranking of all cases. */
  ndcgAt10: number | null;
}

/** Figures over studies: each with its codes, all cases nearest first, and the codes of the cases by id. */
export function retrieverFigures(
  studies: readonly { codes: Codes; ranked: readonly SimilarCase[] }[],
  codesOf: ReadonlyMap<string, Codes>,
): RetrieverFigures {
  const rows = studies
    .filter(({ codes }) => codes.size > 0)
    .map(({ codes, ranked }) => {
      const found = ranked.map(({ case: { id } }) => codesOf.get(id) ?? new Set<string>());
      const gains = found.map((other) => relevance(codes, other));
      const first = gains.findIndex((gain) => gain >= RELEVANT);
      const recall = (k: number) =>
        [...codes].filter((id) => found.slice(0, k).some((other) => other.has(id))).length / codes.size;
      const ideal = gainOf([...gains].sort((a, b) => b - a));
      return {
        recall: DEPTHS.map(recall),
        rank: first < 0 ? 0 : 1 / (first + 1),
        ndcg: ideal > 0 ? gainOf(gains) / ideal : undefined,
      };
    });
  const [at1, at5, at10] = DEPTHS.map((_, i) => mean(rows.map(({ recall }) => recall[i] ?? 0)));
  return {
    studies: rows.length,
    recall: { at1: at1 ?? null, at5: at5 ?? null, at10: at10 ?? null },
    mrr: mean(rows.map(({ rank }) => rank)),
    ndcgAt10: mean(rows.flatMap(({ ndcg }) => ndcg ?? [])),
  };
}

const gainOf = (gains: readonly number[]) =>
  gains.slice(0, GAIN_DEPTH).reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of the texts handed to the writer, those that speak of a finding which the study is coded with or its report denies. */
export function contextCounts(
  texts: readonly string[],
  coded: Codes,
  reference: readonly string[],
): { texts: number; relevant: number } {
  const denied = reference
    .flatMap((sentence) => statementsOf(sentence))
    .filter(({ state }) => state === 'absent')
    .map(({ finding }) => finding);
  const wanted = new Set([...coded, ...denied]);
  return {
    texts: texts.length,
    relevant: texts.filter((text) => statementsOf(text).some(({ finding }) => wanted.has(finding))).length,
  };
}
