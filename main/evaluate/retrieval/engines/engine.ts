import type { ScaleCorpus } from '../scale-corpus.js';
import type { Near, ScaleVectors } from '../scale-vectors.js';

/** What is asked of an engine: the same for all. */
export interface EngineQuery {
  text: string;
  /** [384] */
  semantic: Float32Array;
  /** [256] */
  joint: Float32Array;
}

/** A thing to choose instead: opened on the same vectors and texts. Places are those of the corpus. */
export interface Engine {
  /** Stage one by each vector: the `count` nearest documents. */
  byText(query: EngineQuery, count: number): Near[] | Promise<Near[]>;
  byImage(query: EngineQuery, count: number): Near[] | Promise<Near[]>;
  /** Stage one by words. */
  byWords(query: EngineQuery, count: number): Near[] | Promise<Near[]>;
  /** Stage two: the snippets of these documents, by both vectors. */
  inside(query: EngineQuery, documents: number[], count: number): Near[][] | Promise<Near[][]>;
  /** Stage two by words. */
  insideByWords(query: EngineQuery, documents: number[], count: number): Near[] | Promise<Near[]>;
  dispose(): Promise<void> | void;
}

export interface EngineParts {
  /** Of the dataset; an engine keeps its files in it under its own name. */
  folder: string;
  corpus: ScaleCorpus;
  vectors: ScaleVectors;
  signal?: AbortSignal;
  onProgress?: (label: string, done: number, total: number) => void;
}

export interface OpenedEngine {
  engine: Engine;
  /** Seconds that building took, when it was built. */
  buildSeconds: number;
  bytes: number;
}

/** The module of a package that is installed for this bench only; undefined where it is not. */
export async function optional<T>(name: string): Promise<T | undefined> {
  try {
    return (await import(name)) as T;
  } catch {
    return undefined;
  }
}
