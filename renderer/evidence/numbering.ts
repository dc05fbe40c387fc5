import type { Citation, Report, Snippet } from '../../preload/values.js';

/** A snippet under its number in the report. */
export interface Cited extends Citation {
  number: number;
  /** What its score was fused from, where it is among the retrieved evidence. */
  scores: Snippet['scores'];
  /** Of the retrieved snippet: what in it answered the query, the dataset it is of, its section. */
  cues: Snippet['cues'];
  dataset?: string;
  kind?: string;
}

/** Numbers the snippets a report cites, from 1 in the order of first citation: sentences first, then offers. */
export function numberCitations(report: Report): Map<string, Cited> {
  const retrieved = new Map(report.evidence.snippets.map((s) => [s.id, s]));
  const cited = new Map<string, Cited>();
  for (const { citations } of [...report.sentences, ...report.offers])
    for (const citation of citations) {
      if (cited.has(citation.snippet)) continue;
      const snippet = retrieved.get(citation.snippet);
      cited.set(citation.snippet, {
        ...citation,
        number: cited.size + 1,
        scores: snippet?.scores ?? {},
        // Cues count characters of the text as it was retrieved.
        cues: snippet?.text === citation.text ? snippet.cues : [],
        dataset: snippet?.dataset,
        kind: snippet?.kind,
      });
    }
  return cited;
}
