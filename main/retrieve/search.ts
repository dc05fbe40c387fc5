import { MatchQuery, type Table } from '@lancedb/lancedb';
import { z } from 'zod';
import type { Ranking } from './fuse.js';
import type { IndexSettings } from './store/settings.js';

/** What a table is asked, by each way; an absent way is not used. */
export interface Probe {
  /** Semantic vector of the query text. */
  semantic?: Float32Array;
  /** Vector of the study's images in the joint space. */
  joint?: Float32Array;
  /** Words for BM25. */
  words?: string;
}

/** Longer texts are cut for BM25: what follows the first words of an indication seldom asks for more. */
const mostWords = 120;

/**
 * Searches one table in every way that `probe` has, at the same time. Rows are of `schema`, which names the columns to read.
 * @param filter - SQL predicate on the rows, applied before ranking
 */
export async function searchTable<S extends z.ZodObject>(
  table: Table,
  schema: S,
  probe: Probe,
  { filter, limit, settings }: { filter?: string; limit: number; settings: IndexSettings },
): Promise<{ rankings: Ranking[]; rows: Map<string, z.output<S>> }> {
  const columns = Object.keys(schema.shape);
  const { weights } = settings.fusion;
  const rows = new Map<string, z.output<S>>();
  const ranking = (way: Ranking['way'], found: unknown[], scoreOf: (row: unknown) => number): Ranking => ({
    way,
    weight: weights[way],
    hits: found
      .map((row) => {
        const { id } = Identified.parse(row);
        if (!rows.has(id)) rows.set(id, schema.parse(row));
        return { id, score: scoreOf(row) };
      })
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)),
  });
  const nearest = (column: string, vector: Float32Array) => {
    const query = table.query().nearestTo(vector).column(column).distanceType('cosine');
    if (filter !== undefined) query.where(filter);
    return query
      .refineFactor(settings.refineFactor)
      .select([...columns, '_distance'])
      .limit(limit)
      .toArray();
  };
  const matching = (words: string) => {
    const query = table.query().fullTextSearch(new MatchQuery(words, 'text'));
    if (filter !== undefined) query.where(filter);
    return query
      .select([...columns, '_score'])
      .limit(limit)
      .toArray();
  };

  const searches: Promise<Ranking>[] = [];
  if (probe.semantic !== undefined)
    searches.push(nearest('semantic', probe.semantic).then((found) => ranking('text', found, cosine)));
  if (probe.joint !== undefined)
    searches.push(nearest('joint', probe.joint).then((found) => ranking('image', found, cosine)));
  const words = probe.words?.split(/\s+/).slice(0, mostWords).join(' ').trim() ?? '';
  if (words !== '') searches.push(matching(words).then((found) => ranking('bm25', found, bm25)));
  return { rankings: await Promise.all(searches), rows };
}

const Identified = z.object({ id: z.string() });
const Distant = z.object({ _distance: z.number() });
const Scored = z.object({ _score: z.number() });

const cosine = (row: unknown) => 1 - Distant.parse(row)._distance;
const bm25 = (row: unknown) => Scored.parse(row)._score;
