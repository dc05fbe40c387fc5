/* De-identification: what names or numbers a person goes, out of texts (45 CFR 164.514) and out of DICOM objects (PS3.15 Annex E). */
export {
  type DeidentifiedFile,
  type DeidentifiedFiles,
  type DeidentifyFilesOptions,
  deidentifyFiles,
  type FoundText,
  findText,
  type TextInPixels,
} from './deidentify-files.js';
export { Pseudonyms } from './dicom/pseudonym.js';
export { type RewriteOptions, type Rewritten, rewriteObject } from './dicom/rewrite.js';
export { blackened, findTextInFrame, type SaidInHeader, saidInHeader } from './pictures.js';
export { siteSecret } from './site-secret.js';
export { type Deidentified, deidentify } from './text/index.js';
