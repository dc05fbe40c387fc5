import type { DocumentHit, Evidence, IndexModality, Snippet } from '../../preload/values.js';
import { toWetreadError, WetreadError } from '../error.js';
import { findingName, findingsNamed } from './findings.js';
import { type Fused, fuse } from './fuse.js';
import type { Index, Tables } from './index-store.js';
import { routeBodyRegion } from './route.js';
import { DocumentRow, SnippetRow } from './schema.js';
import { type Probe, searchTable } from './search.js';
import { adaptiveCut, type Candidate, pickDiverse } from './select.js';
import { anyOf, listHas } from './sql.js';

/** The parts of retrieval that an ablation can switch off; all are on by default. */
export interface RetrievalParts {
  /** Search by meaning of the query text. */
  text: boolean;
  /** Search by the image vector. */
  image: boolean;
  /** Search by words. */
  bm25: boolean;
  /** Documents first, then snippets inside them; off: snippets of the whole modality. */
  hierarchical: boolean;
  /** Cut by score; off: always `limit` snippets. */
  adaptive: boolean;
}

export interface EvidenceQuery {
  modality: IndexModality;
  /** What is asked: the indication, the names of the findings, free words. May be empty when `findings` or `joint` are not. */
  text: string;
  /** Ids of findings; each gets at least one snippet that speaks of it, where the index has one. */
  findings: string[];
  /** Vector of the study's images in the joint space [256], unit length. */
  joint?: Float32Array;
  /** Region of the knowledge base or DICOM BodyPartExamined; documents of other regions count less. */
  bodyRegion?: string;
  /** Most snippets wanted; default of `indices/settings.json` (12). More come only where `findings` need them. */
  limit?: number;
  parts?: Partial<RetrievalParts>;
}

type RankedSnippet = SnippetRow & Candidate & { scores: Fused['scores'] };

/**
 * Looks up what the knowledge base says on a study, in two stages: documents by fused text vector, image vector and BM25, then
 * snippets inside those documents, fused again. What speaks of a queried finding is raised, the scores decide how
 * much is returned, and no two snippets say the same.
 * @throws WetreadError `index-missing`, `index-damaged` (`buildIndex` mends both), `bad-input`, `cancelled`.
 */
