import type { Frame } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import type { Attributes } from './attributes.js';
import { macros, placeOf, spacingOf } from './functional-groups.js';
import { type Lut, look, readLut, readPalette } from './lut.js';
import { overlayOf } from './overlay.js';
import { decodeStored, type PixelModule, type Samples, type StoredFrame } from './pixels.js';

type Grey =
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/**
 * Decodes one frame for display and for the model: modality LUT applied, palette and luma-chroma turned to RGB, overlays burned
 * in, with the window to start with.
 * @param frame from 0
 * @param minSidePx a smaller image will do, as long as its shorter side has this many pixels
 */
export async function readFrame(module: PixelModule, frame: number, minSidePx?: number): Promise<Frame> {
  const stored = await decodeStored(module, frame, { asStored: false, minSidePx });
  if (stored.photometric === 'PALETTE COLOR') return fromPalette(module, stored, frame);
  if (stored.samples >= 3) return fromColour(module, stored, frame);
  if (stored.samples !== 1)
    throw new WetreadError('unsupported-syntax', `${stored.samples} samples a pixel cannot be shown.`);
  return fromGrey(module, stored, frame);
}

/** The value of BitsStored bits in each sample, sign extended, without what lies in the bits around it. */
function cleaned(module: PixelModule, values: Samples): Samples {
  const { bitsStored, highBit, signed, bitsAllocated } = module;
  if (
    module.float ||
    bitsAllocated === 1 ||
    bitsStored >= bitsAllocated ||
    bitsStored >= values.BYTES_PER_ELEMENT * 8
  )
    return values;
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  if (signed) for (let i = 0; i < values.length; i++) values[i] = ((values[i] ?? 0) << left) >> right;
  else for (let i = 0; i < values.length; i++) values[i] = ((values[i] ?? 0) << left) >>> right;
  return values;
}

function fromGrey(module: PixelModule, stored: StoredFrame, frame: number): Frame {
  const { attributes, header } = module;
  const overlay = overlayOf(module, stored, frame);
  const raw = cleaned(module, stored.values);
  const padded = paddingTest(module);
  const modality = modalityOf(module, frame);
  const data = modality.apply(raw);
  const invert = module.photometric === 'MONOCHROME1';
  const range = rangeOf(data, padded && raw, padded);
  const window =
    windowOf(attributes, frame, modality.signed, header.littleEndian, range) ??
    defaultWindow(data, range, padded && raw, padded);
  // Padding is background: black however the image is shown.
  if (padded && invert) for (let i = 0; i < data.length; i++) if (padded(raw[i] ?? 0)) data[i] = range.max;
  if (overlay) {
    const white = invert
      ? Math.min(range.min, window.center - window.width / 2)
      : Math.max(range.max, window.center + window.width / 2);
    const [low, high] = limitsOf(data);
    const value = Math.min(high, Math.max(low, Math.round(white)));
    for (let i = 0; i < overlay.length; i++) if (overlay[i]) data[i] = value;
    range.min = Math.min(range.min, value);
    range.max = Math.max(range.max, value);
  }
  return {
    rows: stored.rows,
    columns: stored.columns,
    kind: 'grey',
    type: typeOf(data),
    min: range.min,
    max: range.max,
    window,
    invert,
    units: unitsOf(attributes, frame),
    spacingMm: spacing(module, stored, frame),
    data,
  };
}

/** Of the pixels that were decoded, which may be larger than those that were stored. */
function spacing(module: PixelModule, stored: StoredFrame, frame: number): [number, number] | undefined {
  const [row, column] = spacingOf(module.attributes, frame)?.spacingMm ?? [];
  if (row === undefined || column === undefined) return undefined;
  return [(row * module.rows) / stored.rows, (column * module.columns) / stored.columns];
}

function typeOf(data: Grey): Frame['type'] {
  if (data instanceof Uint8Array) return 'uint8';
  if (data instanceof Int16Array) return 'int16';
  return data instanceof Uint16Array ? 'uint16' : 'float32';
}

function limitsOf(data: Grey): [number, number] {
  if (data instanceof Uint8Array) return [0, 255];
  if (data instanceof Int16Array) return [-32768, 32767];
  return data instanceof Uint16Array ? [0, 65535] : [-3.4e38, 3.4e38];
}

function unitsOf(attributes: Attributes, frame: number): string | undefined {
  const type = placeOf(attributes, frame, macros.valueTransformation).text('00281054');
  if (type && type !== 'US') return type;
  if (attributes.text('00080060') === 'CT' && attributes.has('00281052')) return 'HU';
  return attributes.text('00541001');
}

