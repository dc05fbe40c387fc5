export { answerQuestion, type Question } from './answer.js';
export {
  type Case,
  CaseBank,
  type CaseCounts,
  type Cases,
  type HeldCase,
  type SimilarCase,
  type StudyVectors,
} from './cases.js';
export type { Indices } from './federate.js';
export { indexedCases, similarCases } from './indexed-cases.js';
export type { EvidenceQuery, RetrievalParts } from './query.js';
export { retrieveEvidence, searchIndex } from './retrieve.js';
export { routeBodyRegion, routeModality } from './route.js';
export { type BuildResult, buildIndex } from './store/build.js';
export {
  checkDocuments,
  type KnowledgeDocument,
  type KnowledgeSnippet,
  parseDocument,
  readDocuments,
} from './store/documents.js';
export { type Embed, type Index, openIndex, type TextVectors } from './store/index-store.js';
export { type Library, type LibraryOptions, openLibrary } from './store/library.js';
export { IndexSettings, indexSettings } from './store/settings.js';
export type { SourceDocument, SourceImage, SourceSnippet } from './store/source-document.js';
export type { DatasetWriter } from './store/writer.js';
export { dot } from './vectors.js';
