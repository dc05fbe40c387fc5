import type { Report, Sentence } from '../../preload/values.js';

/** What grounding says of a text; nothing is taken to stand behind it that is left out. */
export interface Grounding {
  statements: Sentence['statements'];
  flags: Sentence['flags'];
  support?: Sentence['support'];
  citations?: Sentence['citations'];
  focus?: Sentence['focus'];
}

/** Checks `text`, standing in place of `sentence`, against the evidence and the other sentences of `report`. */
export type Reground = (text: string, report: Report, sentence: Sentence) => Grounding;

/** What the transitions take from outside, so that they are pure. */
export interface ReviewContext {
  /** The time now, ISO 8601 UTC. */
  now: () => string;
  newId: () => string;
  reground: Reground;
}
