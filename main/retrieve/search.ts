import { BooleanQuery, type FullTextQuery, MatchQuery, Occur, type Table } from '@lancedb/lancedb';
import type { Table as ArrowTable } from 'apache-arrow';
import { z } from 'zod';
import { byScore, type RankedBy, type Ranking, type Way } from './fuse.js';
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

/** Searches one table in every way that `probe` has, at the same time. Rows are of `schema`, which names the columns to read. */
export async function searchTable<S extends z.ZodObject>(
  table: Table,
  schema: S,
  probe: Probe,
  options: SearchOptions,
): Promise<Found<z.output<S>>> {
  const { dataset, limit, weights } = options;
  const columns = Object.keys(schema.shape);
  const [near, words] = await Promise.all([
    searchVectors(table, columns, probe, options),
    searchWords(table, columns, probe, options),
  ]);
  const rows: Found<z.output<S>>['rows'] = new Map();
  const rankings = [...near, ...words].map(({ way, hits }) => ({
    ...{ way, weight: weights[way], full: hits.length >= limit },
    hits: hits
      .map(({ id, score, row }) => {
        const key = keyOf(dataset, id);
        if (!rows.has(key)) rows.set(key, { ...schema.parse(row), dataset });
        return { key, score };
      })
      .sort(byScore),
  }));
  return { rankings, rows };
}

/** What one way found. */
interface FoundRows {
  way: Way;
  hits: { id: string; score: number; row: unknown }[];
}

async function searchVectors(
  table: Table,
  columns: string[],
  probe: Probe,
  options: SearchOptions,
): Promise<FoundRows[]> {
  const compared = options.exact ? await compareAll(table, columns, probe, options) : undefined;
  if (compared !== undefined) return compared;
  const search = async (way: Way, column: string, vector: Float32Array | undefined): Promise<FoundRows[]> => {
    if (vector === undefined) return [];
    const found = await nearestRows(table, column, vector, { ...options, columns });
    return [{ way, hits: found.map((row) => ({ id: Identified.parse(row).id, score: cosine(row), row })) }];
  };
  const found = await Promise.all([
    search('text', 'semantic', probe.semantic),
    search('image', 'joint', probe.joint),
  ]);
  return found.flat();
}

/**
 * All rows that the filter leaves, compared here with both vectors: one reading instead of two searches. Undefined where they are too many.
 * Goes by columns, since reading row by row takes longer than the search.
 */
async function compareAll(
  table: Table,
  columns: string[],
  { semantic, joint }: Probe,
  { filter, limit }: SearchOptions,
): Promise<FoundRows[] | undefined> {
  if (filter === undefined || (semantic === undefined && joint === undefined)) return undefined;
  const read = await table
    .query()
    .where(filter)
    .select([...new Set([...columns, 'semantic', 'joint'])])
    .limit(mostCompared + 1)
    .toArrow();
  if (read.numRows > mostCompared) return undefined;
  const compare = (way: Way, column: 'semantic' | 'joint', vector: Float32Array | undefined): FoundRows[] => {
    if (vector === undefined) return [];
    const scored: { at: number; score: number }[] = [];
    for (const [at, own] of eachVector(read, column)) scored.push({ at, score: dot(vector, own) });
    const best = scored.sort((a, b) => b.score - a.score).slice(0, limit);
    return [
      {
        way,
        hits: best.map(({ at, score }) => {
          const row: unknown = read.get(at);
          return { id: Identified.parse(row).id, score, row };
        }),
      },
    ];
  };
  return [...compare('text', 'semantic', semantic), ...compare('image', 'joint', joint)];
}

/** The vectors of a column with the number of their row; rows without one are passed over. */
function* eachVector(read: ArrowTable, column: string): Generator<[number, Float32Array]> {
  let first = 0;
  for (const data of read.getChild(column)?.data ?? []) {
    const { length, children, type, offset, nullCount } = data;
    const width = FixedWidth.parse(type).listSize;
    const values = z.instanceof(Float32Array).parse(children[0]?.values);
    for (let at = 0; at < length; at += 1) {
      const isNull = nullCount > 0 && !data.getValid(at);
      if (!isNull) yield [first + at, values.subarray((offset + at) * width, (offset + at + 1) * width)];
    }
    first += length;
  }
}

async function searchWords(
  table: Table,
  columns: string[],
  { words = '', otherWords }: Probe,
  { filter, limit, settings }: SearchOptions,
): Promise<FoundRows[]> {
  const first = words.split(/\s+/).slice(0, mostWords).join(' ').trim();
  if (first === '') return [];
  const query = table.query().fullTextSearch(wordsQuery(first, otherWords, settings.entityBoost));
  if (filter !== undefined) query.where(filter);
  const found = await query
    .select([...columns, '_score'])
    .limit(limit)
    .toArray();
  return [
    { way: 'bm25', hits: found.map((row) => ({ id: Identified.parse(row).id, score: bm25(row), row })) },
  ];
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
const FixedWidth = z.object({ listSize: z.number().int() });
const Distant = z.object({ _distance: z.number() });
const Scored = z.object({ _score: z.number() });

export const cosine = (row: unknown) => 1 - Distant.parse(row)._distance;
const bm25 = (row: unknown) => Scored.parse(row)._score;
