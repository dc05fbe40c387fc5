import { type Stem, stemsOf } from '../findings/index.js';
import { isCommon } from './common-words.js';
import { type Entity, entitiesOf } from './entities.js';

/** Who or what is at hand: an index of articles knows nothing of it. */
const atHand = [
  /\b(?:his|hers?|him|he|she|my|our)\b/i,
  /\b(?:this|that|these|current|present|today'?s?|my|our) (?:patient|study|studies|image|images|film|scan|series|radiograph|x-?ray|ct|mri?|exam\w*|case|report|man|woman|child|infant|lesion|nodule|mass|fracture)\b/i,
  /\bthe patient(?:'s)?\b(?! (?:is|be) positioned)/i,
  /\b(?:on|in|of|from) (?:this|these|here)\b|\bhere\b|\btoday\b/i,
  /\b(?:last|previous|prior|earlier) (?:study|exam\w*|ct|mri?|scan|film|radiograph|report|visit|admission)\b/i,
  /^(?:has|have|had) (?:the|it|this)\b/i,
  /^(?:did|does|do) (?:it|the (?:image|film|scan|study|radiograph))\b/i,
  /\bwho (?:is|was|ordered|referred|requested|read|reported|signed)\b/i,
];

/** Whether something is there, where it is or how large: asked of an image, unless it is asked of the usual. */
const ofImage = [
  /^(?:(?:so|and|but|please|tell me)[, ]+)?(?:is|are|was|were) (?:there|the)\b/i,
  /^(?:do|can|could|did) (?:you|we|i) (?:see|find|detect|identify)\b/i,
  /\b(?:where|how (?:big|large|wide|many|deep|severe|bad|much)|which (?:side|lobe|level|vertebra\w*|rib|segment)|what (?:size|side)) (?:is|are|was|were) (?:the|it|they)\b/i,
  /^any\b/i,
];
const ofUsual =
  /\b(?:normal(?:ly)?|usual(?:ly)?|typical(?:ly)?|upper limit|limit|threshold|cut-?off|abnormal when|considered|called|defined|recommended|needed|required|role for|always|generally|commonest|most common|sign of|difference|risk|associated|sensitive|specific|better|indicated|before|after|until|when|if)\b/i;

/** Whether a question is about the patient at hand instead of what holds for everyone. */
export function isOfPatient(question: string): boolean {
  const asked = question.trim();
  return (
    atHand.some((one) => one.test(asked)) || (ofImage.some((one) => one.test(asked)) && !ofUsual.test(asked))
  );
}

/** What a question is about. */
export interface Asked {
  entities: Entity[];
  /** Its other words that say something. */
  words: Stem[];
}

export function askedOf(question: string): Asked {
  const entities = entitiesOf(question);
  const words = stemsOf(question).filter(
    (word) => !isCommon(word.stem) && !entities.some(({ from, to }) => word.from >= from && word.to <= to),
  );
  return { entities, words };
}

/** What only a title says is said of the whole article, not by the sentence. */
const byTitle = 0.7;

/**
 * How much of what is asked a sentence speaks of, 0…1: the mean over the question's entities (twice) and its other words, each counting whole where
 * the text names it and less where only the title does.
 */
export function coverage(
  { entities, words }: Asked,
  { title, text }: { title: string; text: string },
): number {
  const [inText, inTitle] = [text, title].map((said) => ({
    names: new Set(entitiesOf(said).map(({ names }) => names)),
    stems: new Set(stemsOf(said).map(({ stem }) => stem)),
  }));
  if (inText === undefined || inTitle === undefined) return 0;
  const shares = [
    ...entities.map(({ names }) => ({
      weight: 2,
      covered: inText.names.has(names) ? 1 : inTitle.names.has(names) ? byTitle : 0,
    })),
    ...words.map(({ stem }) => ({
      weight: 1,
      covered: has(inText.stems, stem) ? 1 : has(inTitle.stems, stem) ? byTitle : 0,
    })),
  ];
  const whole = shares.reduce((sum, { weight }) => sum + weight, 0);
  return whole === 0 ? 0 : shares.reduce((sum, { weight, covered }) => sum + weight * covered, 0) / whole;
}

/** Whether a word is among others, as it is or with another ending: measured, measurement, measures. */
function has(stems: ReadonlySet<string>, stem: string): boolean {
  if (stems.has(stem)) return true;
  const root = stem.slice(0, Math.max(5, stem.length - 3));
  return stem.length > 5 && [...stems].some((other) => other.startsWith(root));
}
