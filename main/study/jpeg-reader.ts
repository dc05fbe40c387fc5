import { WetreadError } from '../error.js';
import { type Filled, filledBy } from './inverse-dct.js';

/* What DCT-based and lossless JPEG share (ITU-T T.81): markers, Huffman tables, and bits with their stuffing and restarts. */

/** A decoding table. */
export interface Huffman {
  /**
   * For 12 bits of lookahead that hold a whole code with the bits that follow it: value << 16 | run << 8 | bits in all. 0 where
   * they do not.
   */
  quick: Int32Array;
  /** For 9 bits of lookahead: length << 8 | symbol, 0 where the code is longer. */
  look: Uint16Array;
  maxCode: Int32Array;
  offset: Int32Array;
  symbols: Uint8Array;
}

export const damagedJpeg = (what: string, cause?: unknown) =>
  new WetreadError('damaged-file', `Its JPEG data is damaged: ${what}.`, { cause });

/** What the frame header (SOF) of a JPEG, JPEG lossless or JPEG-LS stream says, or undefined where there is none. */
export function readJpegFrame(bytes: Uint8Array):
  | {
      marker: number;
      precision: number;
      rows: number;
      columns: number;
      /** As stated; `ids` holds the first four. */
      components: number;
      ids: number[];
      adobeTransform: number | undefined;
      jfif: boolean;
    }
  | undefined {
  let position = 2;
  let adobeTransform: number | undefined;
  let jfif = false;
  while (position + 4 <= bytes.length) {
    if (bytes[position] !== 0xff) {
      position++;
      continue;
    }
    const marker = bytes[position + 1] ?? 0;
    if (marker === 0xff || marker === 0 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      position += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker === 0xd9 || marker === 0xda) return undefined;
    const length = ((bytes[position + 2] ?? 0) << 8) | (bytes[position + 3] ?? 0);
    const body = position + 4;
    if (marker === 0xee && isAdobe(bytes, body)) adobeTransform = bytes[body + 11];
    if (marker === 0xe0 && bytes[body] === 0x4a && bytes[body + 1] === 0x46) jfif = true;
    const isFrame =
      (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
    if (isFrame) {
      const count = bytes[body + 5] ?? 0;
      return {
        marker,
        precision: bytes[body] ?? 0,
        rows: ((bytes[body + 1] ?? 0) << 8) | (bytes[body + 2] ?? 0),
        columns: ((bytes[body + 3] ?? 0) << 8) | (bytes[body + 4] ?? 0),
        components: count,
        ids: Array.from({ length: Math.min(count, 4) }, (_, i) => bytes[body + 6 + 3 * i] ?? 0),
        adobeTransform,
        jfif,
      };
    }
    position += 2 + length;
  }
  return undefined;
}

/** How many scans of a progressive image are believed: writers make about ten, and no more than the bits and bands there are. */
export const maxScans = 100;
/** Scans times samples: what goes over the whole image again for a handful of bytes must not go on for long. */
const scannedSamples = 2 ** 31;

/** Refuses progressive JPEG whose scans would keep a decoder busy. Throws WetreadError `limit-exceeded`. */
export function checkScans(bytes: Uint8Array, samples: number): void {
  const stream = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = Buffer.from([0xff, 0xda]);
  let scans = 0;
  for (let at = stream.indexOf(start); at >= 0; at = stream.indexOf(start, at + 2))
    if (++scans > maxScans || scans * samples > scannedSamples)
      throw new WetreadError('limit-exceeded', 'Its JPEG data has too many scans.');
}

const isAdobe = (bytes: Uint8Array, at: number) =>
  bytes[at] === 0x41 && bytes[at + 1] === 0x64 && bytes[at + 2] === 0x6f && bytes[at + 3] === 0x62;

/**
 * Markers, tables and entropy-coded bits of one stream. An interval (a scan, or what lies between two restart markers) is first
 * freed of its stuffing, so that the loops over its bits see plain bytes.
 */
export class JpegReader {
  position = 2;
  readonly dc: (Huffman | undefined)[] = [];
  readonly ac: (Huffman | undefined)[] = [];
  /** The interval's bytes without stuffing, at least two zeros behind them. */
  private data = new Uint8Array(2);
  private length = 0;
  /** Of `data`, the byte to be taken next; it runs on behind the end, where all bits are zero. */
  private next = 0;
  /** Bits taken and not yet used, from the highest bit down, and how many they are. */
  private bits = 0;
  private held = 0;

  constructor(readonly bytes: Uint8Array) {}

  word(at: number): number {
    return ((this.bytes[at] ?? 0) << 8) | (this.bytes[at + 1] ?? 0);
  }

  /** The next marker that has a segment or ends the image; undefined at the end. */
  nextMarker(): number | undefined {
    while (this.position + 1 < this.bytes.length) {
      const marker = this.bytes[this.position + 1] ?? 0;
      if (this.bytes[this.position] === 0xff && marker !== 0 && marker !== 0xff) {
        this.position += 2;
        if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
        return marker;
      }
      this.position++;
    }
    return undefined;
  }

  readHuffman(start: number, end: number): void {
    let at = start;
    while (at + 17 <= end) {
      const head = this.bytes[at] ?? 0;
      const counts = this.bytes.subarray(at + 1, at + 17);
      const total = counts.reduce((sum, count) => sum + count, 0);
      at += 17;
      if (total > 256 || at + total > this.bytes.length) throw damagedJpeg('a code table is too long');
      const table = huffman(counts, this.bytes.subarray(at, at + total));
      at += total;
      (head >> 4 ? this.ac : this.dc)[head & 15] = table;
    }
  }

  /** Begins a scan or a restart interval at the current byte; the position is then that of the marker that ends it. */
  startInterval(): void {
    const { bytes } = this;
    let from = this.position;
    if (this.data.length < bytes.length - from + 2) this.data = new Uint8Array(bytes.length - from + 2);
    const { data } = this;
    let to = 0;
    for (;;) {
      const stuffed = bytes.indexOf(0xff, from);
      const end = stuffed < 0 ? bytes.length : stuffed;
      data.set(bytes.subarray(from, end), to);
      to += end - from;
      this.position = end;
      if (stuffed < 0 || bytes[end + 1] !== 0) break;
      data[to++] = 0xff;
      from = end + 2;
    }
    data.fill(0, to, to + 2);
    this.length = to;
    this.next = 0;
    this.bits = 0;
    this.held = 0;
  }

  /** Goes behind the next restart marker; false where there is none. */
  restart(): boolean {
    while (this.position + 1 < this.bytes.length) {
      const marker = this.bytes[this.position + 1] ?? 0;
      if (this.bytes[this.position] === 0xff && marker !== 0 && marker !== 0xff) {
        if (marker < 0xd0 || marker > 0xd7) return false;
        this.position += 2;
        this.startInterval();
        return true;
      }
      this.position++;
    }
    return false;
  }

  /** How many bits were used that the data does not hold. */
  get overrun(): number {
    return Math.max(0, 8 * (this.next - this.length) - this.held);
  }

  /** Makes sure of 16 bits. */
  private fill(): void {
    if (this.held >= 16) return;
    if (this.next < this.length)
      this.bits |= (((this.data[this.next] ?? 0) << 8) | (this.data[this.next + 1] ?? 0)) << (16 - this.held);
    this.next += 2;
    this.held += 16;
  }

  /** The next `count` bits, 16 at most. */
  receive(count: number): number {
    if (count === 0) return 0;
    this.fill();
    const value = this.bits >>> (32 - count);
    this.bits <<= count;
    this.held -= count;
    return value;
  }

  /** The next `count` bits as the difference or coefficient that they stand for (T.81, EXTEND). */
  extended(count: number): number {
    const value = this.receive(count);
    return count > 0 && value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  symbol(table: Huffman | undefined): number {
    if (!table) throw damagedJpeg('a code table is missing');
    this.fill();
    const entry = table.look[this.bits >>> 23] ?? 0;
    if (entry !== 0) {
      this.bits <<= entry >> 8;
      this.held -= entry >> 8;
      return entry & 255;
    }
    for (let length = 10; length <= 16; length++) {
      const code = this.bits >>> (32 - length);
      if (code <= (table.maxCode[length] ?? -1)) {
        this.bits <<= length;
        this.held -= length;
        return table.symbols[code + (table.offset[length] ?? 0)] ?? 0;
      }
    }
    throw damagedJpeg('it holds an impossible code');
  }

  /** Decodes differences of lossless JPEG into `out`, from `first` to below `end`, by one table after the other in turn. */
  differences(tables: readonly Huffman[], out: Int32Array, first: number, end: number): void {
    const { data, length } = this;
    const [lead] = tables;
    if (!lead) throw damagedJpeg('a code table is missing');
    let table = lead;
    let turn = 0;
    let { bits, held, next } = this;
    for (let i = first; i < end; i++) {
      if (tables.length > 1) {
        table = tables[turn] ?? lead;
        turn = turn + 1 === tables.length ? 0 : turn + 1;
      }
      if (held < 16) {
        if (next < length) bits |= (((data[next] ?? 0) << 8) | (data[next + 1] ?? 0)) << (16 - held);
        next += 2;
        held += 16;
      }
      const entry = table.quick[bits >>> 20] ?? 0;
      if (entry !== 0) {
        out[i] = entry >> 16;
        bits <<= entry & 31;
        held -= entry & 31;
        continue;
      }
      // A short code with many bits behind it, as in noisy images of 16 bits.
      const short = table.look[bits >>> 23] ?? 0;
      const size = short & 255;
      if (short !== 0 && size > 0 && size < 16) {
        bits <<= short >> 8;
        held -= short >> 8;
        if (held < 16) {
          if (next < length) bits |= (((data[next] ?? 0) << 8) | (data[next + 1] ?? 0)) << (16 - held);
          next += 2;
          held += 16;
        }
        const value = bits >>> (32 - size);
        out[i] = value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
        bits <<= size;
        held -= size;
        continue;
      }
      this.bits = bits;
      this.held = held;
      this.next = next;
      const category = this.symbol(table);
      out[i] = category === 16 ? 32768 : this.extended(category & 15);
      ({ bits, held, next } = this);
    }
    this.bits = bits;
    this.held = held;
    this.next = next;
  }

  /**
   * Decodes one block of sequential DCT into `out` (64, zero before), in natural order: the difference of its DC coefficient as it is,
   * the others dequantized. Returns where those lie.
   */
  block(dc: Huffman, ac: Huffman, quantization: Int32Array, out: Int32Array): Filled {
    const difference = this.dcDifference(dc);
    const { data, length } = this;
    const { quick } = ac;
    let { bits, held, next } = this;
    let columns = 0;
    for (let k = 1; k < 64; k++) {
      if (held < 16) {
        if (next < length) bits |= (((data[next] ?? 0) << 8) | (data[next + 1] ?? 0)) << (16 - held);
        next += 2;
        held += 16;
      }
      const entry = quick[bits >>> 20] ?? 0;
      let value: number;
      if (entry !== 0) {
        value = entry >> 16;
        bits <<= entry & 31;
        held -= entry & 31;
        const run = (entry >> 8) & 15;
        if (value === 0) {
          if (run !== 15) break;
          k += 15;
          continue;
        }
        k += run;
      } else {
        this.bits = bits;
        this.held = held;
        this.next = next;
        const symbol = this.symbol(ac);
        value = this.extended(symbol & 15);
        ({ bits, held, next } = this);
        if ((symbol & 15) === 0) {
          if (symbol !== 0xf0) break;
          k += 15;
          continue;
        }
        k += symbol >> 4;
      }
      const place = zigzag[k & 63] ?? 0;
      const coefficient = Math.imul(value, quantization[place] ?? 0);
      out[place] = coefficient;
      if (coefficient !== 0) columns |= filledBy[place] ?? 0;
    }
    this.bits = bits;
    this.held = held;
    this.next = next;
    out[0] = difference;
    return columns;
  }

  /** The difference of a DC coefficient. */
  dcDifference(table: Huffman): number {
    this.fill();
    const entry = table.quick[this.bits >>> 20] ?? 0;
    if (entry === 0) return this.extended(this.symbol(table) & 15);
    this.bits <<= entry & 31;
    this.held -= entry & 31;
    return entry >> 16;
  }
}

/** Natural place (row by row) of each coefficient in the order of coding. */
export const zigzag = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
]);

