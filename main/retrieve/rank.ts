import type { Table } from '@lancedb/lancedb';
import { z } from 'zod';
import type { DocumentHit } from '../../preload/values.js';
import { withFeedback, withFindings } from './feedback.js';
import { all, documentFilter, snippetFilter } from './filters.js';
import { type Fused, fuse } from './fuse.js';
import { ofKind } from './kind.js';
import { withLateVectors } from './late-vectors.js';
import { nearestPictures } from './pictures.js';
import type { EvidenceQuery, RetrievalParts } from './query.js';
import { routeBodyRegion } from './route.js';
import { DocumentRow, SnippetRow } from './rows.js';
import { type Found, keyOf, type Probe, searchTable } from './search.js';
import { adaptiveCut } from './select.js';
import type { Index, Tables } from './store/index-store.js';
import { asStored, readRows } from './store/read-rows.js';
import type { IndexSettings } from './store/settings.js';
import { anyOf } from './store/sql.js';

/** A snippet with its fused score and the scores of the ways that found it. */
export type RankedSnippet = SnippetRow & Fused & { dataset: string };

export type FoundDocuments = Found<DocumentRow>;
export type FoundSnippets = Found<SnippetRow>;

/** Stage one in one index: documents by each way. */
export async function searchDocuments(
  index: Index,
  { documents, images, held }: Tables,
  probe: Probe & { pictures: readonly Float32Array[] },
  query: EvidenceQuery,
): Promise<FoundDocuments> {
  const { settings } = index;
  const limit = candidatesFor(settings.documents.candidates, query.documents);
  const filter = documentFilter(query.filters);
  const options = { dataset: index.id, filter, limit, weights: settings.documents.weights, settings };
  const source = (await held?.source()) ?? asStored(DocumentRow);
  const [found, pictured] = await Promise.all([
    searchTable(documents, source, probe, options).then((own) =>
      withLateVectors(own, probe.semantic, options.weights.text, {
        embed: index.embed,
        textOf: (rows) => openings(documents, rows),
      }),
    ),
    images === undefined || probe.pictures.length === 0
      ? undefined
      : nearestPictures(images, probe.pictures, options),
  ]);
  if (pictured === undefined) return found;
  const unread = pictured.filter(({ key }) => !found.rows.has(key));
  const read = await documentRows(
    documents,
    unread.map(({ document }) => document),
    filter,
  );
  for (const row of read) found.rows.set(keyOf(index.id, row.id), { ...row, dataset: index.id });
  const hits = pictured.filter(({ key }) => found.rows.has(key)).map(({ key, score }) => ({ key, score }));
  found.rankings.push({
    ...{ way: 'picture', weight: settings.documents.weights.picture, hits },
    full: pictured.length >= limit,
  });
  return found;
}

/** Title and beginning of documents, as much as the text encoder reads. */
async function openings(documents: Table, rows: { id: string; title: string }[]): Promise<string[]> {
  const ids = rows.map(({ id }) => id);
  const read = await readRows(documents.query().where(anyOf('id', ids)), Opening);
  const texts = new Map(read.map(({ id, text }) => [id, text]));
  return rows.map(({ id, title }) => (texts.get(id) ?? title).slice(0, mostOpening));
}

const mostOpening = 500;
const Opening = z.object({ id: z.string(), text: z.string() });

async function documentRows(
  documents: Table,
  ids: string[],
  filter: string | undefined,
): Promise<DocumentRow[]> {
  if (ids.length === 0) return [];
  const predicate = all([anyOf('id', ids), filter]) ?? 'false';
  return await readRows(documents.query().where(predicate), DocumentRow);
}

/** More documents wanted than usual need more candidates. */
export const candidatesFor = (usual: number, wanted = 0) => Math.max(usual, 2 * wanted);

/** A document with the key of its row. */
export type RankedDocument = DocumentHit & { key: string };

/** The documents that the query is about, best first, cut by score. */
export function rankDocuments(
  settings: IndexSettings,
  { rankings, rows }: FoundDocuments,
  query: EvidenceQuery,
  parts: RetrievalParts,
): RankedDocument[] {
  const { max, ratio, evenness } = settings.documents;
  const matched = withFindings(rankings, rows, query.findings, settings.findings);
  const found = parts.feedback ? withFeedback(matched, rows, settings) : matched;
  const { finding: _ofSnippets, ...factors } = settings.factors;
  const factor = factorOf({ finding: 1, ...factors }, query, rows);
  const fused = fuse(found, { bm25Half: settings.bm25Half, evenness, factor });
  return adaptiveCut(fused, parts.adaptive ? ratio : 0)
    .slice(0, query.documents ?? max)
    .flatMap((hit) => {
      const row = rows.get(hit.key);
      return row === undefined ? [] : [{ ...hit, id: row.id, dataset: row.dataset, title: row.title }];
    });
}

/** Stage two in one index: snippets inside `documents`, or of the whole modality where there is no such list. */
export async function searchSnippets(
  index: Index,
  tables: Tables,
  probe: Probe,
  query: EvidenceQuery,
  documents: string[] | undefined,
): Promise<FoundSnippets> {
  if (documents?.length === 0) return { rankings: [], rows: new Map() };
  const { settings } = index;
  const { filters } = query;
  const inside = documents === undefined ? undefined : anyOf('document', documents);
  const limit = candidatesFor(settings.snippets.candidates, query.limit);
  const source = (await tables.held?.snippets()) ?? asStored(SnippetRow);
  const found = await searchTable(tables.snippets, source, probe, {
    ...{ dataset: index.id, filter: all([inside, snippetFilter(filters)]), limit, settings },
    weights: settings.snippets.weights,
    exact: documents !== undefined,
  });
  // Stage one has chosen documents of the kind already.
  const wanted = documents === undefined ? await ofKind(tables.documents, found, filters?.kind) : found;
  return await withLateVectors(wanted, probe.semantic, settings.snippets.weights.text, {
    embed: index.embed,
    textOf: (rows) => rows.map(({ text }) => text),
  });
}

/** Fuses what was found in the snippets tables, best first. */
export function rankSnippets(
  settings: IndexSettings,
  query: EvidenceQuery,
  { rankings, rows }: FoundSnippets,
): RankedSnippet[] {
  const factor = factorOf(settings.factors, query, rows);
  return fuse(rankings, {
    bm25Half: settings.bm25Half,
    evenness: settings.snippets.evenness,
    factor,
  }).flatMap((hit) => {
    const row = rows.get(hit.key);
    return row === undefined ? [] : [{ ...row, ...hit }];
  });
}

/** How much to raise or lower a row for its findings and its body region. */
function factorOf(
  { finding, otherRegion }: IndexSettings['factors'],
  query: EvidenceQuery,
  rows: ReadonlyMap<string, { findings: string[]; bodyRegion: string }>,
): (key: string) => number {
  const wanted = new Set(query.findings);
  const region = routeBodyRegion(query.bodyRegion);
  return (key) => {
    const row = rows.get(key);
    if (row === undefined) return 1;
    const speaks = row.findings.some((own) => wanted.has(own));
    const elsewhere = region !== undefined && row.bodyRegion !== region && row.bodyRegion !== 'whole-body';
    return (speaks ? finding : 1) * (elsewhere ? otherRegion : 1);
  };
}
