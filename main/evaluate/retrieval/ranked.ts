/** How good a ranking is, and by how much one way of ranking is better than another. */
import { interval } from '../bootstrap.js';

/** What a query is after. */
export interface Wanted {
  /** Gain of each document that is worth something, by id. */
  gains: ReadonlyMap<string, number>;
  /** Of these, the ones that count as found. */
  relevant: ReadonlySet<string>;
}

export const figureNames = ['recall@1', 'recall@5', 'recall@10', 'MRR', 'nDCG@10', 'precision'] as const;
export type FigureName = (typeof figureNames)[number];

/** Figures of one query; undefined where there is nothing to find. */
export type QueryFigures = Record<FigureName, number | undefined>;

const DEPTH = 10;

/**
 * Figures of a ranking of document ids, best first.
 * recall@k: relevant ones among the first k, as a share of all or of k where there are more (as BEIR does for large sets).
 * MRR: 1 / rank of the first relevant one, 0 beyond 10. nDCG@10: Järvelin and Kekäläinen 2002, gains as they are.
 * precision: context precision (RAGAS, Es et al. 2023): mean of precision@k over the ranks k ≤ 10 that are relevant, 0 where none is.
 */
export function figuresOf(ranking: readonly string[], { gains, relevant }: Wanted): QueryFigures {
  const first = ranking.slice(0, DEPTH);
  const hits = first.map((id) => relevant.has(id));
  const found = (k: number) => hits.slice(0, k).filter(Boolean).length;
  const recall = (k: number) => (relevant.size === 0 ? undefined : found(k) / Math.min(k, relevant.size));
  const ideal = gainOf([...gains.values()].sort((a, b) => b - a));
  const at = hits.indexOf(true);
  const precisions = hits.flatMap((hit, i) => (hit ? [found(i + 1) / (i + 1)] : []));
  const known = relevant.size > 0;
  return {
    'recall@1': recall(1),
    'recall@5': recall(5),
    'recall@10': recall(10),
    MRR: known ? (at < 0 ? 0 : 1 / (at + 1)) : undefined,
    'nDCG@10': ideal > 0 ? gainOf(first.map((id) => gains.get(id) ?? 0)) / ideal : undefined,
    precision: known ? precisions.reduce((sum, p) => sum + p, 0) / (precisions.length || 1) : undefined,
  };
}

const gainOf = (gains: readonly number[]) =>
  gains.slice(0, DEPTH).reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);

/** A mean over queries with its 95 % bootstrap interval. */
export interface Mean {
  queries: number;
  value: number | null;
  interval: [low: number, high: number] | null;
}

export function meanOf(values: readonly (number | undefined)[]): Mean {
  const known = values.filter((value) => value !== undefined);
  const rows = known.map((value) => [value, 1]);
  const share = ([sum = 0, count = 0]: readonly number[]) => sum / count;
  return {
    queries: known.length,
    value: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length,
    interval: interval(rows, share) ?? null,
  };
}

/** Mean of a − b over the queries that both have: paired, so that hard queries weigh on neither. */
export function differenceOf(a: readonly (number | undefined)[], b: readonly (number | undefined)[]): Mean {
  return meanOf(
    a.map((value, i) => {
      const other = b[i];
      return value === undefined || other === undefined ? undefined : value - other;
    }),
  );
}
