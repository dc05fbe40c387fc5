/** What the main header of a JPEG 2000 codestream says (ITU-T T.800 Annex A), bare or inside a JP2 file. */
export interface CodestreamHeader {
  rows: number;
  columns: number;
  components: number;
  /** How often the wavelet transform halved the image, or that part of it where it did so least. */
  levels: number;
  /** Components that have fewer samples than the image has pixels. */
  subsampled: boolean;
  tiles: number;
  /** Packets that a whole codestream of these headers holds; each takes a byte or more. */
  packets: number;
  /** Blocks that its coefficients are coded in, all components together. */
  codeBlocks: number;
  /** A tile says that it is longer than what is there, or its headers are not told from its data. */
  cutShort: boolean;
}

const searched = 4096;
const marker = {
  coding: 0xff52,
  codingOfComponent: 0xff53,
  tile: 0xff90,
  data: 0xff93,
  end: 0xffd9,
} as const;
/**
 * Segments of main headers and of tiles: CAP, SIZ, COD, COC, TLM, PLM, PLT, CPF, QCD, QCC, RGN, POC, PPM, PPT, CRG, COM; MCT, MCC, MCO and
 * CBD of part 2. Of others some decoders believe their length and some look for markers inside of them.
 */
const segments = new Set([
  ...[0x50, 0x51, 0x52, 0x53, 0x55, 0x57, 0x58, 0x59, 0x5c, 0x5d, 0x5e, 0x5f, 0x60, 0x61, 0x63, 0x64],
  ...[0x74, 0x75, 0x77, 0x78],
]);

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
  const found = readHeaders(view, start + 2, size);
  return { ...size, ...found, subsampled, tiles };
}

interface Coding {
  levels: number;
  packets: number;
  codeBlocks: number;
}

/** Walks along the main header and all tile parts, as far as what follows is told by what precedes it. */
function readHeaders(
  view: DataView,
  first: number,
  size: CodedArea,
): Coding & Pick<CodestreamHeader, 'cutShort'> {
  const coding: Styles = { size, levels: Infinity, layers: 1, precincts: 1, codeBlocks: 1 };
  const found = (cutShort: boolean) => ({
    levels: Number.isFinite(coding.levels) ? coding.levels : 0,
    packets: coding.layers * size.components * coding.precincts,
    codeBlocks: size.components * coding.codeBlocks,
    cutShort,
  });
  let at = readSegments(view, first, coding, marker.tile);
  if (at === undefined) return found(true);
  while (at + 12 <= view.byteLength && view.getUint16(at) === marker.tile) {
    const length = view.getUint32(at + 6);
    // Nothing but its marker, as some writers have it.
    if (length === 12) {
      at += 12;
      continue;
    }
    if (readSegments(view, at + 12, coding, marker.data) === undefined) return found(true);
    // Zero: up to the end.
    if (length === 0) return found(false);
    at += length;
    if (length < 14 || at > view.byteLength) return found(true);
  }
  // Behind what is no tile part a decoder may go on to look for one, with headers that were not seen here.
  const ended = at + 2 <= view.byteLength && view.getUint16(at) === marker.end;
  return found(!ended && hasTile(view, at));
}

const tileStart = Buffer.from([0xff, 0x90, 0, 10]);
const hasTile = (view: DataView, from: number) =>
  Buffer.from(view.buffer, view.byteOffset, view.byteLength).indexOf(tileStart, from) >= 0;

interface CodedArea {
  rows: number;
  columns: number;
  components: number;
}

/** The most that any of the coding styles asks for, as if it were that of the whole image, and the fewest levels. */
interface Styles {
  size: CodedArea;
  levels: number;
  layers: number;
  precincts: number;
  codeBlocks: number;
}

/** Takes note of the coding styles of one header. Returns where `until` stands; undefined where the header does not lead there. */
function readSegments(view: DataView, from: number, styles: Styles, until: number): number | undefined {
  for (let at = from; at + 4 <= view.byteLength; ) {
    const kind = view.getUint16(at);
    if (kind === until) return at;
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (kind >> 8 !== 0xff || !segments.has(kind & 255) || length < 2 || end > view.byteLength)
      return undefined;
    if (kind === marker.coding && length >= 12) {
      styles.layers = Math.max(styles.layers, view.getUint16(at + 6));
      readStyle(view, at + 9, end, (view.getUint8(at + 4) & 1) === 1, styles);
    }
    // The component's number takes two bytes where there are more than 256 of them.
    const wide = styles.size.components > 256 ? 1 : 0;
    if (kind === marker.codingOfComponent && length >= 9 + wide)
      readStyle(view, at + 6 + wide, end, (view.getUint8(at + 5 + wide) & 1) === 1, styles);
    at = end;
  }
  return undefined;
}

/** What COD and COC have in common (SPcod, SPcoc): levels, the sides of code-blocks and those of precincts. */
function readStyle(view: DataView, at: number, end: number, divided: boolean, styles: Styles): void {
  const levels = Math.min(view.getUint8(at), 32);
  const [wide, tall] = [1, 2].map((place) => (view.getUint8(at + place) & 15) + 2);
  let precincts = 0;
  let codeBlocks = 0;
  for (let level = 0; level <= levels; level++) {
    const place = at + 5 + level;
    const side = divided && place < end ? view.getUint8(place) : 0xff;
    const halved = 2 ** (levels - level);
    const columns = Math.ceil(styles.size.columns / halved);
    const rows = Math.ceil(styles.size.rows / halved);
    precincts += Math.ceil(columns / 2 ** (side & 15)) * Math.ceil(rows / 2 ** (side >> 4));
    // No block is larger than its precinct, which the bands above the lowest divide between them.
    const band = level === 0 ? 0 : 1;
    const blockColumns = 2 ** Math.max(0, Math.min(wide ?? 2, (side & 15) - band));
    const blockRows = 2 ** Math.max(0, Math.min(tall ?? 2, (side >> 4) - band));
    codeBlocks += Math.ceil(columns / blockColumns) * Math.ceil(rows / blockRows);
  }
  styles.levels = Math.min(styles.levels, levels);
  styles.precincts = Math.max(styles.precincts, precincts);
  styles.codeBlocks = Math.max(styles.codeBlocks, codeBlocks);
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