function huffman(counts: Uint8Array, symbols: Uint8Array): Huffman {
  const quick = new Int32Array(4096);
  const look = new Uint16Array(512);
  const maxCode = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1] ?? 0;
    offset[length] = index - code;
    for (let i = 0; i < count; i++, code++, index++) {
      const symbol = symbols[index] ?? 0;
      if (length <= 9) {
        const first = code << (9 - length);
        look.fill((length << 8) | symbol, first, first + (1 << (9 - length)));
      }
      if (length <= 12) fillQuick(quick, code, length, symbol);
    }
    // More codes than that many bits can tell apart.
    if (code > 1 << length) throw damagedJpeg('a code table is impossible');
    if (count > 0) maxCode[length] = code - 1;
    code <<= 1;
  }
  return { quick, look, maxCode, offset, symbols: Uint8Array.from(symbols) };
}

/** Enters a code with each value that may follow it, as far as both fit into the lookahead. */
function fillQuick(quick: Int32Array, code: number, length: number, symbol: number): void {
  const size = symbol & 15;
  const run = symbol >> 4;
  // The category 16 of lossless JPEG reads like a run of one without a value: it is left to the slow way, as in `differences`.
  if (length + size > 12 || symbol === 16) return;
  const spare = 12 - length - size;
  for (let extra = 0; extra < 1 << size; extra++) {
    const value = size > 0 && extra < 1 << (size - 1) ? extra - (1 << size) + 1 : extra;
    const first = ((code << size) | extra) << spare;
    quick.fill((value << 16) | (run << 8) | (length + size), first, first + (1 << spare));
  }
}
