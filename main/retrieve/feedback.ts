import { ofPatients } from './filters.js';
import { byScore, type Fused, fuse, isWay, type Ranking } from './fuse.js';
import type { DocumentRow, SnippetRow } from './rows.js';
import { type Found, keyOf } from './search.js';
import type { IndexSettings } from './store/settings.js';
import { dot, meanOf } from './vectors.js';

/**
 * The rankings with one more: how near each document is to the mean of those that the others put first, weighted by their score. What is
 * relevant lies close together (the cluster hypothesis), so the first ones say what the rest should be like: pseudo relevance
 * feedback (Rocchio 1971), within what was found, by the documents' text vectors: 1 for the most alike document, 0 for the least. Documents without
 * a vector are left as they are. The first ones of a single way say no more than it said, so two are needed.
 */
export function withFeedback(
  rankings: Ranking[],
  rows: ReadonlyMap<string, { semantic?: Float32Array }>,
  { feedback, bm25Half, documents: { evenness } }: IndexSettings,
): Ranking[] {
  const ways = rankings.filter(({ way, hits }) => isWay(way) && hits.length > 0);
  if (ways.length < 2) return rankings;
  const fused = fuse(rankings, { bm25Half, evenness });
  const vectorOf = ({ key }: Fused) => rows.get(key)?.semantic;
  const mean = meanOf(
    fused.slice(0, feedback.documents).map((hit) => ({ vector: vectorOf(hit), weight: hit.score })),
  );
  if (mean === undefined) return rankings;
  const hits = fused.flatMap((hit) => {
    const vector = vectorOf(hit);
    return vector === undefined ? [] : [{ key: hit.key, score: dot(vector, mean) }];
  });
  hits.sort(byScore);
  const [least, most] = [hits.at(-1)?.score ?? 0, hits[0]?.score ?? 0];
  const likeness = hits.map(({ key, score }) => ({ key, score: (score - least) / (most - least || 1) }));
  return [...rankings, { way: 'feedback', weight: feedback.weight, hits: likeness, full: true }];
}

/**
 * The rankings with one more: whether a document is about the findings asked for, as the Jaccard index of the two sets. Of what was found in a
 * patient that is what its report states as present.
 */
export function withFindings(
  rankings: Ranking[],
  rows: ReadonlyMap<string, Pick<DocumentRow, 'findings' | 'present' | 'topic'>>,
  wanted: readonly string[],
  weight: number,
): Ranking[] {
  if (wanted.length === 0) return rankings;
  const keys = new Set(rankings.flatMap(({ hits }) => hits.map(({ key }) => key)));
  const hits = [...keys].flatMap((key) => {
    const row = rows.get(key);
    if (row === undefined) return [];
    const own = new Set(ofPatients.includes(row.topic) ? row.present : row.findings);
    const both = wanted.filter((finding) => own.has(finding)).length;
    return [{ key, score: both / (own.size + wanted.length - both) }];
  });
  return [...rankings, { way: 'findings', weight, hits: hits.sort(byScore), full: true }];
}

/**
 * How near the best snippet of each document is to the query: a long document says on the whole little of a short question that one of its sentences
 * answers.
 */
export function passagesOf({ rankings, rows }: Found<SnippetRow>, weight: number): Ranking {
  const best = new Map<string, number>();
  for (const { key, score } of rankings.find(({ way }) => way === 'text')?.hits ?? []) {
    const row = rows.get(key);
    if (row === undefined) continue;
    const document = keyOf(row.dataset, row.document);
    best.set(document, Math.max(score, best.get(document) ?? Number.NEGATIVE_INFINITY));
  }
  const hits = [...best].map(([key, score]) => ({ key, score })).sort(byScore);
  return { way: 'passages', weight, hits, full: true };
}
