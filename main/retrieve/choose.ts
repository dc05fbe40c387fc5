import { findingName } from '../findings/index.js';
import type { EvidenceQuery, RetrievalParts } from './query.js';
import { type RankedSnippet, rank } from './rank.js';
import { type Probe, searchTable } from './search.js';
import { adaptiveCut, pickDiverse } from './select.js';
import type { Index, Tables, TextVectors } from './store/index-store.js';
import { SnippetRow } from './store/schema.js';
import { listHas } from './store/sql.js';

/** The snippets worth reading: as many as their scores justify, none that repeats another. */
export function choose(
  index: Index,
  ranked: RankedSnippet[],
  query: EvidenceQuery,
  parts: RetrievalParts,
): RankedSnippet[] {
  const { snippets, diversity, nearDuplicate } = index.settings;
  const justified = adaptiveCut(ranked, parts.adaptive ? snippets.ratio : 0);
  return pickDiverse(justified, { max: query.limit ?? snippets.max, diversity, nearDuplicate });
}

/**
 * Adds, for each queried finding that no chosen snippet is mainly about, the best one that speaks of it, from the whole modality;
 * they take the place of the last chosen ones that no finding needs. Best first.
 */
export async function coverFindings(
  index: Index,
  { snippets }: Tables,
  chosen: RankedSnippet[],
  query: EvidenceQuery,
  parts: RetrievalParts,
  names: (TextVectors | undefined)[],
): Promise<RankedSnippet[]> {
  const max = query.limit ?? index.settings.snippets.max;
  const cover = (finding: string) => chosen.find((snippet) => isMainlyAbout(snippet, finding));
  const needed = new Set(query.findings.map(cover).filter((snippet) => snippet !== undefined));
  const found = await Promise.all(
    query.findings.map(async (finding, at) => {
      if (cover(finding) !== undefined) return undefined;
      const probe: Probe = {
        semantic: names[at]?.semantic,
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