interface Modality {
  /** Whether the values after it may be negative. */
  signed: boolean;
  apply(values: Samples): Grey;
}

/** Modality LUT (PS3.3 C.11.1): the sequence where there is one, else rescale slope and intercept. */
function modalityOf(module: PixelModule, frame: number): Modality {
  const { attributes, header, signed } = module;
  const item = attributes.item('00283000');
  const lut = item && readLut(item, '00283002', '00283006', signed, header.littleEndian);
  if (lut) return { signed: false, apply: (values) => mapThrough(values, lut) };
  const place = placeOf(attributes, frame, macros.valueTransformation);
  const slope = place.number('00281053') || 1;
  const intercept = place.number('00281052') ?? 0;
  return { signed: signed || intercept < 0, apply: (values) => rescaled(values, slope, intercept, module) };
}

function mapThrough(values: Samples, lut: Lut): Uint16Array<ArrayBuffer> {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = look(lut, values[i] ?? 0);
  return out;
}

function rescaled(values: Samples, slope: number, intercept: number, module: PixelModule): Grey {
  if (slope === 1 && intercept === 0) {
    if (values instanceof Uint8Array || values instanceof Int16Array || values instanceof Uint16Array)
      return values;
    return values instanceof Int8Array ? Int16Array.from(values) : Float32Array.from(values);
  }
  if (Number.isInteger(slope) && Number.isInteger(intercept) && !module.float) {
    const bits = Math.min(module.bitsStored, values.BYTES_PER_ELEMENT * 8);
    const ends = module.signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
    let [low, high] = ends.map((end) => end * slope + intercept).sort((a, b) => a - b) as [number, number];
    if (high - low > 65535 || low < -32768 || (low < 0 && high > 32767)) {
      // The declared bits do not fit; what is really there may.
      let min = Number.POSITIVE_INFINITY;
      let max = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < values.length; i++) {
        const value = values[i] ?? 0;
        if (value < min) min = value;
        if (value > max) max = value;
      }
      [low, high] = [min * slope + intercept, max * slope + intercept].sort((a, b) => a - b) as [
        number,
        number,
      ];
    }
    const whole =
      low >= 0 && high <= 65535
        ? new Uint16Array(values.length)
        : low >= -32768 && high <= 32767
          ? new Int16Array(values.length)
          : undefined;
    if (whole) {
      for (let i = 0; i < values.length; i++) whole[i] = (values[i] ?? 0) * slope + intercept;
      return whole;
    }
  }
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = (values[i] ?? 0) * slope + intercept;
  return out;
}

/** Which stored values are PixelPaddingValue (PS3.3 C.7.5.1.1.2), undefined where the file names none. */
function paddingTest(module: PixelModule): ((value: number) => boolean) | undefined {
  const one = module.attributes.short('00280120', 0, module.signed);
  if (one === undefined) return undefined;
  const other = module.attributes.short('00280121', 0, module.signed) ?? one;
  const low = Math.min(one, other);
  const high = Math.max(one, other);
  return (value) => value >= low && value <= high;
}

function rangeOf(
  data: Grey,
  raw: Samples | undefined,
  padded: ((value: number) => boolean) | undefined,
): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    if (value >= min && value <= max) continue;
    if (!Number.isFinite(value) || (raw && padded?.(raw[i] ?? 0))) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min <= max) return { min, max };
  // All of it is padding.
  return raw ? rangeOf(data, undefined, undefined) : { min: 0, max: 0 };
}

/** The window that the file states, or that its VOI LUT amounts to; undefined where it states none that fits its values. */
function windowOf(
  attributes: Attributes,
  frame: number,
  signed: boolean,
  littleEndian: boolean,
  range: { min: number; max: number },
): { center: number; width: number } | undefined {
  const place = placeOf(attributes, frame, macros.frameVoi);
  const center = place.number('00281050');
  const width = place.number('00281051');
  const fits = (c: number, w: number) => w > 0 && c - w / 2 < range.max && c + w / 2 > range.min;
  if (center !== undefined && width !== undefined && fits(center, width)) return { center, width };
  const item = place.item('00283010') ?? attributes.item('00283010');
  const lut = item && readLut(item, '00283002', '00283006', signed, littleEndian);
  const window = lut && windowOfLut(lut);
  return window && fits(window.center, window.width) ? window : undefined;
}

/** The straight line through where a VOI LUT passes a twentieth and nineteen twentieths of its output. */
function windowOfLut(lut: Lut): { center: number; width: number } | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of lut.values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (high <= low) return undefined;
  const first = lut.values.findIndex((value) => value > low + (high - low) * 0.05);
  const last = lut.values.findIndex((value) => value >= low + (high - low) * 0.95);
  if (first < 0 || last <= first) return undefined;
  const width = (last - first) / 0.9;
  return { center: lut.first + (first + last) / 2, width };
}

