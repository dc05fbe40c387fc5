import { BooleanQuery, type FullTextQuery, MatchQuery, Occur, type Table } from '@lancedb/lancedb';
import { z } from 'zod';
import { byScore, type RankedBy, type Ranking, type Way } from './fuse.js';
import type { IndexSettings } from './store/settings.js';

/** What a table is asked, by each way; an absent way is not used. */
export interface Probe {
  /** Semantic vector of the query text. */
  semantic?: Float32Array;
  /** Vector of the study's images in the joint space. */
  joint?: Float32Array;
  /** Words for BM25. */
  words?: string;
  /** Further words for BM25 that count less. */
  otherWords?: string;
}

/** Rows of one dataset or of several: ids are unique in their dataset only, so rows go by `keyOf`. */
export interface Found<Row> {
  rankings: Ranking[];
  rows: Map<string, Row & { dataset: string }>;
}

export const keyOf = (dataset: string, id: string) => `${dataset}\n${id}`;

/** Longer texts are cut for BM25: what follows the first words of an indication seldom asks for more. */
const mostWords = 120;

interface SearchOptions {
  dataset: string;
  /** SQL predicate on the rows, applied before ranking. */
  filter?: string;
  limit: number;
  weights: Record<Way, number>;
  /** The filter leaves so few rows that comparing all of them is quicker than the vector index. */
  exact?: boolean;
  settings: IndexSettings;
}

/** Searches one table in every way that `probe` has, at the same time. Rows are of `schema`, which names the columns to read. */
export async function searchTable<S extends z.ZodObject>(
  table: Table,
  schema: S,
  probe: Probe,
  { dataset, filter, limit, weights, exact, settings }: SearchOptions,
): Promise<Found<z.output<S>>> {
  const columns = Object.keys(schema.shape);
  const rows: Found<z.output<S>>['rows'] = new Map();
  const ranking = (way: Way, found: unknown[], scoreOf: (row: unknown) => number): Ranking => ({
    way,
    weight: weights[way],
    full: found.length >= limit,
    hits: found
      .map((row) => {
        const key = keyOf(dataset, Identified.parse(row).id);
        if (!rows.has(key)) rows.set(key, { ...schema.parse(row), dataset });
        return { key, score: scoreOf(row) };
      })
      .sort(byScore),
  });
  const searches: Promise<Ranking>[] = [];
  const nearest = (way: 'text' | 'image', column: string, vector: Float32Array | undefined) => {
    if (vector === undefined) return;
    const rowsOf = nearestRows(table, column, vector, { columns, filter, limit, exact, settings });
    searches.push(rowsOf.then((found) => ranking(way, found, cosine)));
  };
  nearest('text', 'semantic', probe.semantic);
  nearest('image', 'joint', probe.joint);
  const words = probe.words?.split(/\s+/).slice(0, mostWords).join(' ').trim() ?? '';
  if (words !== '') {
    const query = table.query().fullTextSearch(wordsQuery(words, probe.otherWords, settings.entityBoost));
    if (filter !== undefined) query.where(filter);
    const found = query
      .select([...columns, '_score'])
      .limit(limit)
      .toArray();
    searches.push(found.then((rowsOf) => ranking('bm25', rowsOf, bm25)));
  }
  return { rankings: await Promise.all(searches), rows };
}

function wordsQuery(words: string, other: string | undefined, boost: number): FullTextQuery {
  const own = new MatchQuery(words, 'text');
  if (other === undefined || other === '' || boost === 0) return own;
  return new BooleanQuery([
    [Occur.Should, own],
    [Occur.Should, new MatchQuery(other, 'text', { boost })],
  ]);
}

/** The rows nearest to a vector, each with its `_distance` (cosine). */
export async function nearestRows(
  table: Table,
  column: string,
  vector: Float32Array,
  {
    columns,
    filter,
    limit,
    exact = false,
    settings,
  }: Pick<SearchOptions, 'filter' | 'limit' | 'exact' | 'settings'> & { columns: readonly string[] },
): Promise<unknown[]> {
  const query = table.query().nearestTo(vector).column(column).distanceType('cosine');
  if (filter !== undefined) query.where(filter);
  if (exact) query.bypassVectorIndex();
  else query.refineFactor(settings.refineFactor);
  return await query
    .select([...columns, '_distance'])
    .limit(limit)
    .toArray();
}

/** What several datasets found, as if it were one: each way's hits by their own score, the first `limit` of them. */
export function mergeFound<Row>(found: readonly Found<Row>[], limit: number): Found<Row> {
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const rankings = new Map<RankedBy, Ranking>();
  for (const { way, weight, full, hits } of found.flatMap((one) => one.rankings)) {
    const known = rankings.get(way);
    rankings.set(way, {
      ...{ way, weight, full: full || known?.full === true },
      hits: [...(known?.hits ?? []), ...hits],
    });
  }
  return {
    rankings: [...rankings.values()].map((ranking) => ({
      ...ranking,
      full: ranking.full || ranking.hits.length > limit,
      hits: ranking.hits.sort(byScore).slice(0, limit),
    })),
    rows: new Map(found.flatMap(({ rows }) => [...rows])),
  };
}

const Identified = z.object({ id: z.string() });
const Distant = z.object({ _distance: z.number() });
const Scored = z.object({ _score: z.number() });

export const cosine = (row: unknown) => 1 - Distant.parse(row)._distance;
const bm25 = (row: unknown) => Scored.parse(row)._score;
