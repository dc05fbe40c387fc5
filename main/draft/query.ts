import type { IndexModality, Study } from '../../preload/values.js';
import type { Encoding } from '../encode/index.js';
import { NORMALS } from './phrases.js';

/** What to look up for a study: words, the findings worth citing, and its images as a vector [J]. */
export interface DraftQuery {
  text: string;
  findings: string[];
  /** Of the index to ask, where the tags of the study do not tell. */
  modality?: IndexModality;
  /** Unit length; absent where the model abstained. */
  joint?: Float32Array;
  /** As the study says it. */
  bodyRegion?: string;
}

/** Findings beyond this many would drown the query in words. */
const MOST = 8;
const FEW = 2;

/** The retrieval query for a draft: what was asked, and what is likely or possible, the likeliest first. */
export function evidenceQuery(encoding: Encoding, study: Study): DraftQuery {
  const indication = study.indication?.trim();
  const bodyRegion = study.series.find((series) => series.bodyPart)?.bodyPart ?? encoding.bodyPart;
  if (encoding.abstention) {
    const parts = study.series.flatMap((series) => [series.bodyPart, series.description]);
    const words = [study.description, ...parts, indication].filter(Boolean);
    return { text: [...new Set(words)].join('. '), findings: [], bodyRegion };
  }
  const byProbability = [...encoding.findings].sort((a, b) => b.probability - a.probability);
  const likely = byProbability.filter((finding) => finding.likely);
  const candidates = [...likely, ...byProbability.filter((f) => f.possible && !f.likely)].slice(0, MOST);
  // What is absent is drafted too, and wants its evidence; beside many findings it would take the place of theirs.
  const denied = NORMALS.filter(({ findings }) =>
    findings.every((id) => encoding.findings.some((f) => f.id === id && !f.possible)),
  );
  const names = [
    ...(likely.length > 0 ? [] : ['normal chest radiograph']),
    ...candidates.map((finding) => finding.name),
    ...(likely.length <= FEW ? [...new Set(denied.map(({ topic }) => topic))] : []),
  ];
  return {
    text: [indication, names.join(', ')].filter(Boolean).join('. '),
    findings: candidates.map((finding) => finding.id),
    joint: encoding.embedding,
    bodyRegion,
    modality: encoding.modality,
  };
}
