import type {
  DocumentHit,
  Evidence,
  IndexModality,
  Problem,
  SearchFilters,
  Snippet,
} from '../../preload/values.js';
import { toWetreadError, WetreadError } from '../error.js';
import { findingName, findingsNamed } from '../findings/index.js';
import { bestOn, choose, cover, searchFinding, uncovered } from './choose.js';
import { type CueQuery, cueQuery, cuesOf } from './cues.js';
import { otherNames, writtenOut } from './entities.js';
import { type Answered, askAll, type Indices, listOf } from './federate.js';
import { passagesOf } from './feedback.js';
import { nameVectors } from './names.js';
import type { EvidenceQuery, RetrievalParts } from './query.js';
import {
  candidatesFor,
  type FoundDocuments,
  type FoundSnippets,
  type RankedDocument,
  type RankedSnippet,
  rankDocuments,
  rankSnippets,
  searchDocuments,
  searchSnippets,
} from './rank.js';
import { keyOf, mergeFound, type Probe } from './search.js';
import type { Embed, Index } from './store/index-store.js';
import { jointWidth } from './store/schema.js';
import { type IndexSettings, indexSettings } from './store/settings.js';

/** A way by itself is left as it is: what it finds is to be compared with what the ways find together. */
const partsOf = (wanted: Partial<RetrievalParts> = {}): Required<RetrievalParts> => {
  const parts = { ...allParts, ...wanted };
  const ways = [parts.text, parts.image, parts.picture, parts.bm25].filter(Boolean).length;
  return { ...parts, feedback: parts.feedback ?? ways > 1 };
};

const allParts: RetrievalParts = {
  text: true,
  image: true,
  picture: true,
  bm25: true,
  hierarchical: true,
  adaptive: true,
  entities: true,
};

/**
 * Looks up what the indices say on a study, in two stages: documents by fused text vector, image vector, likeness of images and BM25, then
 * snippets inside those documents, fused again. What speaks of a queried finding is raised, the scores decide how
 * much is returned, and no two snippets say the same. All indices are asked at once and merged way by way; one that fails is named in
 * `problems` and costs only itself.
 * @throws WetreadError when every index fails: `index-missing`, `index-damaged`, `index-away`; and `bad-input`, `cancelled`.
 */
