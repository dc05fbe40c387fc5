import type { Problem, View } from '../../preload/values.js';

/** An image that belongs to a record. */
export interface RecordImage {
  /** Absolute path of a DICOM object, JPEG or PNG. */
  file: string;
  /** From 0; absent: the first. */
  frame?: number;
  /** `unknown` where nothing says. */
  view: View;
}

/** A passage of a record under its heading. */
export interface RecordSection {
  /** In lower case: findings, impression, history, technique, appearance, … */
  kind: string;
  /** As it stands in the file. Blank lines part paragraphs. */
  text: string;
}

/**
 * What one reader yields for one report, case or article: as it stands in the file, nothing removed. It becomes a document only by way
 * of `toDocument`, which de-identifies it.
 */
export interface ImportRecord {
  /** Absolute path of the file it was read from. */
  file: string;
  /** What tells it from the other records of its file; empty where it is the whole file. */
  key: string;
  /** Reports and cases are about a patient, articles are not. */
  topic: 'report' | 'case' | 'article';
  /** Absent: made from the examination or the first line. */
  title?: string;
  sections: RecordSection[];
  images: RecordImage[];
  /** DICOM modality code or words that say it ("CT", "DX", "Chest X-ray"). */
  modality?: string;
  /** Body part or words that say it. */
  bodyRegion?: string;
  ageYears?: number;
  sex?: 'M' | 'F' | 'O';
  /** Names, identifiers and institutions that the file states in fields of their own: removed wherever the text repeats them. */
  known: string[];
  /** `SYSTEM:CODE` */
  codes: string[];
  /** Works that an article names as its sources. */
  sources: string[];
  licence?: string;
  version?: string;
}

/** What a reader yields: a record, or why a part of its file gave none. The reader goes on after a problem where it can. */
export type Read = { record: ImportRecord } | { problem: Problem };

/** Reads the records of a file one at a time, so that a file of any length needs the memory of one record. Never throws but an AbortError. */
export type Reader = (file: string, options: { signal?: AbortSignal }) => AsyncGenerator<Read>;

/** A record with nothing known but its file. */
export function emptyRecord(file: string, key = ''): ImportRecord {
  return { file, key, topic: 'report', sections: [], images: [], known: [], codes: [], sources: [] };
}
