/** Segments of JPEG and JPEG-LS (ITU-T T.81 B.2.4) that decoders need none of: comments, and application data but JFIF, SPIFF and Adobe. */
const isTalk = (marker: number) =>
  marker === 0xfe || (marker > 0xe0 && marker <= 0xef && marker !== 0xe8 && marker !== 0xee);

/**
 * A compressed image with what its header says besides overwritten by zeros: comments and EXIF of JPEG and JPEG-LS, comments of JPEG 2000
 * (ITU-T T.800 A.9.2). The length stays, so that offset tables do. Bytes that begin no image are returned as they are.
 */
export function withoutComments(bytes: Uint8Array): Uint8Array {
  const wavelet = bytes[0] === 0xff && bytes[1] === 0x4f && bytes[2] === 0xff && bytes[3] === 0x51;
  if (!wavelet && !(bytes[0] === 0xff && bytes[1] === 0xd8)) return bytes;
  let clean: Uint8Array | undefined;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    // The image itself begins: start of scan, of a tile.
    if (marker === (wavelet ? 0x90 : 0xda)) break;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const end = Math.min(bytes.length, at + 2 + length);
    if (length < 2) break;
    if (wavelet ? marker === 0x64 : isTalk(marker)) {
      clean ??= Uint8Array.from(bytes);
      // A comment of JPEG 2000 begins with two bytes that say what it is.
      clean.fill(0, at + (wavelet ? 6 : 4), end);
    }
    at = end;
  }
  return clean ?? bytes;
}
