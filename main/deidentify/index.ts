/* De-identification: what names or numbers a person goes, out of texts (45 CFR 164.514) and out of DICOM objects (PS3.15 Annex E). */
export { Pseudonyms } from './dicom/pseudonym.js';
export { type RewriteOptions, type Rewritten, rewriteObject } from './dicom/rewrite.js';
export { type Deidentified, deidentify } from './text/index.js';
