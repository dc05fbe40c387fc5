import { type Stem, stemsOf } from '../findings/index.js';
import { isCommon, isOfKind } from './common-words.js';
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
  /** Its entities; those that share words are one. */
  entities: Entity[][];
  /** Its other words that say something. */
  words: Stem[];
}

export function askedOf(question: string): Asked {
  const entities = entitiesOf(question);
  const words = stemsOf(question).filter(
    (word) => !isCommon(word.stem) && !entities.some(({ from, to }) => word.from >= from && word.to <= to),
  );
  const groups: Entity[][] = [];
  for (const entity of entities) {
    const same = groups.find((group) => group.some(({ from, to }) => entity.from < to && from < entity.to));
    if (same) same.push(entity);
    else groups.push([entity]);
  }
  return { entities: groups, words };
}

/** What only a title says is said of the whole article, not by the sentence. */
const byTitle = 0.7;

/** How much of what is asked a sentence speaks of, 0…1. */
export interface Coverage {
  /** Of all words that say something, entities counting twice. */
  all: number;
  /** Share of those without which another question is answered; 1 where there are none. */
  needed: number;
}

/**
 * What the text names counts whole, what only the title does less; what is needed (entities, and words that do not just say what
 * kind of answer is wanted) may be named by either.
 */
export function coverage(
  { entities, words }: Asked,
  { title, text }: { title: string; text: string },
): Coverage {
  const [ofText, ofTitle] = [readOf(text), readOf(title)];
  const grade = (inText: boolean, inTitle: boolean) => (inText ? 1 : inTitle ? byTitle : 0);
  const parts = [
    ...entities.map((group) => ({
      ...{ weight: 2, needed: true },
      covered: grade(
        group.some(({ names }) => ofText.names.has(names)),
        group.some(({ names }) => ofTitle.names.has(names)),
      ),
    })),
    ...words.map(({ stem }) => ({
      ...{ weight: 1, needed: !isOfKind(stem) },
      covered: grade(has(ofText.stems, stem), has(ofTitle.stems, stem)),
    })),
  ];
  const whole = parts.reduce((sum, { weight }) => sum + weight, 0);
  const needed = parts.filter((part) => part.needed);
  return {
    all: parts.reduce((sum, { weight, covered }) => sum + weight * covered, 0) / Math.max(1, whole),
    needed: needed.length === 0 ? 1 : needed.filter(({ covered }) => covered > 0).length / needed.length,
  };
}

const readOf = (text: string) => ({
  names: new Set(entitiesOf(text).map(({ names }) => names)),
  stems: new Set(stemsOf(text).map(({ stem }) => stem)),
});

/** Whether a word is among others, as it is or with another ending: thickness and thickening, measure and measured. */
function has(stems: ReadonlySet<string>, stem: string): boolean {
  if (stems.has(stem)) return true;
  const root = stem.slice(0, Math.max(5, stem.length - 4));
  return stem.length > 4 && [...stems].some((other) => other.startsWith(root));
}
