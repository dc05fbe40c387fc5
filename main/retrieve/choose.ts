import { findingName } from '../findings/index.js';
import { all, snippetFilter } from './filters.js';
import { byScore } from './fuse.js';
import { ofKind } from './kind.js';
import type { EvidenceQuery, RetrievalParts } from './query.js';
import { type FoundSnippets, type RankedSnippet, rankSnippets } from './rank.js';
import { SnippetRow } from './rows.js';
import { mergeFound, type Probe, searchTable } from './search.js';
import { adaptiveCut, pickDiverse } from './select.js';
import type { Index, Tables, TextVectors } from './store/index-store.js';
import { asStored } from './store/read-rows.js';
import type { IndexSettings } from './store/settings.js';
import { listHas } from './store/sql.js';

/** The snippets worth reading: as many as their scores justify, none that repeats another. */
export function choose(
  settings: IndexSettings,
  ranked: RankedSnippet[],
  query: EvidenceQuery,
  parts: RetrievalParts,
): RankedSnippet[] {
  const { snippets, diversity, nearDuplicate } = settings;
  const justified = adaptiveCut(ranked, parts.adaptive ? snippets.ratio : 0);
  return pickDiverse(justified, { max: query.limit ?? snippets.max, diversity, nearDuplicate });
}

/** The queried findings that no chosen snippet is mainly about. */
export const uncovered = (chosen: RankedSnippet[], { findings }: EvidenceQuery): string[] =>
  findings.filter((finding) => !chosen.some((snippet) => isMainlyAbout(snippet, finding)));

/** What one index has on a finding, wherever it stands: by its name, which is quick in a table of a million, or where words are off by meaning. */
export async function searchFinding(
  index: Index,
  { documents, snippets }: Tables,
  { finding, name }: { finding: string; name: TextVectors | undefined },
  query: EvidenceQuery,
): Promise<FoundSnippets> {
  const probe: Probe = name === undefined ? { words: findingName(finding) } : { semantic: name.semantic };
  const found = await searchTable(snippets, asStored(SnippetRow), probe, {
    dataset: index.id,
    filter: all([listHas('findings', finding), snippetFilter(query.filters)]),
    limit: coverCandidates,
    weights: index.settings.snippets.weights,
    settings: index.settings,
  });
  return await ofKind(documents, found, query.filters?.kind);
}

/** The best snippet on a finding, of what all indices have on it. */
export function bestOn(
  settings: IndexSettings,
  finding: string,
  found: FoundSnippets[],
  query: EvidenceQuery,
): RankedSnippet | undefined {
  const ranked = rankSnippets(settings, query, mergeFound(found, coverCandidates));
  return ranked.find((snippet) => isMainlyAbout(snippet, finding)) ?? ranked[0];
}

/**
 * Adds `best`, the best snippets of findings that no chosen one is mainly about; they take the place of the last chosen ones that no
 * finding needs. Best first.
 */
export function cover(
  settings: IndexSettings,
  chosen: RankedSnippet[],
  best: RankedSnippet[],
  query: EvidenceQuery,
): RankedSnippet[] {
  const max = query.limit ?? settings.snippets.max;
  const first = (finding: string) => chosen.find((snippet) => isMainlyAbout(snippet, finding));
  const needed = new Set(query.findings.map(first).filter((snippet) => snippet !== undefined));
  const known = new Map(chosen.map((snippet) => [snippet.key, snippet]));
  for (const snippet of best) {
    needed.add(known.get(snippet.key) ?? snippet);
    if (!known.has(snippet.key)) known.set(snippet.key, snippet);
  }
  const ranked = [...known.values()].sort(byScore);
  const others = ranked.filter((snippet) => !needed.has(snippet)).slice(0, Math.max(0, max - needed.size));
  return ranked.filter((snippet) => needed.has(snippet) || others.includes(snippet));
}

/** Rows read to find the best snippet on one finding. */
const coverCandidates = 6;

/** A snippet that names many findings explains none. */
const isMainlyAbout = ({ findings }: SnippetRow, finding: string) =>
  findings.length <= 2 && findings.includes(finding);
