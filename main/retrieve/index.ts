export { type BuildResult, buildIndex } from './build.js';
export { type Case, CaseBank, type SimilarCase } from './cases.js';
export {
  checkDocuments,
  type KnowledgeDocument,
  type KnowledgeSnippet,
  parseDocument,
  readDocuments,
} from './documents.js';
export { type Embed, type Index, openIndex, type TextVectors } from './index-store.js';
export { type IndexFacts, listIndices } from './list.js';
export type { EvidenceQuery, RetrievalParts } from './query.js';
export { retrieveEvidence, searchIndex } from './retrieve.js';
export { routeBodyRegion, routeModality } from './route.js';
export { IndexSettings, indexSettings } from './settings.js';
