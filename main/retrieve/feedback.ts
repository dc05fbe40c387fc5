import { byScore, type Fused, fuse, type Ranking } from './fuse.js';
import type { IndexSettings } from './store/settings.js';
import { dot, meanOf } from './vectors.js';

/**
 * The rankings with one more: how near each document is to the mean of those that the others put first, weighted by their score. What is
 * relevant lies close together (the cluster hypothesis), so the first ones say what the rest should be like: pseudo relevance
 * feedback (Rocchio 1971), within what was found, by the documents' text vectors. Documents without a vector are left as they are.
 */
export function withFeedback(
  rankings: Ranking[],
  rows: ReadonlyMap<string, { semantic?: Float32Array }>,
  { feedback, bm25Half }: IndexSettings,
): Ranking[] {
  const fused = fuse(rankings, { bm25Half });
  const vectorOf = ({ key }: Fused) => rows.get(key)?.semantic;
  const mean = meanOf(
    fused.slice(0, feedback.documents).map((hit) => ({ vector: vectorOf(hit), weight: hit.score })),
  );
  if (mean === undefined) return rankings;
  const hits = fused.flatMap((hit) => {
    const vector = vectorOf(hit);
    return vector === undefined ? [] : [{ key: hit.key, score: dot(vector, mean) }];
  });
  return [...rankings, { way: 'feedback', weight: feedback.weight, hits: hits.sort(byScore), full: true }];
}
