/** Evaluate: what the product and simpler systems say of studies whose reports are known, in figures. */
export { type SystemName, systemNames } from './drafts.js';
export { type EvaluateEvents, type EvaluateOptions, evaluate, type Metrics } from './run.js';
export { tableOf } from './table.js';
