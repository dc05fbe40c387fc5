import type { DocumentHit, Evidence, IndexModality, Snippet } from '../../preload/values.js';
import { toWetreadError, WetreadError } from '../error.js';
import { findingName, findingsNamed } from '../findings/index.js';
import { choose, coverFindings } from './choose.js';
import type { EvidenceQuery } from './query.js';
import { type RankedSnippet, rankDocuments, rankSnippets } from './rank.js';
import type { Probe } from './search.js';
import type { Index } from './store/index-store.js';
import { jointWidth } from './store/schema.js';

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
  // A study that the pack abstains on has no image vector: its encoding holds an empty one.
  const joint = query.joint?.length === 0 ? undefined : query.joint;
  if (joint !== undefined && joint.length !== jointWidth)
    throw new WetreadError('bad-input', `The image vector has ${joint.length} numbers, not ${jointWidth}.`);
  const text = query.text.trim() || query.findings.map(findingName).join(', ');
  try {
    // Before the text is embedded, which takes longer and must not be mistaken for a failure of the index.
    await index.read(query.modality, async () => undefined);
    const [vectors] = parts.text && text !== '' ? await index.embed([text], { signal }) : [];
    const probe: Probe = {
      semantic: vectors?.semantic,
      joint: parts.image ? joint : undefined,
      words: parts.bm25 ? text : undefined,
    };
    const names = parts.text ? await index.embedNames(query.findings.map(findingName), { signal }) : [];
    return await index.read(query.modality, async (tables) => {
      const ranked = await rankDocuments(index, tables, probe, query, parts);
      signal?.throwIfAborted();
      const snippets = await rankSnippets(index, tables, probe, query, parts, ranked);
      signal?.throwIfAborted();
      const chosen = choose(index, snippets, query, parts);
      const covered = await coverFindings(index, tables, chosen, query, parts, names);
      return {
        modality: query.modality,
        query: text,
        documents: citedDocuments(index, ranked, covered),
        snippets: covered.map((snippet) => toSnippet(index, snippet)),
        problems: [],
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

/** The ranked documents, and those that only a covering snippet comes from, with that snippet's score. */
function citedDocuments(index: Index, ranked: DocumentHit[], snippets: RankedSnippet[]): DocumentHit[] {
  const hits = new Map(ranked.map((hit) => [hit.id, hit]));
  for (const { document, title, score, scores } of snippets)
    if (!hits.has(document)) hits.set(document, { id: document, dataset: index.id, title, score, scores });
  return [...hits.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

function toSnippet(index: Index, { semantic: _s, vector: _v, ...snippet }: RankedSnippet): Snippet {
  return { ...snippet, dataset: index.id, cues: [] };
}
