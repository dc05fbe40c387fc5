import type { Answer, IndexModality } from '../../preload/values.js';
import { findingsNamed } from '../findings/index.js';
import type { Indices } from './federate.js';
import { retrieveEvidence } from './retrieve.js';

export interface Question {
  question: string;
  modality: IndexModality;
  bodyRegion?: string;
  /** Vector of the study's images in the joint space [256], unit length. */
  joint?: Float32Array;
}

/** Sentences read for the answer. */
const read = 12;
/** A snippet that scores below this answers nothing. */
const least = 0.6;
const most = 3;

/**
 * Answers a question word for word from the indices: the snippets that answer it, best first; none where the indices do not hold the answer.
 * @throws WetreadError as `retrieveEvidence`.
 */
export async function answerQuestion(
  indices: Indices,
  { question, modality, bodyRegion, joint }: Question,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Answer> {
  const findings = findingsNamed(question);
  const { snippets, problems } = await retrieveEvidence(
    indices,
    {
      modality,
      text: question,
      findings,
      bodyRegion,
      joint,
      limit: read,
      filters: { kind: 'articles' },
      parts: { image: false },
    },
    { signal },
  );
  return {
    question,
    modality,
    snippets: snippets.filter(({ score }) => score >= least).slice(0, most),
    problems,
  };
}
