/** A study that is measured, and what is told while it goes on. */
import type { ReportedStudy } from './dataset.js';
import type { OpenedStudy } from './look.js';
import type { Reference } from './reference.js';

export interface Measured {
  record: ReportedStudy;
  reference: Reference;
  /** The findings section by R2Gen's protocol; empty where the report has none. */
  tokens: readonly string[];
  opened: OpenedStudy;
}

export interface EvaluateEvents {
  signal?: AbortSignal;
  onProgress?: (label: string, done: number, total: number) => void;
  /** Told once of each thing that went wrong and did not stop the run. */
  onProblem?: (message: string) => void;
}
