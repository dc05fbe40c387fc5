import { WetreadError } from '../error.js';

/*
 * A decoder of DCT-based JPEG (ITU-T T.81) with Huffman coding, sequential and progressive, at 8 and 12 bits a sample. It exists
 * because the WebAssembly build of libjpeg-turbo reads 8 bits only, while DICOM's JPEG Extended (…4.51) is mostly 12. The inverse
 * DCT is the accurate integer one of Loeffler, Ligtenberg and Moschytz (1989), as most decoders use it, so that values agree.
 */

export interface JpegImage {
  rows: number;
  columns: number;
  precision: number;
  components: number;
  /** Components interleaved, without any colour conversion. */
  data: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  /** Component identifiers as written, and the transform of Adobe's marker where there is one. */
  ids: number[];
  adobeTransform: number | undefined;
}

interface Component {
  id: number;
  h: number;
  v: number;
  quantization: number;
  /** Blocks that hold image, and blocks stored (padded to whole MCUs). */
  blocksWide: number;
  blocksHigh: number;
  stride: number;
  coefficients: Int16Array;
  dcTable: Huffman | undefined;
  acTable: Huffman | undefined;
  predictor: number;
}

interface Huffman {
  /** For 9 bits of lookahead: length << 8 | symbol, 0 where the code is longer. */
  look: Uint16Array;
  maxCode: Int32Array;
  offset: Int32Array;
  symbols: Uint8Array;
}

const zigzag = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
  28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
  47, 55, 62, 63,
]);

const damaged = (what: string, cause?: unknown) =>
  new WetreadError('damaged-file', `Its JPEG data is damaged: ${what}.`, { cause });