export async function retrieveEvidence(
  index: Index,
  query: EvidenceQuery,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Evidence> {
  const parts = { text: true, image: true, bm25: true, hierarchical: true, adaptive: true, ...query.parts };
  if (!parts.text && !parts.image && !parts.bm25)
    throw new WetreadError('bad-input', 'Retrieval needs at least one of text, image and BM25.');
  const text = query.text.trim() || query.findings.map(findingName).join(', ');
  try {
    // Before the text is embedded, which takes longer and must not be mistaken for a failure of the index.
    await index.read(query.modality, async () => undefined);
    const [vectors] = parts.text && text !== '' ? await index.embed([text], { signal }) : [];
    const probe: Probe = {
      semantic: vectors?.semantic,
      joint: parts.image ? query.joint : undefined,
      words: parts.bm25 ? text : undefined,
    };
    return await index.read(query.modality, async (tables) => {
      const ranked = await rankDocuments(index, tables, probe, query, parts);
      signal?.throwIfAborted();
      const snippets = await rankSnippets(index, tables, probe, query, parts, ranked);
      signal?.throwIfAborted();
      const chosen = choose(index, snippets, query, parts);
      const covered = await coverFindings(index, tables, chosen, query, parts, signal);
      return {
        modality: query.modality,
        query: text,
        documents: citedDocuments(ranked, covered),
        snippets: covered.map(toSnippet),
      };
    });
  } catch (thrown) {
    throw toWetreadError(thrown);
  }
}

/** Free-text search of one index, for the search box: as `retrieveEvidence`, the findings that the words name raised. */
export async function searchIndex(
  index: Index,
  { query, modality }: { query: string; modality: IndexModality },
  { signal }: { signal?: AbortSignal } = {},
): Promise<Evidence> {
  return await retrieveEvidence(index, { modality, text: query, findings: findingsNamed(query) }, { signal });
}

type Parts = RetrievalParts;
type RankedDocument = DocumentHit;

async function rankDocuments(
  index: Index,
  { documents }: Tables,
  probe: Probe,
  query: EvidenceQuery,
  parts: Parts,
): Promise<RankedDocument[]> {
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
    .map((hit) => ({ ...hit, title: rows.get(hit.id)?.title ?? hit.id }));
}

async function rankSnippets(
  index: Index,
  { snippets }: Tables,
  probe: Probe,
  query: EvidenceQuery,
  parts: Parts,
  documents: RankedDocument[],
): Promise<RankedSnippet[]> {
  const { settings } = index;
  const ids = documents.map((document) => document.id);
  const filter = parts.hierarchical ? anyOf('document', ids) : undefined;
  const limit = settings.snippets.candidates;
  const found = await searchTable(snippets, SnippetRow, probe, { filter, limit, settings });
  return rank(index, query, found);
}

function rank(
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

function choose(index: Index, ranked: RankedSnippet[], query: EvidenceQuery, parts: Parts): RankedSnippet[] {
  const { snippets, diversity, nearDuplicate } = index.settings;
  const justified = adaptiveCut(ranked, parts.adaptive ? snippets.ratio : 0);
  return pickDiverse(justified, { max: query.limit ?? snippets.max, diversity, nearDuplicate });
}

/**
 * Adds, for each queried finding that no chosen snippet is mainly about, the best one that speaks of it, from the whole modality;
 * they take the place of the last chosen ones that no finding needs. Best first.
 */
async function coverFindings(
  index: Index,
  { snippets }: Tables,
  chosen: RankedSnippet[],
  query: EvidenceQuery,
  parts: Parts,
  signal: AbortSignal | undefined,
): Promise<RankedSnippet[]> {
  const max = query.limit ?? index.settings.snippets.max;
  const cover = (finding: string) => chosen.find((snippet) => isMainlyAbout(snippet, finding));
  const needed = new Set(query.findings.map(cover).filter((snippet) => snippet !== undefined));
  const open = query.findings.filter((finding) => cover(finding) === undefined);
  const vectors = parts.text ? await index.embedNames(open.map(findingName), { signal }) : [];
  const found = await Promise.all(
    open.map(async (finding, at) => {
      const probe: Probe = {
        semantic: vectors[at]?.semantic,
        words: parts.bm25 ? findingName(finding) : undefined,
      };
      const filter = listHas('findings', finding);
      const rows = await searchTable(snippets, SnippetRow, probe, {
        filter,
        limit: coverCandidates,
        settings: index.settings,
      });
      const ranked = rank(index, query, rows);
      return ranked.find((snippet) => isMainlyAbout(snippet, finding)) ?? ranked[0];
    }),
  );
  const all = new Map(chosen.map((snippet) => [snippet.id, snippet]));
  for (const snippet of found) {
    if (snippet === undefined) continue;
    needed.add(all.get(snippet.id) ?? snippet);
    if (!all.has(snippet.id)) all.set(snippet.id, snippet);
  }
  const ranked = [...all.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const others = ranked.filter((snippet) => !needed.has(snippet)).slice(0, Math.max(0, max - needed.size));
  return ranked.filter((snippet) => needed.has(snippet) || others.includes(snippet));
}

/** Rows read to find the best snippet on one finding. */
const coverCandidates = 6;

/** A snippet that names many findings explains none. */
const isMainlyAbout = ({ findings }: SnippetRow, finding: string) =>
  findings.length <= 2 && findings.includes(finding);

/** The ranked documents, and those that only a covering snippet comes from, with that snippet's score. */
function citedDocuments(ranked: RankedDocument[], snippets: RankedSnippet[]): DocumentHit[] {
  const hits = new Map(ranked.map((hit) => [hit.id, hit]));
  for (const { document, title, score, scores } of snippets)
    if (!hits.has(document)) hits.set(document, { id: document, title, score, scores });
  return [...hits.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

function toSnippet({ semantic: _s, vector: _v, findings: _f, ...snippet }: RankedSnippet): Snippet {
  return snippet;
}
