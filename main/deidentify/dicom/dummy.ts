/** Values that say nothing and are legal for their VR (PS3.5 6.2); undefined where a value can only be left out. */
const dummies: Readonly<Record<string, string>> = {
  AE: 'REMOVED',
  AS: '000Y',
  CS: 'REMOVED',
  DA: '19000101',
  DS: '0',
  DT: '19000101000000',
  IS: '0',
  LO: 'Removed',
  LT: 'Removed',
  PN: 'Removed',
  SH: 'Removed',
  ST: 'Removed',
  TM: '000000',
  UC: 'Removed',
  UR: 'about:blank',
  UT: 'Removed',
};

/** The smallest document that PDF readers open: one empty page. */
const emptyPdf =
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';

/** @returns text, or bytes for binary VRs */
export function dummyOf(tag: string, vr: string): string | Uint8Array {
  if (tag === '00420011') return Buffer.from(emptyPdf, 'latin1');
  return dummies[vr] ?? new Uint8Array(vr === 'FD' || vr === 'OD' || vr === 'SV' || vr === 'UV' ? 8 : 4);
}
