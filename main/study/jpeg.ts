import { WetreadError } from '../error.js';
import { damagedJpeg as damaged, type Huffman, JpegReader } from './jpeg-reader.js';

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

const zigzag = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
]);

/**
 * Decodes one image. Throws WetreadError `damaged-file`, also for a stream that ends early; `unsupported-syntax` for arithmetic and
 * lossless coding.
 * @param maxBytes refuses larger images with `limit-exceeded`
 */
export function decodeJpeg(bytes: Uint8Array, maxBytes: number): JpegImage {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw damaged('it does not begin as JPEG does');
  return new Decoder(bytes, maxBytes).decode();
}

class Decoder {
  private readonly reader: JpegReader;
  private readonly quantization: (Int32Array | undefined)[] = [];
  private components: Component[] = [];
  private rows = 0;
  private columns = 0;
  private precision = 8;
  private progressive = false;
  private hMax = 1;
  private vMax = 1;
  private restartInterval = 0;
  private endOfBand = 0;
  private scans = 0;

  constructor(
    bytes: Uint8Array,
    private readonly maxBytes: number,
  ) {
    this.reader = new JpegReader(bytes);
  }

  decode(): JpegImage {
    for (;;) {
      const marker = this.reader.nextMarker();
      if (marker === undefined || marker === 0xd9) break;
      const length = this.reader.word(this.reader.position);
      const start = this.reader.position + 2;
      const end = Math.min(this.reader.position + length, this.reader.bytes.length);
      this.reader.position = end;
      if (marker === 0xdb) this.readQuantization(start, end);
      else if (marker === 0xc4) this.reader.readHuffman(start, end);
      else if (marker === 0xdd) this.restartInterval = this.reader.word(start);
      else if (marker === 0xc0 || marker === 0xc1 || marker === 0xc2) this.readFrame(start, marker === 0xc2);
      else if (marker === 0xda) this.readScan(start);
      else if (marker >= 0xc3 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc)
        throw new WetreadError(
          'unsupported-syntax',
          'Its JPEG data is coded in a way that is not supported.',
        );
    }
    if (this.components.length === 0 || this.scans === 0) throw damaged('it holds no image');
    return this.output();
  }

  private readQuantization(start: number, end: number): void {
    let at = start;
    while (at < end) {
      const head = this.reader.bytes[at++] ?? 0;
      const table = new Int32Array(64);
      for (let i = 0; i < 64; i++) {
        table[zigzag[i] ?? 0] = head >> 4 ? this.reader.word(at) : (this.reader.bytes[at] ?? 0);
        at += head >> 4 ? 2 : 1;
      }
      this.quantization[head & 15] = table;
    }
  }

