import type { Study } from '../../preload/values.js';
import type { Encoding } from '../encode/index.js';

/** What to look up for a study: words, the findings worth citing, and its images as a vector [J]. */
export interface DraftQuery {
  text: string;
  findings: string[];
  /** Unit length; absent where the model abstained. */
  joint?: Float32Array;
  /** As the study says it. */
  bodyRegion?: string;
}

/** Findings beyond this many would drown the query in words. */
const MOST = 6;

/** The retrieval query for a draft: what was asked, and what is likely or possible, the likeliest first. */
export function evidenceQuery(encoding: Encoding, study: Study): DraftQuery {
  const indication = study.indication?.trim();
  const bodyRegion = study.series.find((series) => series.bodyPart)?.bodyPart;
  if (encoding.abstention) {
    const parts = study.series.flatMap((series) => [series.bodyPart, series.description]);
    const words = [study.description, ...parts, indication].filter(Boolean);
    return { text: [...new Set(words)].join('. '), findings: [], bodyRegion };
  }
  const candidates = encoding.findings
    .filter((finding) => finding.possible)
    .sort((a, b) => Number(b.likely) - Number(a.likely) || b.probability - a.probability)
    .slice(0, MOST);
  const names = candidates.map((finding) => finding.name);
  return {
    text: [indication, names.length > 0 ? names.join(', ') : 'normal chest radiograph']
      .filter(Boolean)
      .join('. '),
    findings: candidates.map((finding) => finding.id),
    joint: encoding.embedding,
    bodyRegion,
  };
}
