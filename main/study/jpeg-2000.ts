/** What the main header of a JPEG 2000 codestream says (ITU-T T.800 Annex A), bare or inside a JP2 file. */
export interface CodestreamHeader {
  rows: number;
  columns: number;
  components: number;
  /** How often the wavelet transform halved the image. */
  levels: number;
}

const searched = 4096;

/** Reads the SIZ and COD markers without decoding, since the decoder knows them only when it is done. Undefined where there is no SIZ. */
export function readCodestreamHeader(bytes: Uint8Array): CodestreamHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(bytes.length - 42, searched);
  let start = 0;
  while (start < end && view.getUint32(start) !== 0xff4fff51) start++;
  if (start >= end) return undefined;
  const at = start + 8;
  const size = {
    columns: view.getUint32(at) - view.getUint32(at + 8),
    rows: view.getUint32(at + 4) - view.getUint32(at + 12),
    components: view.getUint16(at + 32),
  };
  if (size.columns <= 0 || size.rows <= 0 || size.components <= 0) return undefined;
  let position = start + 2;
  while (position + 10 < bytes.length) {
    const marker = view.getUint16(position);
    if (marker === 0xff52) return { ...size, levels: Math.min(view.getUint8(position + 9), 32) };
    if (marker === 0xff90) break;
    position += 2 + view.getUint16(position + 2);
  }
  return { ...size, levels: 0 };
}
