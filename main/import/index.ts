/** Import: from a department's own files to documents of one of its datasets, de-identified on the way in. */
export type { EmbedImages } from './images.js';
export {
  forgetImport,
  type ImportOptions,
  type ImportParts,
  importKnowledge,
  interruptedImports,
} from './import.js';
export { memoryGivenBack } from './memory-given-back.js';
export { type PreviewRequest, previewImport } from './preview.js';
