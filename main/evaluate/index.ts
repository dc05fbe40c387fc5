/** Evaluate: what the product and simpler systems say of studies whose reports are known, in figures. */
export { type SystemName, systemNames } from './drafts.js';
export type { EvaluateEvents } from './measured.js';
export type { Metrics } from './metrics.js';
export { type EvaluateOptions, evaluate } from './run.js';
export { tableOf } from './table.js';
