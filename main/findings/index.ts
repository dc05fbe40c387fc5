/** Findings: their vocabulary, and how a text is read for them. What every step that reads or writes text shares. */
export { parseFindings } from './finding-parser.js';
export { splitSentences } from './sentences.js';
export { findingIds, findingName, findingNames, findingsNamed, type Stem, stemsOf } from './vocabulary.js';
