import { WetreadError } from '../error.js';
import { filledBy, openStrips } from './inverse-dct.js';
import { damagedJpeg as damaged, type Huffman, JpegReader, maxScans, zigzag } from './jpeg-reader.js';

/*
 * A decoder of DCT-based JPEG (ITU-T T.81) with Huffman coding, sequential and progressive, at 8 and 12 bits a sample. It exists
 * because the WebAssembly build of libjpeg-turbo reads 8 bits only, while DICOM's JPEG Extended (…4.51) is mostly 12.
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

/** Decodes the next block of a component: of that row and column, which is row `y` of those in its MCU. */
type DecodeBlock = (row: number, column: number, y: number) => void;

interface Scan {
  decoders: DecodeBlock[];
  /** Called behind the last MCU of each row, and where a scan ends early: so many MCUs of the row were decoded. */
  endRow(row: number, mcus: number): void;
}

/** A component that is scanned alone has no MCUs of several blocks. */
const one = { h: 1, v: 1 };

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
    const [lead] = scanned;
    if (!lead) throw damaged('a scan names no component');
    const single = scanned.length === 1;
    const { decoders, endRow } = this.progressive
      ? { decoders: this.progressiveScan(scanned, { first, last, high, low }), endRow: undefined }
      : this.sequentialScan(scanned);
    const wide = single ? lead.blocksWide : lead.stride / lead.h;
    const tall = single ? lead.blocksHigh : lead.plane.length / 64 / lead.stride / lead.v;
    let left = this.restartInterval;
    for (let row = 0; row < tall; row++) {
      for (let column = 0; column < wide; column++) {
        if (this.restartInterval > 0 && left-- === 0) {
          if (!this.restart(scanned)) {
            endRow?.(row, column);
            return;
          }
          left = this.restartInterval - 1;
        }
        if (this.reader.overrun > 64) throw damaged('it ends too early');
        for (let i = 0; i < decoders.length; i++) {
          const { h, v } = single ? one : (scanned[i] ?? one);
          const decode = decoders[i];
          for (let y = 0; y < v; y++)
            for (let x = column * h; x < (column + 1) * h; x++) decode?.(row * v + y, x, y);
        }
      }
      endRow?.(row, wide);
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

  /** Down to samples; those of a row of MCUs are put into the planes at its end. */
  private sequentialScan(scanned: readonly Component[]): Scan {
    const { reader, precision } = this;
    const single = scanned.length === 1;
    const { block, strips } = openStrips(
      scanned.map(({ plane, stride, v }) => ({
        samples: plane,
        width: 8 * stride,
        blockRows: single ? 1 : v,
      })),
      precision,
    );
    const decoders = scanned.map((component, i): DecodeBlock => {
      const quantization = this.quantization[component.quantization];
      if (!quantization) throw damaged('a quantization table is missing');
      const { dcTable, acTable } = component;
      if (!dcTable || !acTable) throw damaged('a code table is missing');
      const dcStep = quantization[0] ?? 0;
      const strip = strips[i];
      return (_row, column, y) => {
        const columns = reader.block(dcTable, acTable, quantization, block);
        component.predictor += block[0] ?? 0;
        block[0] = Math.imul(component.predictor, dcStep);
        strip?.invert(column, y, columns);
      };
    });
    return {
      decoders,
      endRow: (row, mcus) =>
        scanned.forEach(({ h, v }, i) => {
          if (single) strips[i]?.flush(row, mcus);
          else strips[i]?.flush(row * v, mcus * h);
        }),
    };
  }

  private progressiveScan(
    scanned: readonly Component[],
    { first, last, high, low }: { first: number; last: number; high: number; low: number },
  ): DecodeBlock[] {
    return scanned.map((component) => {
      const { stride } = component;
      if (first === 0)
        return high === 0
          ? (row, column) => this.dcFirst(component, row * stride + column, low)
          : (row, column) => this.dcRefine(component, row * stride + column, low);
      return high === 0
        ? (row, column) => this.acFirst(component, row * stride + column, first, last, low)
        : (row, column) => this.acRefine(component, row * stride + column, first, last, low);
    });
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
    const { plane, stride } = component;
    const { block, strips } = openStrips(
      [{ samples: plane, width: 8 * stride, blockRows: 1 }],
      this.precision,
    );
    for (let at = 0, row = 0; at < coefficients.length; row++) {
      for (let x = 0; x < stride; x++, at += 64) {
        let columns = 0;
        for (let i = 0; i < 64; i++) {
          const coefficient = Math.imul(coefficients[at + i] ?? 0, quantization[i] ?? 0);
          block[i] = coefficient;
          if (coefficient !== 0) columns |= filledBy[i] ?? 0;
        }
        strips[0]?.invert(x, 0, columns);
      }
      strips[0]?.flush(row, stride);
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
