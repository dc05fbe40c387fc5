import type { DocumentHit } from '../../preload/values.js';
import { type Fused, fuse } from './fuse.js';
import type { EvidenceQuery, RetrievalParts } from './query.js';
import { routeBodyRegion } from './route.js';
import { type Probe, searchTable } from './search.js';
import { adaptiveCut, type Candidate } from './select.js';
import type { Index, Tables } from './store/index-store.js';
import { DocumentRow, SnippetRow } from './store/schema.js';
import { anyOf } from './store/sql.js';

/** A snippet with its fused score and the scores of the ways that found it. */
export type RankedSnippet = SnippetRow & Candidate & { scores: Fused['scores'] };

/** Stage one: the documents that the query is about, best first, cut by score. */
export async function rankDocuments(
  index: Index,
  { documents }: Tables,
  probe: Probe,
  query: EvidenceQuery,
  parts: RetrievalParts,
): Promise<DocumentHit[]> {
  const { settings } = index;
  const { candidates, max, ratio } = settings.documents;
  const { rankings, rows } = await searchTable(documents, DocumentRow, probe, {
    limit: candidates,
    settings,
  });
  const fused = fuse(
    rankings,
    { k: settings.fusion.k, bm25Half: settings.bm25Half },
    factorOf(index, query, rows),
  );
  return adaptiveCut(fused, parts.adaptive ? ratio : 0)
    .slice(0, max)
    .map((hit) => ({ ...hit, dataset: index.id, title: rows.get(hit.id)?.title ?? hit.id }));
}

/** Stage two: the snippets inside `documents`, best first, uncut. */
export async function rankSnippets(
  index: Index,
  { snippets }: Tables,
  probe: Probe,
  query: EvidenceQuery,
  parts: RetrievalParts,
  documents: DocumentHit[],
): Promise<RankedSnippet[]> {
  const { settings } = index;
  const ids = documents.map((document) => document.id);
  const filter = parts.hierarchical ? anyOf('document', ids) : undefined;
  const limit = settings.snippets.candidates;
  const found = await searchTable(snippets, SnippetRow, probe, { filter, limit, settings });
  return rank(index, query, found);
}

/** Fuses what one search of a snippets table found. */
export function rank(
  index: Index,
  query: EvidenceQuery,
  { rankings, rows }: Awaited<ReturnType<typeof searchTable<typeof SnippetRow>>>,
): RankedSnippet[] {
  const { fusion, bm25Half } = index.settings;
  return fuse(rankings, { k: fusion.k, bm25Half }, factorOf(index, query, rows)).flatMap((hit) => {
    const row = rows.get(hit.id);
    return row === undefined ? [] : [{ ...row, ...hit, vector: row.semantic }];
  });
}

/** How much to raise or lower a row for its findings and its body region. */
function factorOf(
  index: Index,
  query: EvidenceQuery,
  rows: Map<string, { findings: string[]; bodyRegion: string }>,
): (id: string) => number {
  const { finding, otherRegion } = index.settings.factors;
  const wanted = new Set(query.findings);
  const region = routeBodyRegion(query.bodyRegion);
  return (id) => {
    const row = rows.get(id);
    if (row === undefined) return 1;
    const speaks = row.findings.some((own) => wanted.has(own));
    const elsewhere = region !== undefined && row.bodyRegion !== region && row.bodyRegion !== 'whole-body';
    return (speaks ? finding : 1) * (elsewhere ? otherRegion : 1);
  };
}