const bins = 2048;

/** Where the file states no window: from the 0.5th to the 99.5th percentile of what is not padding. */
function defaultWindow(
  data: Grey,
  range: { min: number; max: number },
  raw: Samples | undefined,
  padded: ((value: number) => boolean) | undefined,
): { center: number; width: number } {
  const span = range.max - range.min;
  if (span <= 0) return { center: range.min + 0.5, width: 1 };
  if (span <= 1) return { center: (range.min + range.max) / 2, width: span };
  const counts = new Uint32Array(bins);
  const scale = (bins - 1) / span;
  let total = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    if (!(value >= range.min && value <= range.max) || (raw && padded?.(raw[i] ?? 0))) continue;
    const bin = Math.round((value - range.min) * scale);
    counts[bin] = (counts[bin] ?? 0) + 1;
    total++;
  }
  const at = (share: number) => {
    let left = share * total;
    for (let bin = 0; bin < bins; bin++) {
      left -= counts[bin] ?? 0;
      if (left <= 0) return range.min + bin / scale;
    }
    return range.max;
  };
  const low = at(0.005);
  const high = at(0.995);
  // An image that is almost all one value (a segmentation, a line drawing) keeps its whole range.
  return high - low > span * 0.02
    ? { center: (low + high) / 2, width: high - low }
    : { center: (range.min + range.max) / 2, width: span };
}

function rgbFrame(
  module: PixelModule,
  stored: StoredFrame,
  frame: number,
  data: Uint8Array<ArrayBuffer>,
): Frame {
  const overlay = overlayOf(module, stored, frame);
  if (overlay) for (let i = 0; i < overlay.length; i++) if (overlay[i]) data.fill(255, 3 * i, 3 * i + 3);
  return {
    rows: stored.rows,
    columns: stored.columns,
    kind: 'rgb',
    type: 'uint8',
    min: 0,
    max: 255,
    window: { center: 127.5, width: 255 },
    invert: false,
    spacingMm: spacing(module, stored, frame),
    data,
  };
}

function fromPalette(module: PixelModule, stored: StoredFrame, frame: number): Frame {
  const palette = readPalette(module.attributes, module.signed, module.header.littleEndian);
  if (!palette) throw new WetreadError('damaged-file', 'Its colour palette is missing or damaged.');
  const values = cleaned(module, stored.values);
  const data = new Uint8Array(values.length * 3);
  palette.forEach(({ first, values: table }, channel) => {
    const last = table.length - 1;
    for (let i = 0, to = channel; i < values.length; i++, to += 3)
      data[to] = table[Math.min(Math.max((values[i] ?? 0) - first, 0), last)] ?? 0;
  });
  return rgbFrame(module, stored, frame, data);
}

function fromColour(module: PixelModule, stored: StoredFrame, frame: number): Frame {
  const { values, samples } = stored;
  const shift = Math.max(0, Math.min(module.bitsStored, values.BYTES_PER_ELEMENT * 8) - 8);
  const pixels = stored.rows * stored.columns;
  const data = new Uint8Array(pixels * 3);
  const divide = 2 ** shift;
  for (let i = 0; i < pixels; i++)
    for (let channel = 0; channel < 3; channel++)
      data[3 * i + channel] = Math.floor((values[samples * i + channel] ?? 0) / divide);
  if (stored.photometric.startsWith('YBR_PARTIAL')) toRgb(data, 255 / 219, 255 / 224, 16);
  else if (stored.photometric.startsWith('YBR_FULL')) toRgb(data, 1, 1, 0);
  return rgbFrame(module, stored, frame, data);
}

/** Luma and chroma (PS3.3 C.7.6.3.1.2, the matrix of ITU-R BT.601) to RGB, in place. */
function toRgb(data: Uint8Array<ArrayBuffer>, lumaGain: number, chromaGain: number, offset: number): void {
  const clamped = new Uint8ClampedArray(data.buffer);
  for (let i = 0; i < data.length; i += 3) {
    const y = ((data[i] ?? 0) - offset) * lumaGain;
    const cb = ((data[i + 1] ?? 0) - 128) * chromaGain;
    const cr = ((data[i + 2] ?? 0) - 128) * chromaGain;
    clamped[i] = y + 1.402 * cr;
    clamped[i + 1] = y - 0.344136 * cb - 0.714136 * cr;
    clamped[i + 2] = y + 1.772 * cb;
  }
}
