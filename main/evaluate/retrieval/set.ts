import type { Pack } from '../../encode/index.js';
import type { EvaluateEvents } from '../measured.js';

/** `val`: what is reported. `dev`: the same on training data alone, to choose by. */
export const splits = ['dev', 'val'] as const;
export type BenchSplit = (typeof splits)[number];

/** What a set of the bench is measured with. */
export interface BenchParts extends EvaluateEvents {
  /** Folder that holds `iu_xray`, `medpix` and `text`. */
  data: string;
  split: BenchSplit;
  /** At most so many queries of each task. */
  limit?: number;
  /** The model pack, opened at the first call. */
  pack: () => Promise<Pack>;
  /** The authored knowledge base. */
  documentsFolder: string;
  /** Indices and vectors are kept here between runs. */
  cacheFolder: string;
  /** Folder of this run's files. */
  out: string;
}

/** What a set yields: figures for `metrics.json`, and lines for a person. */
export interface BenchResult {
  metrics: unknown;
  lines: string[];
}

/** Measures one set. Throws WetreadError, and an AbortError by `signal`. */
export type BenchSet = (parts: BenchParts) => Promise<BenchResult>;
