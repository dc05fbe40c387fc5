import type { IndexModality, Polarity, Removals, View } from '../../../preload/values.js';

/** One citable statement of a document that is to be stored. */
export interface SourceSnippet {
  /** Its section in lower case: findings, impression, history, appearance, … */
  kind: string;
  text: string;
  /** Findings that its words name. */
  findings: string[];
  /** What it says of them; absent where it explains rather than reports. */
  polarity?: Polarity;
}

/** An image of a document. */
export interface SourceImage {
  view: View;
  /** [256], unit length, of the pack's image encoder. */
  vector: Float32Array;
  /** JPEG of at most 192 pixels a side. */
  thumbnail: Uint8Array;
}

/** A document as a dataset stores it: an article, a report or a case, de-identified. */
export interface SourceDocument {
  /** Unique in its dataset and the same when the same file (or record of a table) is imported again: `[a-z0-9-]+`. */
  id: string;
  /** SHA-256 of all that would be stored: equal means nothing to do. */
  contentHash: string;
  title: string;
  modality: IndexModality;
  /** Region of the knowledge base, `whole-body` where not known. */
  bodyRegion: string;
  topic: string;
  /** Findings the document is about. */
  findings: string[];
  /** Of these, those that it states as present; what a similar case is counted by. */
  present: string[];
  /** `SYSTEM:CODE`, e.g. `ICD-10:J90`. */
  codes: string[];
  sources: string[];
  licence: string;
  version: string;
  ageYears?: number;
  sex?: 'M' | 'F' | 'O';
  /** File it was read from, de-identified; empty for the authored ones. */
  origin: string;
  removals: Removals;
  snippets: SourceSnippet[];
  images: SourceImage[];
}
