import { WetreadError } from '../error.js';
import { damagedJpeg as damaged, type Huffman, JpegReader, maxScans, zigzag } from './jpeg-reader.js';

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

/** Coefficients that progressive scans may go over, which takes seconds: writers go over each two or three times. */
const maxVisits = 2 ** 29;

interface Component {
  id: number;
  h: number;
  v: number;
  quantization: number;
  /** Blocks that hold image, and blocks stored (padded to whole MCUs). */
  blocksWide: number;
  blocksHigh: number;
  stride: number;
  /** `stride * 8` columns. */
  plane: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  /** Progressive: all blocks, since each scan adds to them. Empty where sequential. */
  coefficients: Int16Array;
  dcTable: Huffman | undefined;
  acTable: Huffman | undefined;
  predictor: number;
}

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
  /** Progressive: coefficients that scans went over. */
  private visited = 0;
  /** One block on its way from the bits to the plane. */
  private readonly lane = new Int32Array(64);

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
      const samples = 64 * stride * mcusHigh * spec.v;
      const plane = this.precision > 8 ? new Uint16Array(samples) : new Uint8Array(samples);
      // Blocks that no scan holds are of no light and no shade.
      plane.fill(1 << (this.precision - 1));
      return {
        ...spec,
        blocksWide: Math.ceil(Math.ceil((this.columns * spec.h) / this.hMax) / 8),
        blocksHigh: Math.ceil(Math.ceil((this.rows * spec.v) / this.vMax) / 8),
        stride,
        plane,
        coefficients: new Int16Array(progressive ? samples : 0),
        dcTable: undefined,
        acTable: undefined,
        predictor: 0,
      };
    });
  }

  private readScan(start: number): void {
    const count = this.reader.bytes[start] ?? 0;
    if (count < 1 || count > this.components.length) throw damaged('a scan names what is not there');
    const scanned: Component[] = [];
    for (let i = 0; i < count; i++) {
      const id = this.reader.bytes[start + 1 + 2 * i];
      const tables = this.reader.bytes[start + 2 + 2 * i] ?? 0;
      const component = this.components.find((one) => one.id === id);
      if (!component) throw damaged('a scan names an unknown component');
      if (scanned.includes(component)) throw damaged('a scan names a component twice');
      component.dcTable = this.reader.dc[tables >> 4];
      component.acTable = this.reader.ac[tables & 15];
      scanned.push(component);
    }
    if (scanned.length === 0) throw damaged('a scan names no component');
    if (++this.scans > maxScans)
      throw new WetreadError('limit-exceeded', 'Its JPEG data has too many scans.');
    const at = start + 1 + 2 * count;
    // Some writers leave the spectral selection of a sequential scan at zero; it is always the whole block.
    const first = this.progressive ? (this.reader.bytes[at] ?? 0) : 0;
    const last = this.progressive ? Math.min(63, this.reader.bytes[at + 1] ?? 63) : 63;
    const high = this.progressive ? (this.reader.bytes[at + 2] ?? 0) >> 4 : 0;
    const low = this.progressive ? (this.reader.bytes[at + 2] ?? 0) & 15 : 0;
    if (this.progressive) this.checkBand(scanned, first, last);
    this.startInterval(scanned);
    const decodeBlock = this.progressive
      ? first === 0
        ? high === 0
          ? (component: Component, block: number) => this.dcFirst(component, block, low)
          : (component: Component, block: number) => this.dcRefine(component, block, low)
        : high === 0
          ? (component: Component, block: number) => this.acFirst(component, block, first, last, low)
          : (component: Component, block: number) => this.acRefine(component, block, first, last, low)
      : this.sequential(scanned);
    const single = scanned.length === 1 ? scanned[0] : undefined;
    const lead = scanned[0];
    const mcus = single
      ? single.blocksWide * single.blocksHigh
      : lead
        ? (lead.stride / lead.h) * (lead.plane.length / 64 / lead.stride / lead.v)
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

  /** Refuses what would have the decoder go over the image again and again for a few bytes. */
  private checkBand(scanned: readonly Component[], first: number, last: number): void {
    // T.81, G.1.1.1.1: only scans of DC coefficients are interleaved.
    if (first > 0 && scanned.length > 1) throw damaged('a scan of one band names several components');
    for (const { plane } of scanned) this.visited += (plane.length / 64) * Math.max(1, last - first + 1);
    if (this.visited > maxVisits)
      throw new WetreadError('limit-exceeded', 'Its JPEG data has too many scans.');
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

  /** What decodes a block of a sequential scan, down to its samples. */
  private sequential(scanned: readonly Component[]): (component: Component, block: number) => void {
    const tables = new Map(
      scanned.map((component) => {
        const quantization = this.quantization[component.quantization];
        if (!quantization) throw damaged('a quantization table is missing');
        const { dcTable, acTable } = component;
        if (!dcTable || !acTable) throw damaged('a code table is missing');
        return [component, { quantization, dcTable, acTable, invert: inverter(component, this.precision) }];
      }),
    );
    const { lane, reader } = this;
    return (component, block) => {
      const found = tables.get(component);
      if (!found) return;
      const { quantization, dcTable, acTable, invert } = found;
      component.predictor += reader.block(dcTable, acTable, quantization, lane);
      lane[0] = Math.imul(component.predictor, quantization[0] ?? 0);
      invert(lane, block);
      lane.fill(0);
    };
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
    const { rows, columns, precision, components } = this;
    const count = components.length;
    for (const component of components) if (this.progressive) this.invertAll(component);
    const image = { rows, columns, precision, components: count };
    const only = count === 1 ? components[0] : undefined;
    if (only) return { ...image, data: cropped(only.plane, only.stride * 8, rows, columns) };
    const data =
      precision > 8 ? new Uint16Array(rows * columns * count) : new Uint8Array(rows * columns * count);
    components.forEach(({ plane, stride, h, v }, index) => {
      const across = h / this.hMax;
      const down = v / this.vMax;
      for (let y = 0, to = index; y < rows; y++) {
        const from = Math.floor(y * down) * stride * 8;
        if (across === 1) for (let x = 0; x < columns; x++, to += count) data[to] = plane[from + x] ?? 0;
        else
          for (let x = 0; x < columns; x++, to += count) data[to] = plane[from + Math.floor(x * across)] ?? 0;
      }
    });
    return { ...image, data };
  }

  /** Progressive: dequantizes and inverts all blocks once the last scan is read. */
  private invertAll(component: Component): void {
    const { coefficients } = component;
    const quantization = this.quantization[component.quantization];
    if (!quantization) throw damaged('a quantization table is missing');
    const invert = inverter(component, this.precision);
    const { lane } = this;
    for (let block = 0, at = 0; at < coefficients.length; block++, at += 64) {
      for (let i = 0; i < 64; i++) lane[i] = Math.imul(coefficients[at + i] ?? 0, quantization[i] ?? 0);
      invert(lane, block);
    }
  }
}

function cropped(
  plane: Component['plane'],
  width: number,
  rows: number,
  columns: number,
): Component['plane'] {
  if (width === columns) return plane.subarray(0, rows * columns);
  const out =
    plane.BYTES_PER_ELEMENT === 1 ? new Uint8Array(rows * columns) : new Uint16Array(rows * columns);
  for (let y = 0; y < rows; y++) out.set(plane.subarray(y * width, y * width + columns), y * columns);
  return out;
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

/** What turns the dequantized coefficients of a block into its samples in the plane of its component. */
function inverter(
  { plane, stride }: Component,
  precision: number,
): (lane: Int32Array, block: number) => void {
  const width = stride * 8;
  const passBits = precision > 8 ? 1 : 2;
  const [columnShift, rowShift] = [13 - passBits, 13 + passBits + 3];
  const columnRound = 1 << (columnShift - 1);
  const rowRound = 1 << (rowShift - 1);
  const centre = 1 << (precision - 1);
  const top = (1 << precision) - 1;
  const clamp = (value: number) => (value < 0 ? 0 : value > top ? top : value);
  return (lane, block) => {
    const target = Math.floor(block / stride) * 8 * width + (block % stride) * 8;
    // Columns, then rows: the eight-point transform is written out twice, since a call for each would cost as much as it does.
    for (let x = 0; x < 8; x++) {
      const v0 = lane[x] ?? 0;
      const v1 = lane[x + 8] ?? 0;
      const v2 = lane[x + 16] ?? 0;
      const v3 = lane[x + 24] ?? 0;
      const v4 = lane[x + 32] ?? 0;
      const v5 = lane[x + 40] ?? 0;
      const v6 = lane[x + 48] ?? 0;
      const v7 = lane[x + 56] ?? 0;
      if ((v1 | v2 | v3 | v4 | v5 | v6 | v7) === 0) {
        const flat = v0 << passBits;
        lane[x] = flat;
        lane[x + 8] = flat;
        lane[x + 16] = flat;
        lane[x + 24] = flat;
        lane[x + 32] = flat;
        lane[x + 40] = flat;
        lane[x + 48] = flat;
        lane[x + 56] = flat;
        continue;
      }
      const z1 = Math.imul(v2 + v6, c.c);
      const even2 = (z1 - Math.imul(v6, c.h)) | 0;
      const even3 = (z1 + Math.imul(v2, c.d)) | 0;
      const even0 = (((v0 + v4) << 13) + columnRound) | 0;
      const even1 = (((v0 - v4) << 13) + columnRound) | 0;
      const t10 = (even0 + even3) | 0;
      const t13 = (even0 - even3) | 0;
      const t11 = (even1 + even2) | 0;
      const t12 = (even1 - even2) | 0;
      const z5 = Math.imul(v7 + v3 + v5 + v1, c.f);
      const y1 = Math.imul(v7 + v1, -c.e);
      const y2 = Math.imul(v5 + v3, -c.k);
      const y3 = (z5 - Math.imul(v7 + v3, c.i)) | 0;
      const y4 = (z5 - Math.imul(v5 + v1, c.b)) | 0;
      const o0 = (Math.imul(v7, c.a) + y1 + y3) | 0;
      const o1 = (Math.imul(v5, c.j) + y2 + y4) | 0;
      const o2 = (Math.imul(v3, c.l) + y2 + y3) | 0;
      const o3 = (Math.imul(v1, c.g) + y1 + y4) | 0;
      lane[x] = (t10 + o3) >> columnShift;
      lane[x + 56] = (t10 - o3) >> columnShift;
      lane[x + 8] = (t11 + o2) >> columnShift;
      lane[x + 48] = (t11 - o2) >> columnShift;
      lane[x + 16] = (t12 + o1) >> columnShift;
      lane[x + 40] = (t12 - o1) >> columnShift;
      lane[x + 24] = (t13 + o0) >> columnShift;
      lane[x + 32] = (t13 - o0) >> columnShift;
    }
    for (let from = 0, to = target; from < 64; from += 8, to += width) {
      const v0 = lane[from] ?? 0;
      const v1 = lane[from + 1] ?? 0;
      const v2 = lane[from + 2] ?? 0;
      const v3 = lane[from + 3] ?? 0;
      const v4 = lane[from + 4] ?? 0;
      const v5 = lane[from + 5] ?? 0;
      const v6 = lane[from + 6] ?? 0;
      const v7 = lane[from + 7] ?? 0;
      if ((v1 | v2 | v3 | v4 | v5 | v6 | v7) === 0) {
        const flat = clamp((((v0 << 13) + rowRound) >> rowShift) + centre);
        plane[to] = flat;
        plane[to + 1] = flat;
        plane[to + 2] = flat;
        plane[to + 3] = flat;
        plane[to + 4] = flat;
        plane[to + 5] = flat;
        plane[to + 6] = flat;
        plane[to + 7] = flat;
        continue;
      }
      const z1 = Math.imul(v2 + v6, c.c);
      const even2 = (z1 - Math.imul(v6, c.h)) | 0;
      const even3 = (z1 + Math.imul(v2, c.d)) | 0;
      const even0 = (((v0 + v4) << 13) + rowRound) | 0;
      const even1 = (((v0 - v4) << 13) + rowRound) | 0;
      const t10 = (even0 + even3) | 0;
      const t13 = (even0 - even3) | 0;
      const t11 = (even1 + even2) | 0;
      const t12 = (even1 - even2) | 0;
      const z5 = Math.imul(v7 + v3 + v5 + v1, c.f);
      const y1 = Math.imul(v7 + v1, -c.e);
      const y2 = Math.imul(v5 + v3, -c.k);
      const y3 = (z5 - Math.imul(v7 + v3, c.i)) | 0;
      const y4 = (z5 - Math.imul(v5 + v1, c.b)) | 0;
      const o0 = (Math.imul(v7, c.a) + y1 + y3) | 0;
      const o1 = (Math.imul(v5, c.j) + y2 + y4) | 0;
      const o2 = (Math.imul(v3, c.l) + y2 + y3) | 0;
      const o3 = (Math.imul(v1, c.g) + y1 + y4) | 0;
      plane[to] = clamp(((t10 + o3) >> rowShift) + centre);
      plane[to + 7] = clamp(((t10 - o3) >> rowShift) + centre);
      plane[to + 1] = clamp(((t11 + o2) >> rowShift) + centre);
      plane[to + 6] = clamp(((t11 - o2) >> rowShift) + centre);
      plane[to + 2] = clamp(((t12 + o1) >> rowShift) + centre);
      plane[to + 5] = clamp(((t12 - o1) >> rowShift) + centre);
      plane[to + 3] = clamp(((t13 + o0) >> rowShift) + centre);
      plane[to + 4] = clamp(((t13 - o0) >> rowShift) + centre);
    }
  };
}
