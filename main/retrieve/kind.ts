import type { Table } from '@lancedb/lancedb';
import { z } from 'zod';
import type { SearchFilters } from '../../preload/values.js';
import { isReport } from './filters.js';
import type { FoundSnippets } from './rank.js';
import { readRows } from './store/read-rows.js';
import { anyOf } from './store/sql.js';

/**
 * Of snippets that were found without their documents, those whose documents are of `kind`. A snippet does not say it: what a report tells
 * of the history looks like what an article explains.
 */
export async function ofKind(
  documents: Table,
  found: FoundSnippets,
  kind: SearchFilters['kind'],
): Promise<FoundSnippets> {
  if (kind === undefined || found.rows.size === 0) return found;
  const ids = [...new Set([...found.rows.values()].map(({ document }) => document))];
  const predicate = `${anyOf('id', ids)} AND ${kind === 'reports' ? isReport : `NOT (${isReport})`}`;
  const rows = await readRows(documents.query().where(predicate), Identified);
  const kept = new Set(rows.map(({ id }) => id));
  const isKept = (key: string) => kept.has(found.rows.get(key)?.document ?? '');
  return {
    rankings: found.rankings.map((ranking) => ({
      ...ranking,
      hits: ranking.hits.filter(({ key }) => isKept(key)),
    })),
    rows: new Map([...found.rows].filter(([key]) => isKept(key))),
  };
}

const Identified = z.object({ id: z.string() });
