/** What a system said of a study, in the one form that all are measured in. */
import type { Section, Statement } from '../../preload/values.js';
import type { FollowUpCount } from '../draft/index.js';
import { statementsOf } from './statements.js';

export const systemNames = ['constant', 'retrieval', 'ft', 'rag', 'ft+rag', 'ft+rag+rl'] as const;
export type SystemName = (typeof systemNames)[number];

/** A text that a sentence is said to rest on. */
export interface CitedText {
  snippet: string;
  document: string;
  title: string;
  text: string;
  score: number;
}

export interface DraftedSentence {
  section: Section;
  text: string;
  citations: CitedText[];
}

/** A finding offered beside the draft. */
export interface OfferedFinding {
  finding: string;
  probability: number;
  text: string;
}

export interface SystemDraft {
  sentences: DraftedSentence[];
  offers: OfferedFinding[];
  /** What was handed to the writer to draw on, best first; empty where nothing was. */
  context: { title: string; text: string }[];
  /** Probability of each finding that the draft went by, by id; empty for systems without an image model. */
  probabilities: ReadonlyMap<string, number>;
  /** Why no findings were drafted. */
  abstention?: string;
  latencyMs: number;
  /** What asking the index again has brought; absent where nothing was asked. */
  followUp?: FollowUpCount;
}

/** Whether a study was drafted from its own images or, as a control, from another's. */
export type Images = 'own' | 'shuffled';

/** A section of a draft as one text. */
export function sectionText(draft: SystemDraft | undefined, section: Section): string {
  return (draft?.sentences ?? [])
    .filter((sentence) => sentence.section === section)
    .map(({ text }) => (/[.?!]$/.test(text) ? text : `${text}.`))
    .join(' ');
}

/** A line of `drafts.jsonl`; its form is stable. A study that could not be drafted has empty sections and says why in `error`. */
export function draftLine(
  uid: string,
  system: SystemName,
  images: Images,
  draft: SystemDraft | { error: { code: string; message: string } },
) {
  const drafted = 'error' in draft ? undefined : draft;
  return {
    ...{ uid, system, images },
    findings: sectionText(drafted, 'findings'),
    impression: sectionText(drafted, 'impression'),
    sentences: (drafted?.sentences ?? []).map(({ section, text, citations }) => ({
      section,
      text,
      statements: [...statementsOf(text)] as Statement[],
      citations: citations.map(({ snippet, document, text: cited, score }) => ({
        ...{ snippet, document, text: cited, score },
      })),
    })),
    offers: drafted?.offers ?? [],
    latencyMs: drafted ? Math.round(drafted.latencyMs * 10) / 10 : null,
    ...(drafted?.abstention && { abstention: drafted.abstention }),
    ...('error' in draft && { error: draft.error }),
  };
}
