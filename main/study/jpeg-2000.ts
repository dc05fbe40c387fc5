/** What the main header of a JPEG 2000 codestream says (ITU-T T.800 Annex A), bare or inside a JP2 file. */
export interface CodestreamHeader {
  rows: number;
  columns: number;
  components: number;
  /** How often the wavelet transform halved the image. */
  levels: number;
  /** Components that have fewer samples than the image has pixels. */
  subsampled: boolean;
  tiles: number;
  /** Packets that a whole codestream of this header holds at least; each takes a bit or more. */
  packets: number;
  /** A tile says that it is longer than what is there. */
  cutShort: boolean;
}

const searched = 4096;
const marker = { size: 0xff51, coding: 0xff52, tile: 0xff90 } as const;

/**
 * Reads the SIZ and COD markers and walks along the tiles without decoding, since the decoder knows what it is asked for only when it
 * has reserved the memory. Undefined where there is no SIZ, or where it makes no sense.
 */
export function readCodestreamHeader(bytes: Uint8Array): CodestreamHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = findCodestream(view);
  if (start === undefined || start + 45 > bytes.length) return undefined;
  const [right, bottom, left, top] = [8, 12, 16, 20].map((at) => view.getUint32(start + at));
  const [tileWidth, tileHeight, tileLeft, tileTop] = [24, 28, 32, 36].map((at) => view.getUint32(start + at));
  if (right === undefined || bottom === undefined || left === undefined || top === undefined)
    return undefined;
  if (!tileWidth || !tileHeight || tileLeft === undefined || tileTop === undefined) return undefined;
  const size = { rows: bottom - top, columns: right - left, components: view.getUint16(start + 40) };
  if (size.rows <= 0 || size.columns <= 0 || tileLeft > left || tileTop > top) return undefined;
  const tiles = Math.ceil((right - tileLeft) / tileWidth) * Math.ceil((bottom - tileTop) / tileHeight);
  let subsampled = false;
  for (let i = 0, at = start + 43; i < size.components && at + 1 < bytes.length; i++, at += 3)
    if (view.getUint16(at) !== 0x0101) subsampled = true;
  let coding = { levels: 0, packets: 1 };
  let position = start + 2;
  while (position + 12 <= bytes.length) {
    const kind = view.getUint16(position);
    if (kind === marker.coding) coding = readCoding(view, position, size);
    if (kind === marker.tile) break;
    position += 2 + view.getUint16(position + 2);
  }
  return { ...size, ...coding, subsampled, tiles, cutShort: endsInTile(view, position) };
}

/** Where SOC and SIZ stand: at the beginning, in the codestream box of a JP2 file, or after bytes that do not belong there. */
function findCodestream(view: DataView): number | undefined {
  const isStart = (at: number) => at + 4 <= view.byteLength && view.getUint32(at) === 0xff4fff51;
  if (view.byteLength >= 12 && view.getUint32(4) === 0x6a502020) {
    for (let at = 0; at + 8 <= view.byteLength; ) {
      const length = view.getUint32(at);
      const head = length === 1 ? 16 : 8;
      if (view.getUint32(at + 4) === 0x6a703263) return isStart(at + head) ? at + head : undefined;
      if (length < head) return undefined;
      at += length;
    }
    return undefined;
  }
  for (let at = 0; at < Math.min(view.byteLength, searched); at++) if (isStart(at)) return at;
  return undefined;
}

/** The COD marker: levels, and how many packets its layers and precincts make. */
function readCoding(
  view: DataView,
  at: number,
  { rows, columns, components }: { rows: number; columns: number; components: number },
): { levels: number; packets: number } {
  const layers = view.getUint16(at + 6);
  const levels = Math.min(view.getUint8(at + 9), 32);
  const divided = (view.getUint8(at + 4) & 1) === 1;
  let precincts = 0;
  for (let level = 0; level <= levels; level++) {
    const place = at + 14 + level;
    const size = divided && place < view.byteLength ? view.getUint8(place) : 0xff;
    const halved = 2 ** (levels - level);
    precincts +=
      Math.ceil(Math.ceil(columns / halved) / 2 ** (size & 15)) *
      Math.ceil(Math.ceil(rows / halved) / 2 ** (size >> 4));
  }
  return { levels, packets: layers * components * precincts };
}

/** Follows the lengths that the tile parts state. What is no tile part where one belongs is left to the decoder. */
function endsInTile(view: DataView, first: number): boolean {
  for (let at = first; at + 12 <= view.byteLength && view.getUint16(at) === marker.tile; ) {
    const length = view.getUint32(at + 6);
    // Zero: up to the end.
    if (length < 14) return false;
    at += length;
    if (at > view.byteLength) return true;
  }
  return false;
}