export async function retrieveEvidence(
  indices: Indices,
  query: EvidenceQuery,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Evidence> {
  const parts = partsOf(query.parts);
  if (!parts.text && !parts.image && !parts.picture && !parts.bm25)
    throw new WetreadError('bad-input', 'Retrieval needs at least one of text, image, picture and BM25.');
  // A study that the pack abstains on has no image vector: its encoding holds an empty one.
  const joint = query.joint?.length === 0 ? undefined : query.joint;
  const pictures = query.pictures ?? [];
  for (const { length } of [...(joint === undefined ? [] : [joint]), ...pictures])
    if (length !== jointWidth)
      throw new WetreadError('bad-input', `The image vector has ${length} numbers, not ${jointWidth}.`);
  const text = query.text.trim() || query.findings.map(findingName).join(', ');
  const { modality } = query;
  const wanted = query.filters?.datasets;
  const asked = listOf(indices).filter(({ id }) => wanted === undefined || wanted.includes(id));
  const [{ embed, settings } = { embed: undefined, settings: indexSettings }] = asked;
  if (embed === undefined) return { modality, query: text, documents: [], snippets: [], problems: [] };
  try {
    // Before the text is embedded, which takes longer and must not be mistaken for a failure of an index.
    const readable = await askAll(asked, modality, async () => undefined, signal);
    const said = parts.entities ? writtenOut(text) : text;
    const [vectors] = parts.text && text !== '' ? await embed([said], { signal }) : [];
    const search: Search = {
      ...{ query, parts, settings, embed, signal },
      probe: {
        semantic: vectors?.semantic,
        joint: parts.image ? joint : undefined,
        words: parts.bm25 ? said : undefined,
        otherWords: parts.bm25 && parts.entities ? otherNames(said) : undefined,
        pictures: parts.picture ? pictures : [],
      },
    };
    const first = await findDocuments(indicesOf(readable.answers), search);
    const second = await findSnippets(first.answering, first.documents, search);
    const third = await coverFindings(second.answering, second.chosen, search);
    const cues = cueQuery(said, query.findings);
    return {
      modality,
      query: text,
      documents: citedDocuments(rankAgain(first, second.found, search), third.chosen),
      snippets: third.chosen.map((snippet) => toSnippet(snippet, cues)),
      problems: [readable, first, second, third].flatMap(({ problems }) => problems),
    };
  } catch (thrown) {
    throw toWetreadError(thrown);
  }
}

/** A query on its way through the stages. */
interface Search {
  query: EvidenceQuery;
  parts: Required<RetrievalParts>;
  settings: IndexSettings;
  embed: Embed;
  probe: Probe & { pictures: readonly Float32Array[] };
  signal: AbortSignal | undefined;
}

const indicesOf = (answers: readonly Answered<unknown>[]): Index[] => answers.map(({ index }) => index);

/** Stage one: the documents that the query is about, best first, cut by score. */
async function findDocuments(indices: readonly Index[], { query, parts, settings, probe, signal }: Search) {
  const { answers, problems } = await askAll(
    indices,
    query.modality,
    // Other names are for sentences; among many documents they double the time and find no more.
    (tables, index) => searchDocuments(index, tables, { ...probe, otherWords: undefined }, query),
    signal,
  );
  const found = answers.map(({ value }) => value);
  const limit = candidatesFor(settings.documents.candidates, query.documents);
  const merged = mergeFound(found, limit);
  const documents = rankDocuments(settings, merged, query, parts);
  return { found: merged, documents, problems, answering: indicesOf(answers) };
}

/** Stage two: the snippets inside them that are worth reading. */
async function findSnippets(
  indices: readonly Index[],
  documents: readonly DocumentHit[],
  { query, parts, settings, probe, signal }: Search,
) {
  const inside = (dataset: string) =>
    parts.hierarchical ? documents.filter((hit) => hit.dataset === dataset).map(({ id }) => id) : undefined;
  const { answers, problems } = await askAll(
    indices,
    query.modality,
    (tables, index) => searchSnippets(index, tables, probe, query, inside(index.id)),
    signal,
  );
  const found = answers.map(({ value }) => value);
  const limit = candidatesFor(settings.snippets.candidates, query.limit);
  const merged = mergeFound(found, limit);
  const ranked = rankSnippets(settings, query, merged);
  return {
    found: merged,
    chosen: choose(settings, ranked, query, parts),
    problems,
    answering: indicesOf(answers),
  };
}

/** The documents of stage one once more, now that their snippets have been compared. */
function rankAgain(
  { found, documents }: { found: FoundDocuments; documents: RankedDocument[] },
  snippets: FoundSnippets,
  { query, parts, settings }: Search,
): RankedDocument[] {
  if (!parts.feedback || !parts.hierarchical) return documents;
  const passages = passagesOf(snippets, settings.passages);
  const all = { ...found, rankings: [...found.rankings, passages] };
  const known = new Set(documents.map(({ key }) => key));
  const count = Math.max(found.rows.size, 1);
  return rankDocuments(settings, all, { ...query, documents: count }, { ...parts, adaptive: false }).filter(
    ({ key }) => known.has(key),
  );
}

/** Last: a snippet for each queried finding that none of the chosen ones is mainly about, from the whole modality. */
async function coverFindings(
  indices: readonly Index[],
  chosen: RankedSnippet[],
  { query, parts, settings, embed, signal }: Search,
): Promise<{ chosen: RankedSnippet[]; problems: Problem[] }> {
  // An image finds no finding by its name.
  const missing = parts.bm25 || parts.text ? uncovered(chosen, query) : [];
  if (missing.length === 0) return { chosen: cover(settings, chosen, [], query), problems: [] };
  const names = parts.bm25 ? [] : await nameVectors(embed, missing, { signal });
  const { answers, problems } = await askAll(
    indices,
    query.modality,
    (tables, index) =>
      Promise.all(
        missing.map((finding, at) => searchFinding(index, tables, { finding, name: names[at] }, query)),
      ),
    signal,
  );
  const best = missing.flatMap((finding, at) => {
    const own = answers.flatMap(({ value }) => value[at] ?? []);
    return bestOn(settings, finding, own, query) ?? [];
  });
  return { chosen: cover(settings, chosen, best, query), problems };
}

/** Free-text search, for the search box: as `retrieveEvidence`, the findings that the words name raised. */
export async function searchIndex(
  indices: Indices,
  { query, modality, filters }: { query: string; modality: IndexModality; filters?: SearchFilters },
  { signal }: { signal?: AbortSignal } = {},
): Promise<Evidence> {
  return await retrieveEvidence(
    indices,
    { modality, text: query, findings: findingsNamed(query), filters },
    { signal },
  );
}

/** The ranked documents, and after them those that only a covering snippet comes from. */
function citedDocuments(ranked: (DocumentHit & { key: string })[], snippets: RankedSnippet[]): DocumentHit[] {
  const hits = new Map(ranked.map(({ key, ...hit }) => [key, hit]));
  const least = ranked.at(-1)?.score ?? 1;
  for (const { dataset, document, title, score, scores } of snippets) {
    const key = keyOf(dataset, document);
    if (!hits.has(key))
      hits.set(key, { id: document, dataset, title, score: Math.min(score, least), scores });
  }
  return [...hits.values()];
}

function toSnippet({ semantic: _vector, key: _key, ...snippet }: RankedSnippet, cues: CueQuery): Snippet {
  return { ...snippet, cues: cuesOf(snippet.text, cues) };
}
