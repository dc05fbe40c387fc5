/** Draft: a report of an encoded study, and what each of its sentences rests on. */
export { type Adapter, loadAdapter } from './adapter.js';
export { type DraftInput, type DraftOptions, draftReport, SIMILAR_SENTENCES } from './draft.js';
export type { FollowUpCount } from './follow-up.js';
export {
  type Grounded,
  type GroundingContext,
  groundSentence,
  readSnippet,
  regroundSentence,
} from './grounding.js';
export { type DraftQuery, evidenceQuery } from './query.js';
export { isReusable, SIMILAR_CASES, similarSentences, withSimilar } from './similar.js';
