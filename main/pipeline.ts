import { performance } from 'node:perf_hooks';
import type { Draft, Evidence, Frame, Problem, Study } from '../preload/values.js';
import {
  draftReport,
  evidenceQuery,
  type FollowUpCount,
  SIMILAR_CASES,
  SIMILAR_SENTENCES,
  similarSentences,
  withSimilar,
} from './draft/index.js';
import {
  type Encoding,
  encodeStudy,
  type FindingEstimate,
  type GreyImage,
  meanChroma,
  type Pack,
  type ReadImage,
  type Resize,
} from './encode/index.js';
import { WetreadError } from './error.js';
import {
  type Cases,
  type EvidenceQuery,
  type Indices,
  retrieveEvidence,
  routeModality,
  type SimilarCase,
} from './retrieve/index.js';
import { renderGrey } from './study/index.js';

/** A decoded frame as the model wants it: grey as on the screen, and how colourful it was, which tells photographs. */
export function modelImage(frame: Frame): GreyImage {
  return { ...renderGrey(frame), chroma: meanChroma(frame) };
}

/** Snippets wanted of a further question, for one sentence. */
const FOLLOW_UP_SNIPPETS = 4;

/** What a draft is made with. Without an index the draft goes on, only without citations. */
export interface DraftParts {
  pack: Pack;
  index: Indices | undefined;
  /** What is known to be amiss with the indices, told with the evidence. */
  problems?: readonly Problem[];
  /** Earlier studies with their reports, whose likeness is weighed and whose sentences the decoder reads. */
  cases?: Cases;
  /** An adapter of the pack by id; null drafts with the frozen base. */
  adapter: string | null;
  /** Display grey of one instance, 8 bit, as the radiologist sees it. */
  readImage: ReadImage;
  resize: Resize;
  newId: () => string;
}

/**
 * The main job: study → encode → retrieve → draft, with the time each step took.
 * Throws WetreadError `cancelled` when the signal fires; a study outside the pack's domain is no error but a draft that abstains.
 */
export async function draftStudy(
  study: Study,
  { pack, index, problems = [], cases, adapter, readImage, resize, newId }: DraftParts,
  {
    signal,
    onStep,
    onFollowUp,
  }: {
    signal?: AbortSignal;
    onStep?: (label: string, done: number) => void;
    onFollowUp?: (count: FollowUpCount) => void;
  } = {},
): Promise<Draft> {
  const started = performance.now();
  onStep?.('Looking at the images', 0);
  const looked = await encodeStudy(pack, study, readImage, { signal, resize });
  const encoded = performance.now();

  onStep?.('Looking things up', 1);
  const { like, findings } = await weigh(looked, study.uid, cases);
  const encoding = { ...looked, findings };
  const similar = similarSentences(encoding.findings, like, SIMILAR_SENTENCES);
  const query = evidenceQuery(encoding, study);
  const modality = routeModality(study) ?? query.modality;
  const ask = async (question: Omit<EvidenceQuery, 'modality'>): Promise<Evidence> => {
    const nothing: Evidence = { modality, query: question.text, documents: [], snippets: [], problems: [] };
    if (!index || !modality) return nothing;
    try {
      // What another patient's report states bears out nothing here; similar cases are weighed by themselves.
      const filters = { kind: 'articles' } as const;
      return await retrieveEvidence(index, { ...question, modality, filters }, { signal });
    } catch (thrown) {
      // A missing or damaged index costs the citations, not the draft.
      if (!isOfIndex(thrown)) throw thrown;
      const { code, message } = thrown;
      return { ...nothing, problems: [{ file: 'Knowledge index', code, message }] };
    }
  };
  const found = await ask(query);
  const evidence = { ...found, problems: [...problems, ...found.problems] };
  const retrieved = performance.now();

  onStep?.('Writing the draft', 2);
  const lookUp = (text: string, findings: string[]) => ask({ text, findings, limit: FOLLOW_UP_SNIPPETS });
  const draft = await draftReport(
    { study, pack, adapter, encoding, evidence, newId, similar, ...(index && modality && { lookUp }) },
    { signal, onFollowUp },
  );
  return {
    ...draft,
    timings: {
      ...draft.timings,
      retrieveMs: retrieved - encoded,
      totalMs: performance.now() - started,
    },
  };
}

const isOfIndex = (thrown: unknown): thrown is WetreadError =>
  thrown instanceof WetreadError && (thrown.code.startsWith('index-') || thrown.code === 'untrusted');

/** The cases most like a study, and what the image model believes moved towards what they report. */
async function weigh(
  { embedding: joint, pictures, findings, abstention }: Encoding,
  study: string,
  cases: Cases | undefined,
): Promise<{ like: SimilarCase[]; findings: FindingEstimate[] }> {
  const alone = { like: [], findings };
  if (abstention || !cases) return alone;
  try {
    const counts = await cases.counts();
    if (counts.cases === 0) return alone;
    const like = await cases.nearest({ joint, pictures }, SIMILAR_CASES, study);
    return { like, findings: withSimilar(findings, like, counts) };
  } catch (thrown) {
    // Datasets that are away or damaged cost their likeness, not the draft.
    if (isOfIndex(thrown)) return alone;
    throw thrown;
  }
}
