import type { Answer, IndexModality } from '../../preload/values.js';
import { findingsNamed } from '../findings/index.js';
import type { Indices } from './federate.js';
import { askedOf, coverage, isOfPatient } from './question.js';
import { retrieveEvidence } from './retrieve.js';

export interface Question {
  question: string;
  modality: IndexModality;
  bodyRegion?: string;
  /** Vector of the study's images in the joint space [256], unit length. */
  joint?: Float32Array;
}

/** Snippets read for the answer. */
const read = 16;
const most = 3;
/** A snippet answers when it names this much of what is needed, and this much of the question in meaning and words taken together. */
const leastNeeded = 0.75;
const leastFit = 0.5;
/** Of several that answer, those near the best. */
const near = 0.85;

/**
 * Answers a question word for word from the indices: the snippets of articles that answer it, best first; none where the indices do not hold the
 * answer. A question on the patient at hand has none: no index knows a patient. What was found in other patients is no answer either.
 * @throws WetreadError as `retrieveEvidence`.
 */
export async function answerQuestion(
  indices: Indices,
  { question, modality, bodyRegion }: Question,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Answer> {
  const asked = askedOf(question);
  if (isOfPatient(question) || asked.entities.length + asked.words.length === 0)
    return { question, modality, snippets: [], problems: [] };
  const { snippets, problems } = await retrieveEvidence(
    indices,
    {
      ...{ modality, text: question, findings: findingsNamed(question), bodyRegion },
      ...{ limit: read, filters: { kind: 'articles' }, parts: { adaptive: false } },
    },
    { signal },
  );
  const fitting = snippets
    .map((snippet) => {
      const covered = coverage(asked, snippet);
      return { snippet, needed: covered.needed, fit: (covered.all + meaning(snippet.scores.text)) / 2 };
    })
    .filter(({ needed, fit }) => needed >= leastNeeded && fit >= leastFit)
    .sort((a, b) => b.fit - a.fit);
  const floor = near * (fitting[0]?.fit ?? 0);
  return {
    question,
    modality,
    snippets: fitting
      .filter(({ fit }) => fit >= floor)
      .slice(0, most)
      .map(({ snippet }) => snippet),
    problems,
  };
}

/** A snippet that only its words led to is at least not known to mean something else. */
const unknownCosine = 0.35;

/** Cosine of question and answer as a share of what the encoder gives a plain paraphrase. */
const meaning = (cosine = unknownCosine) => Math.min(1, Math.max(0, cosine) / paraphrase);
const paraphrase = 0.8;