/** What the frame header (SOF) of a JPEG, JPEG lossless or JPEG-LS stream says, or undefined where there is none. */
export function readJpegFrame(
  bytes: Uint8Array,
): { marker: number; precision: number; rows: number; columns: number; ids: number[]; adobeTransform: number | undefined; jfif: boolean } | undefined {
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
    const isFrame = (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
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

/**
 * Decodes one image. A stream that ends early yields what it holds, grey below, as decoders do; one that cannot be read at all
 * throws WetreadError `damaged-file`, arithmetic and lossless coding `unsupported-syntax`.
 * @param maxBytes refuses larger images with `limit-exceeded`
 */
export function decodeJpeg(bytes: Uint8Array, maxBytes: number): JpegImage {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw damaged('it does not begin as JPEG does');
  return new Decoder(bytes, maxBytes).decode();
}

class Decoder {
  private position = 2;
  private readonly quantization: (Int32Array | undefined)[] = [];
  private readonly dc: (Huffman | undefined)[] = [];
  private readonly ac: (Huffman | undefined)[] = [];
  private components: Component[] = [];
  private rows = 0;
  private columns = 0;
  private precision = 8;
  private progressive = false;
  private hMax = 1;
  private vMax = 1;
  private restartInterval = 0;
  private adobeTransform: number | undefined;
  private bits = 0;
  private bitCount = 0;
  private endOfBand = 0;
  private exhausted = false;
  private scans = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly maxBytes: number,
  ) {}

  decode(): JpegImage {
    for (;;) {
      const marker = this.nextMarker();
      if (marker === undefined || marker === 0xd9) break;
      const length = this.word(this.position);
      const start = this.position + 2;
      const end = Math.min(this.position + length, this.bytes.length);
      this.position = end;
      if (marker === 0xdb) this.readQuantization(start, end);
      else if (marker === 0xc4) this.readHuffman(start, end);
      else if (marker === 0xdd) this.restartInterval = this.word(start);
      else if (marker === 0xee && isAdobe(this.bytes, start)) this.adobeTransform = this.bytes[start + 11];
      else if (marker === 0xc0 || marker === 0xc1 || marker === 0xc2) this.readFrame(start, marker === 0xc2);
      else if (marker === 0xda) this.readScan(start);
      else if (marker >= 0xc3 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc)
        throw new WetreadError('unsupported-syntax', 'Its JPEG data is coded in a way that is not supported.');
    }
    if (this.components.length === 0 || this.scans === 0) throw damaged('it holds no image');
    return this.output();
  }

  private word(at: number): number {
    return ((this.bytes[at] ?? 0) << 8) | (this.bytes[at + 1] ?? 0);
  }

  private nextMarker(): number | undefined {
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

  private readQuantization(start: number, end: number): void {
    let at = start;
    while (at < end) {
      const head = this.bytes[at++] ?? 0;
      const table = new Int32Array(64);
      for (let i = 0; i < 64; i++) {
        table[zigzag[i] ?? 0] = head >> 4 ? this.word(at) : (this.bytes[at] ?? 0);
        at += head >> 4 ? 2 : 1;
      }
      this.quantization[head & 15] = table;
    }
  }

  private readHuffman(start: number, end: number): void {
    let at = start;
    while (at + 17 <= end) {
      const head = this.bytes[at] ?? 0;
      const counts = this.bytes.subarray(at + 1, at + 17);
      const total = counts.reduce((sum, count) => sum + count, 0);
      at += 17;
      if (total > 256 || at + total > this.bytes.length) throw damaged('a code table is too long');
      const table = huffman(counts, this.bytes.subarray(at, at + total));
      at += total;
      (head >> 4 ? this.ac : this.dc)[head & 15] = table;
    }
  }

  private readFrame(start: number, progressive: boolean): void {
    if (this.components.length > 0) throw damaged('it has two frame headers');
    this.progressive = progressive;
    this.precision = this.bytes[start] ?? 0;
    this.rows = this.word(start + 1);
    this.columns = this.word(start + 3);
    const count = this.bytes[start + 5] ?? 0;
    if (this.precision !== 8 && this.precision !== 12) throw damaged(`${this.precision} bits a sample`);
    if (this.rows === 0 || this.columns === 0) throw damaged('it has no rows or columns');
    if (count < 1 || count > 4) throw damaged(`${count} components`);
    if (this.rows * this.columns * count * (this.precision > 8 ? 2 : 1) > this.maxBytes)
      throw new WetreadError('limit-exceeded', 'Its JPEG data asks for too large an image.');
    const specs = Array.from({ length: count }, (_, i) => {
      const at = start + 6 + 3 * i;
      const sampling = this.bytes[at + 1] ?? 0;
      return { id: this.bytes[at] ?? 0, h: sampling >> 4, v: sampling & 15, quantization: this.bytes[at + 2] ?? 0 };
    });
    if (specs.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4)) throw damaged('its sampling factors are wrong');
    this.hMax = Math.max(...specs.map(({ h }) => h));
    this.vMax = Math.max(...specs.map(({ v }) => v));
    const mcusWide = Math.ceil(this.columns / (8 * this.hMax));
    const mcusHigh = Math.ceil(this.rows / (8 * this.vMax));
    this.components = specs.map((spec) => {
      const stride = mcusWide * spec.h;
      return {
        ...spec,
        blocksWide: Math.ceil(Math.ceil((this.columns * spec.h) / this.hMax) / 8),
        blocksHigh: Math.ceil(Math.ceil((this.rows * spec.v) / this.vMax) / 8),
        stride,
        coefficients: new Int16Array(64 * stride * mcusHigh * spec.v),
        dcTable: undefined,
        acTable: undefined,
        predictor: 0,
      };
    });
  }

  private readScan(start: number): void {
    const count = this.bytes[start] ?? 0;
    const scanned: Component[] = [];
    for (let i = 0; i < count; i++) {
      const id = this.bytes[start + 1 + 2 * i];
      const tables = this.bytes[start + 2 + 2 * i] ?? 0;
      const component = this.components.find((one) => one.id === id);
      if (!component) throw damaged('a scan names an unknown component');
      component.dcTable = this.dc[tables >> 4];
      component.acTable = this.ac[tables & 15];
      scanned.push(component);
    }
    if (scanned.length === 0) throw damaged('a scan names no component');
    if (++this.scans > 500) throw new WetreadError('limit-exceeded', 'Its JPEG data has too many scans.');
    const at = start + 1 + 2 * count;
    // Some writers leave the spectral selection of a sequential scan at zero; it is always the whole block.
    const first = this.progressive ? (this.bytes[at] ?? 0) : 0;
    const last = this.progressive ? Math.min(63, this.bytes[at + 1] ?? 63) : 63;
    const high = this.progressive ? (this.bytes[at + 2] ?? 0) >> 4 : 0;
    const low = this.progressive ? (this.bytes[at + 2] ?? 0) & 15 : 0;
    this.startInterval(scanned);
    const decodeBlock = this.progressive
      ? first === 0
        ? high === 0
          ? (component: Component, block: number) => this.dcFirst(component, block, low)
          : (component: Component, block: number) => this.dcRefine(component, block, low)
        : high === 0
          ? (component: Component, block: number) => this.acFirst(component, block, first, last, low)
          : (component: Component, block: number) => this.acRefine(component, block, first, last, low)
      : (component: Component, block: number) => this.sequential(component, block);
    const single = scanned.length === 1 ? scanned[0] : undefined;
    const lead = scanned[0];
    const mcus = single
      ? single.blocksWide * single.blocksHigh
      : lead
        ? (lead.stride / lead.h) * (lead.coefficients.length / 64 / lead.stride / lead.v)
        : 0;
    for (let mcu = 0; mcu < mcus; mcu++) {
      if (this.restartInterval > 0 && mcu > 0 && mcu % this.restartInterval === 0 && !this.restart(scanned)) return;
      if (this.exhausted) return;
      if (single) {
        const row = Math.floor(mcu / single.blocksWide);
        decodeBlock(single, row * single.stride + (mcu % single.blocksWide));
        continue;
      }
      for (const component of scanned) {
        const wide = component.stride / component.h;
        const row = Math.floor(mcu / wide) * component.v;
        const column = (mcu % wide) * component.h;
        for (let v = 0; v < component.v; v++)
          for (let h = 0; h < component.h; h++) decodeBlock(component, (row + v) * component.stride + column + h);
      }
    }
  }

  private startInterval(scanned: readonly Component[]): void {
    this.bits = 0;
    this.bitCount = 0;
    this.endOfBand = 0;
    this.exhausted = false;
    for (const component of scanned) component.predictor = 0;
  }

  private restart(scanned: readonly Component[]): boolean {
    while (this.position + 1 < this.bytes.length) {
      const marker = this.bytes[this.position + 1] ?? 0;
      if (this.bytes[this.position] === 0xff && marker !== 0 && marker !== 0xff) {
        if (marker < 0xd0 || marker > 0xd7) return false;
        this.position += 2;
        this.startInterval(scanned);
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
        this.exhaust();
        byte = 0;
      } else if (byte === 0xff) {
        if (this.bytes[this.position + 1] === 0) this.position += 2;
        else {
          // A marker: the interval is over, zeros follow for the lookahead.
          this.exhaust();
          byte = 0;
        }
      } else this.position++;
      this.bits = (this.bits << 8) | byte;
      this.bitCount += 8;
    }
  }

  private padding = 0;
  /** Zeros made up behind the end: a few are lookahead, many mean that the data ran out. */
  private exhaust(): void {
    this.padding = this.bitCount <= 0 ? this.padding + 1 : 0;
    if (this.padding > 64) this.exhausted = true;
  }

  private receive(count: number): number {
    if (count === 0) return 0;
    if (this.bitCount < count) this.fill();
    this.bitCount -= count;
    return (this.bits >> this.bitCount) & ((1 << count) - 1);
  }

  private extended(count: number): number {
    const value = this.receive(count);
    return count > 0 && value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  private symbol(table: Huffman | undefined): number {
    if (!table) throw damaged('a code table is missing');
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
    throw damaged('it holds an impossible code');
  }

  private sequential(component: Component, block: number): void {
    const at = block * 64;
    const coefficients = component.coefficients;
    component.predictor += this.extended(this.symbol(component.dcTable) & 15);
    coefficients[at] = component.predictor;
    for (let k = 1; k < 64; k++) {
      const symbol = this.symbol(component.acTable);
      const size = symbol & 15;
      if (size === 0) {
        if (symbol !== 0xf0) return;
        k += 15;
        continue;
      }
      k += symbol >> 4;
      coefficients[at + (zigzag[k & 63] ?? 0)] = this.extended(size);
    }
  }

  private dcFirst(component: Component, block: number, low: number): void {
    component.predictor += this.extended(this.symbol(component.dcTable) & 15);
    component.coefficients[block * 64] = component.predictor << low;
  }

  private dcRefine(component: Component, block: number, low: number): void {
    const at = block * 64;
    if (this.receive(1)) component.coefficients[at] = (component.coefficients[at] ?? 0) | (1 << low);
  }

  private acFirst(component: Component, block: number, first: number, last: number, low: number): void {
    if (this.endOfBand > 0) {
      this.endOfBand--;
      return;
    }
    const at = block * 64;
    for (let k = first; k <= last; k++) {
      const symbol = this.symbol(component.acTable);
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0) {
        if (run < 15) {
          this.endOfBand = (1 << run) - 1 + this.receive(run);
          return;
        }
        k += 15;
        continue;
      }
      k += run;
      component.coefficients[at + (zigzag[k & 63] ?? 0)] = this.extended(size) * (1 << low);
    }
  }

  private acRefine(component: Component, block: number, first: number, last: number, low: number): void {
    const { coefficients } = component;
    const at = block * 64;
    const bit = 1 << low;
    let k = first;
    const refine = (index: number) => {
      const value = coefficients[index] ?? 0;
      if (this.receive(1) && (value & bit) === 0) coefficients[index] = value + (value >= 0 ? bit : -bit);
    };
    if (this.endOfBand === 0) {
      for (; k <= last; k++) {
        const symbol = this.symbol(component.acTable);
        let run = symbol >> 4;
        let value = 0;
        if ((symbol & 15) === 0) {
          if (run < 15) {
            this.endOfBand = (1 << run) + this.receive(run);
            break;
          }
        } else value = this.receive(1) ? bit : -bit;
        for (; k <= last; k++) {
          const index = at + (zigzag[k] ?? 0);
          if (coefficients[index] !== 0) refine(index);
          else if (run-- === 0) {
            if (value !== 0) coefficients[index] = value;
            break;
          }
        }
        if (this.exhausted) return;
      }
    }
    if (this.endOfBand > 0) {
      for (; k <= last; k++) {
        const index = at + (zigzag[k] ?? 0);
        if (coefficients[index] !== 0) refine(index);
      }
      this.endOfBand--;
    }
  }

  private output(): JpegImage {
    const { rows, columns } = this;
    const count = this.components.length;
    const data =
      this.precision > 8 ? new Uint16Array(rows * columns * count) : new Uint8Array(rows * columns * count);
    this.components.forEach((component, index) => {
      const table = this.quantization[component.quantization];
      if (!table) throw damaged('a quantization table is missing');
      const plane = inverse(component, table, this.precision);
      const width = component.stride * 8;
      const across = component.h / this.hMax;
      const down = component.v / this.vMax;
      for (let y = 0, to = index; y < rows; y++) {
        const from = Math.floor(y * down) * width;
        if (across === 1) for (let x = 0; x < columns; x++, to += count) data[to] = plane[from + x] ?? 0;
        else for (let x = 0; x < columns; x++, to += count) data[to] = plane[from + Math.floor(x * across)] ?? 0;
      }
    });
    return {
      rows,
      columns,
      precision: this.precision,
      components: count,
      data,
      ids: this.components.map(({ id }) => id),
      adobeTransform: this.adobeTransform,
    };
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

const fix = (value: number) => Math.round(value * 8192);
const c = {
  a: fix(0.298631336),
  b: fix(0.390180644),
  c: fix(0.541196100),
  d: fix(0.765366865),
  e: fix(0.899976223),
  f: fix(1.175875602),
  g: fix(1.501321110),
  h: fix(1.847759065),
  i: fix(1.961570560),
  j: fix(2.053119869),
  k: fix(2.562915447),
  l: fix(3.072711026),
};

/** Dequantizes and inverts all blocks of a component into a plane of `stride * 8` columns. */
function inverse(component: Component, table: Int32Array, precision: number): Uint8Array | Uint16Array {
  const { coefficients, stride } = component;
  const width = stride * 8;
  const plane = precision > 8 ? new Uint16Array(coefficients.length) : new Uint8Array(coefficients.length);
  const passBits = precision > 8 ? 1 : 2;
  const work = new Int32Array(64);
  const lane = new Int32Array(8);
  const centre = 1 << (precision - 1);
  const top = (1 << precision) - 1;
  const blocks = coefficients.length / 64;
  for (let block = 0; block < blocks; block++) {
    const at = block * 64;
    for (let x = 0; x < 8; x++) {
      for (let i = 0; i < 8; i++) lane[i] = (coefficients[at + 8 * i + x] ?? 0) * (table[8 * i + x] ?? 0);
      transform(lane, 13 - passBits);
      for (let i = 0; i < 8; i++) work[8 * i + x] = lane[i] ?? 0;
    }
    const target = Math.floor(block / stride) * 8 * width + (block % stride) * 8;
    for (let y = 0; y < 8; y++) {
      for (let i = 0; i < 8; i++) lane[i] = work[8 * y + i] ?? 0;
      transform(lane, 13 + passBits + 3);
      for (let i = 0; i < 8; i++) {
        const value = (lane[i] ?? 0) + centre;
        plane[target + y * width + i] = value < 0 ? 0 : value > top ? top : value;
      }
    }
  }
  return plane;
}

/** Eight-point inverse DCT in place, scaled down by `shift` bits with rounding. */
function transform(lane: Int32Array, shift: number): void {
  const v0 = lane[0] ?? 0;
  const v1 = lane[1] ?? 0;
  const v2 = lane[2] ?? 0;
  const v3 = lane[3] ?? 0;
  const v4 = lane[4] ?? 0;
  const v5 = lane[5] ?? 0;
  const v6 = lane[6] ?? 0;
  const v7 = lane[7] ?? 0;
  const round = 1 << (shift - 1);
  const z1 = (v2 + v6) * c.c;
  const even2 = z1 - v6 * c.h;
  const even3 = z1 + v2 * c.d;
  const even0 = (v0 + v4) * 8192;
  const even1 = (v0 - v4) * 8192;
  const t10 = even0 + even3;
  const t13 = even0 - even3;
  const t11 = even1 + even2;
  const t12 = even1 - even2;
  const z5 = (v7 + v3 + v5 + v1) * c.f;
  const y1 = -(v7 + v1) * c.e;
  const y2 = -(v5 + v3) * c.k;
  const y3 = -(v7 + v3) * c.i + z5;
  const y4 = -(v5 + v1) * c.b + z5;
  const o0 = v7 * c.a + y1 + y3;
  const o1 = v5 * c.j + y2 + y4;
  const o2 = v3 * c.l + y2 + y3;
  const o3 = v1 * c.g + y1 + y4;
  lane[0] = (t10 + o3 + round) >> shift;
  lane[7] = (t10 - o3 + round) >> shift;
  lane[1] = (t11 + o2 + round) >> shift;
  lane[6] = (t11 - o2 + round) >> shift;
  lane[2] = (t12 + o1 + round) >> shift;
  lane[5] = (t12 - o1 + round) >> shift;
  lane[3] = (t13 + o0 + round) >> shift;
  lane[4] = (t13 - o0 + round) >> shift;
}
