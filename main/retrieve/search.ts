import { BooleanQuery, type FullTextQuery, MatchQuery, Occur, type Table } from '@lancedb/lancedb';
import type { Table as ArrowTable } from 'apache-arrow';
import { z } from 'zod';
import { byScore, type RankedBy, type Ranking, type Way } from './fuse.js';
import { type RowSource, type VectorColumn, valuesOf } from './store/read-rows.js';
import type { IndexSettings } from './store/settings.js';
import { dot } from './vectors.js';

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

/** Rows that a filter leaves are compared one by one where they are no more than this. */
const mostCompared = 2000;

/** Vectors in memory are compared with this many times the wanted rows, which the coarse index proposes. */
const mostProposed = 6;

/** Searches one table in every way that `probe` has, at the same time. */
export async function searchTable<Row extends { id: string }>(
  table: Table,
  source: RowSource<Row>,
  probe: Probe,
  options: SearchOptions,
): Promise<Found<Row>> {
  const { dataset, limit, weights } = options;
  const answers =
    (await compareAll(table, source, probe, options)) ?? (await searchAll(table, source, probe, options));
  const rows: Found<Row>['rows'] = new Map();
  // What compares all rows answers each way by the same ones, of which each is taken out once.
  const keysOf = new Map<ArrowTable, (at: number) => string | undefined>();
  const keysIn = (read: ArrowTable) => {
    const rowAt = source.rowsOf(read);
    const known: string[] = [];
    return (at: number) => {
      const key = known[at];
      if (key !== undefined) return key;
      const row = rowAt(at);
      if (row === undefined) return undefined;
      const fresh = keyOf(dataset, row.id);
      rows.set(fresh, { ...row, dataset });
      known[at] = fresh;
      return fresh;
    };
  };
  const rankings = answers.map(({ way, read, hits }) => {
    const keyAt = keysOf.get(read) ?? keysIn(read);
    keysOf.set(read, keyAt);
    const keyed = hits.flatMap(({ at, score }) => {
      const key = keyAt(at);
      return key === undefined ? [] : [{ key, score }];
    });
    return { way, weight: weights[way], full: hits.length >= limit, hits: keyed.sort(byScore) };
  });
  return { rankings, rows };
}

/** What one way found: rows of `read`, by their places. */
interface Answer {
  way: Way;
  read: ArrowTable;
  hits: { at: number; score: number }[];
}

/**
 * All rows that the filter leaves are read once and compared here with both vectors, instead of two searches; those that words find are
 * among them. Undefined where that is not wanted, or they are too many.
 */
async function compareAll(
  table: Table,
  { columns, key }: Pick<RowSource<unknown>, 'columns' | 'key'>,
  probe: Probe,
  options: SearchOptions,
): Promise<Answer[] | undefined> {
  const { semantic, joint } = probe;
  const { filter, exact, limit } = options;
  if (!exact || filter === undefined || (semantic === undefined && joint === undefined)) return undefined;
  const rows = table
    .query()
    .where(filter)
    .select([...new Set([...columns, key, 'semantic', 'joint'])])
    .limit(mostCompared + 1);
  const [read, words] = await Promise.all([rows.toArrow(), searchWords(table, [key], probe, options)]);
  if (read.numRows > mostCompared) return undefined;
  const compare = (way: Way, column: VectorColumn, vector: Float32Array | undefined): Answer[] => {
    if (vector === undefined) return [];
    const scored = vectorsOf(read, column).flatMap((own, at) =>
      own === null ? [] : [{ at, score: dot(vector, own) }],
    );
    return [{ way, read, hits: scored.sort((a, b) => b.score - a.score).slice(0, limit) }];
  };
  const keysOf = (of: ArrowTable) => valuesOf(of.getChild(key));
  const places = new Map(keysOf(read).map((own, at) => [own, at]));
  const found = words.map((answer) => {
    const keys = keysOf(answer.read);
    const hits = answer.hits.flatMap(({ at, score }) => {
      const place = places.get(keys[at]);
      return place === undefined ? [] : [{ at: place, score }];
    });
    return { ...answer, read, hits };
  });
  return [...compare('text', 'semantic', semantic), ...compare('image', 'joint', joint), ...found];
}

/** Each way by its index. */
async function searchAll(
  table: Table,
  { columns, cosines }: Pick<RowSource<unknown>, 'columns' | 'cosines'>,
  probe: Probe,
  options: SearchOptions,
): Promise<Answer[]> {
  const { limit } = options;
  const near = async (
    way: Way,
    column: VectorColumn,
    vector: Float32Array | undefined,
  ): Promise<Answer[]> => {
    if (vector === undefined) return [];
    if (cosines === undefined) {
      const read = await nearestRows(table, column, vector, { ...options, columns });
      return [{ way, read, hits: cosinesOf(read).map((score, at) => ({ at, score })) }];
    }
    const proposed = { ...options, columns, limit: mostProposed * limit, coarse: true };
    const read = await nearestRows(table, column, vector, proposed);
    const hits = cosines(read, column, vector).flatMap((score, at) =>
      score === undefined ? [] : [{ at, score }],
    );
    return [{ way, read, hits: hits.sort((a, b) => b.score - a.score).slice(0, limit) }];
  };
  const found = await Promise.all([
    near('text', 'semantic', probe.semantic),
    near('image', 'joint', probe.joint),
    searchWords(table, columns, probe, options),
  ]);
  return found.flat();
}

async function searchWords(
  table: Table,
  columns: readonly string[],
  { words = '', otherWords }: Probe,
  { filter, limit, settings }: SearchOptions,
): Promise<Answer[]> {
  const first = words.split(/\s+/).slice(0, mostWords).join(' ').trim();
  if (first === '') return [];
  const query = table.query().fullTextSearch(wordsQuery(first, otherWords, settings.entityBoost));
  if (filter !== undefined) query.where(filter);
  const read = await query
    .select([...columns, '_score'])
    .limit(limit)
    .toArrow();
  return [{ way: 'bm25', read, hits: numbersOf(read, '_score').map((score, at) => ({ at, score })) }];
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
    coarse = false,
    settings,
  }: Pick<SearchOptions, 'filter' | 'limit' | 'exact' | 'settings'> & {
    columns: readonly string[];
    /** As the index ranks them, by distances that are not refined. */
    coarse?: boolean;
  },
): Promise<ArrowTable> {
  const query = table.query().nearestTo(vector).column(column).distanceType('cosine');
  if (filter !== undefined) query.where(filter);
  if (exact) query.bypassVectorIndex();
  else if (!coarse) query.refineFactor(settings.refineFactor);
  return await query
    .select([...columns, '_distance'])
    .limit(limit)
    .toArrow();
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

/** Cosines of the rows that `nearestRows` read. */
export const cosinesOf = (read: ArrowTable) => numbersOf(read, '_distance').map((distance) => 1 - distance);

const numbersOf = (read: ArrowTable, column: string) => Numbers.parse(valuesOf(read.getChild(column)));
const vectorsOf = (read: ArrowTable, column: string) => Vectors.parse(valuesOf(read.getChild(column)));

const Numbers = z.array(z.number());
const Vectors = z.array(z.instanceof(Float32Array).nullable());
