import type { IndexModality, SearchFilters } from '../../preload/values.js';

/** The parts of retrieval that an ablation can switch off; all are on by default. */
export interface RetrievalParts {
  /** Search by meaning of the query text. */
  text: boolean;
  /** Search the texts by the image vector. */
  image: boolean;
  /** Search the documents' own images by the image vectors. */
  picture: boolean;
  /** Search by words. */
  bm25: boolean;
  /** Documents first, then snippets inside them; off: snippets of the whole modality. */
  hierarchical: boolean;
  /** Cut by score; off: always `limit` snippets. */
  adaptive: boolean;
  /** Rank documents once more by likeness to the mean of the first ones (pseudo relevance feedback); default: where two ways are on. */
  feedback?: boolean;
  /** Add the synonyms and codes of the clinical entities that the query names (CLEAR, Lopez et al. 2025). */
  entities: boolean;
}

export interface EvidenceQuery {
  modality: IndexModality;
  /** What is asked: the indication, the names of the findings, free words. May be empty when `findings` or `joint` are not. */
  text: string;
  /** Ids of findings; each gets at least one snippet that speaks of it, where the index has one. */
  findings: string[];
  /** Vector of the study's images in the joint space [256], unit length; empty counts as absent. */
  joint?: Float32Array;
  /** Vectors of the single images ([256] each, of `embedImages`), to find documents whose images look alike. */
  pictures?: readonly Float32Array[];
  /** Region of the knowledge base or DICOM BodyPartExamined; documents of other regions count less. */
  bodyRegion?: string;
  /** What documents and snippets must be like. */
  filters?: SearchFilters;
  /** Most snippets wanted; default of `indices/settings.json` (12). More come only where `findings` need them. */
  limit?: number;
  /** Most documents wanted; default of `indices/settings.json` (8). */
  documents?: number;
  parts?: Partial<RetrievalParts>;
}