  private readFrame(start: number, progressive: boolean): void {
    if (this.components.length > 0) throw damaged('it has two frame headers');
    this.progressive = progressive;
    this.precision = this.reader.bytes[start] ?? 0;
    this.rows = this.reader.word(start + 1);
    this.columns = this.reader.word(start + 3);
    const count = this.reader.bytes[start + 5] ?? 0;
    if (this.precision !== 8 && this.precision !== 12) throw damaged(`${this.precision} bits a sample`);
    if (this.rows === 0 || this.columns === 0) throw damaged('it has no rows or columns');
    if (count < 1 || count > 4) throw damaged(`${count} components`);
    if (this.rows * this.columns * count * (this.precision > 8 ? 2 : 1) > this.maxBytes)
      throw new WetreadError('limit-exceeded', 'Its JPEG data asks for too large an image.');
    const specs = Array.from({ length: count }, (_, i) => {
      const at = start + 6 + 3 * i;
      const sampling = this.reader.bytes[at + 1] ?? 0;
      return {
        id: this.reader.bytes[at] ?? 0,
        h: sampling >> 4,
        v: sampling & 15,
        quantization: this.reader.bytes[at + 2] ?? 0,
      };
    });
    if (specs.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4))
      throw damaged('its sampling factors are wrong');
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
    const count = this.reader.bytes[start] ?? 0;
    const scanned: Component[] = [];
    for (let i = 0; i < count; i++) {
      const id = this.reader.bytes[start + 1 + 2 * i];
      const tables = this.reader.bytes[start + 2 + 2 * i] ?? 0;
      const component = this.components.find((one) => one.id === id);
      if (!component) throw damaged('a scan names an unknown component');
      component.dcTable = this.reader.dc[tables >> 4];
      component.acTable = this.reader.ac[tables & 15];
      scanned.push(component);
    }
    if (scanned.length === 0) throw damaged('a scan names no component');
    if (++this.scans > 500) throw new WetreadError('limit-exceeded', 'Its JPEG data has too many scans.');
    const at = start + 1 + 2 * count;
    // Some writers leave the spectral selection of a sequential scan at zero; it is always the whole block.
    const first = this.progressive ? (this.reader.bytes[at] ?? 0) : 0;
    const last = this.progressive ? Math.min(63, this.reader.bytes[at + 1] ?? 63) : 63;
    const high = this.progressive ? (this.reader.bytes[at + 2] ?? 0) >> 4 : 0;
    const low = this.progressive ? (this.reader.bytes[at + 2] ?? 0) & 15 : 0;
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
      if (this.restartInterval > 0 && mcu > 0 && mcu % this.restartInterval === 0 && !this.restart(scanned))
        return;
      if (this.reader.overrun > 64) throw damaged('it ends too early');
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
          for (let h = 0; h < component.h; h++)
            decodeBlock(component, (row + v) * component.stride + column + h);
      }
    }
  }

  private startInterval(scanned: readonly Component[]): void {
    this.reader.startInterval();
    this.clear(scanned);
  }

  private restart(scanned: readonly Component[]): boolean {
    if (!this.reader.restart()) return false;
    this.clear(scanned);
    return true;
  }

  private clear(scanned: readonly Component[]): void {
    this.endOfBand = 0;
    for (const component of scanned) component.predictor = 0;
  }

  private sequential(component: Component, block: number): void {
    const at = block * 64;
    const coefficients = component.coefficients;
    component.predictor += this.reader.extended(this.reader.symbol(component.dcTable) & 15);
    coefficients[at] = component.predictor;
    for (let k = 1; k < 64; k++) {
      const symbol = this.reader.symbol(component.acTable);
      const size = symbol & 15;
      if (size === 0) {
        if (symbol !== 0xf0) return;
        k += 15;
        continue;
      }
      k += symbol >> 4;
      coefficients[at + (zigzag[k & 63] ?? 0)] = this.reader.extended(size);
    }
  }

  private dcFirst(component: Component, block: number, low: number): void {
    component.predictor += this.reader.extended(this.reader.symbol(component.dcTable) & 15);
    component.coefficients[block * 64] = component.predictor << low;
  }

  private dcRefine(component: Component, block: number, low: number): void {
    const at = block * 64;
    if (this.reader.receive(1)) component.coefficients[at] = (component.coefficients[at] ?? 0) | (1 << low);
  }

  private acFirst(component: Component, block: number, first: number, last: number, low: number): void {
    if (this.endOfBand > 0) {
      this.endOfBand--;
      return;
    }
    const at = block * 64;
    for (let k = first; k <= last; k++) {
      const symbol = this.reader.symbol(component.acTable);
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0) {
        if (run < 15) {
          this.endOfBand = (1 << run) - 1 + this.reader.receive(run);
          return;
        }
        k += 15;
        continue;
      }
      k += run;
      component.coefficients[at + (zigzag[k & 63] ?? 0)] = this.reader.extended(size) * (1 << low);
    }
  }

  private acRefine(component: Component, block: number, first: number, last: number, low: number): void {
    const { coefficients } = component;
    const at = block * 64;
    const bit = 1 << low;
    let k = first;
    const refine = (index: number) => {
      const value = coefficients[index] ?? 0;
      if (this.reader.receive(1) && (value & bit) === 0)
        coefficients[index] = value + (value >= 0 ? bit : -bit);
    };
    if (this.endOfBand === 0) {
      for (; k <= last; k++) {
        const symbol = this.reader.symbol(component.acTable);
        let run = symbol >> 4;
        let value = 0;
        if ((symbol & 15) === 0) {
          if (run < 15) {
            this.endOfBand = (1 << run) + this.reader.receive(run);
            break;
          }
        } else value = this.reader.receive(1) ? bit : -bit;
        for (; k <= last; k++) {
          const index = at + (zigzag[k] ?? 0);
          if (coefficients[index] !== 0) refine(index);
          else if (run-- === 0) {
            if (value !== 0) coefficients[index] = value;
            break;
          }
        }
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
        else
          for (let x = 0; x < columns; x++, to += count) data[to] = plane[from + Math.floor(x * across)] ?? 0;
      }
    });
    return {
      rows,
      columns,
      precision: this.precision,
      components: count,
      data,
    };
  }
}

const fix = (value: number) => Math.round(value * 8192);
const c = {
  a: fix(0.298631336),
  b: fix(0.390180644),
  c: fix(0.5411961),
  d: fix(0.765366865),
  e: fix(0.899976223),
  f: fix(1.175875602),
  g: fix(1.50132111),
  h: fix(1.847759065),
  i: fix(1.96157056),
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
