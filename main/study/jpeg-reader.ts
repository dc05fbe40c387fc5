import { WetreadError } from '../error.js';

/* What DCT-based and lossless JPEG share (ITU-T T.81): markers, Huffman tables, and bits with their stuffing and restarts. */

/** A decoding table. */
export interface Huffman {
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
        ids: Array.from({ length: Math.min(count, 4) }, (_, i) => bytes[body + 6 + 3 * i] ?? 0),
        adobeTransform,
        jfif,
      };
    }
    position += 2 + length;
  }
  return undefined;
}

const isAdobe = (bytes: Uint8Array, at: number) =>
  bytes[at] === 0x41 && bytes[at + 1] === 0x64 && bytes[at + 2] === 0x6f && bytes[at + 3] === 0x62;

export class JpegReader {
  position = 2;
  readonly dc: (Huffman | undefined)[] = [];
  readonly ac: (Huffman | undefined)[] = [];
  private bits = 0;
  private bitCount = 0;
  /** Zeros put behind the end of the data or before a marker, for the lookahead. */
  private madeUp = 0;

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

  /** Begins a scan or a restart interval at a byte. */
  startInterval(): void {
    this.bits = 0;
    this.bitCount = 0;
    this.madeUp = 0;
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

  private fill(): void {
    while (this.bitCount <= 16) {
      let byte = this.bytes[this.position];
      if (byte === undefined) {
        this.madeUp += 8;
        byte = 0;
      } else if (byte === 0xff) {
        if (this.bytes[this.position + 1] === 0) this.position += 2;
        else {
          // A marker: the interval is over.
          this.madeUp += 8;
          byte = 0;
        }
      } else this.position++;
      this.bits = (this.bits << 8) | byte;
      this.bitCount += 8;
    }
  }

  /** How many bits were used that the data does not hold. */
  get overrun(): number {
    return Math.max(0, this.madeUp - this.bitCount);
  }

  receive(count: number): number {
    if (count === 0) return 0;
    if (this.bitCount < count) this.fill();
    this.bitCount -= count;
    return (this.bits >> this.bitCount) & ((1 << count) - 1);
  }

  extended(count: number): number {
    const value = this.receive(count);
    return count > 0 && value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  symbol(table: Huffman | undefined): number {
    if (!table) throw damagedJpeg('a code table is missing');
    if (this.bitCount < 16) this.fill();
    const entry = table.look[(this.bits >> (this.bitCount - 9)) & 511] ?? 0;
    if (entry !== 0) {
      this.bitCount -= entry >> 8;
      return entry & 255;
    }
    for (let length = 10; length <= 16; length++) {
      const code = (this.bits >> (this.bitCount - length)) & ((1 << length) - 1);
      if (code <= (table.maxCode[length] ?? -1)) {
        this.bitCount -= length;
        return table.symbols[code + (table.offset[length] ?? 0)] ?? 0;
      }
    }
    throw damagedJpeg('it holds an impossible code');
  }
}

function huffman(counts: Uint8Array, symbols: Uint8Array): Huffman {
  const look = new Uint16Array(512);
  const maxCode = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1] ?? 0;
    offset[length] = index - code;
    for (let i = 0; i < count; i++, code++, index++) {
      if (length <= 9) {
        const first = code << (9 - length);
        look.fill((length << 8) | (symbols[index] ?? 0), first, first + (1 << (9 - length)));
      }
    }
    if (count > 0) maxCode[length] = code - 1;
    code <<= 1;
  }
  return { look, maxCode, offset, symbols: Uint8Array.from(symbols) };
}
