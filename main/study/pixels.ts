import { WetreadError } from '../error.js';
import { type Attributes, attributesOf } from './attributes.js';
import { type Decoded, decodeFrameBytes, unpackBits } from './codecs.js';
import { encodedFrame, type FrameIndex, indexFrames } from './frames.js';
import type { Header } from './header.js';
import { limits } from './limits.js';
import { type Codec, codecOf } from './syntax.js';

export type Samples =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** The Image Pixel module (PS3.3 C.7.6.3) of one object, checked, and how its frames are coded. */
export interface PixelModule {
  header: Header;
  attributes: Attributes;
  rows: number;
  columns: number;
  samples: number;
  frames: number;
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  signed: boolean;
  float: boolean;
  photometric: string;
  planar: boolean;
  codec: Codec;
  index: FrameIndex | undefined;
}

/** One frame as stored: rows × columns × samples, interleaved. */
export interface StoredFrame {
  rows: number;
  columns: number;
  samples: number;
  photometric: string;
  values: Samples;
}

/** How many frames an object says it has; 1 where it says nothing. */
export function frameCount(attributes: Attributes): number {
  const frames = attributes.integer('00280008') ?? 1;
  return frames >= 1 ? frames : 1;
}

/**
 * Checks what a header says of its pixels and finds its frames.
 * Throws WetreadError `no-pixels`, `unsupported-syntax`, `damaged-file`, `limit-exceeded`.
 */
export function readPixelModule(header: Header): PixelModule {
  const { pixel } = header;
  const attributes = attributesOf(header.dataSet);
  if (!pixel) {
    if (header.truncated) throw new WetreadError('damaged-file', 'The file ends inside its header.');
    throw new WetreadError('no-pixels', 'It holds no image.');
  }
  const rows = attributes.short('00280010');
  const columns = attributes.short('00280011');
  const float = pixel.tag !== 'x7fe00010';
  const bitsAllocated = pixel.tag === 'x7fe00008' ? 32 : float ? 64 : attributes.short('00280100');
  if (!rows || !columns || !bitsAllocated)
    throw new WetreadError('damaged-file', 'It does not say how its pixels are laid out.');
  const samples = attributes.short('00280002') ?? 1;
  const framesText = attributes.text('00280008');
  if (framesText !== undefined && !/^\+?\d+$/.test(framesText))
    throw new WetreadError('damaged-file', 'Its number of frames is not a number.');
  const frames = frameCount(attributes);
  if (samples !== 1 && samples !== 3 && samples !== 4)
    throw new WetreadError('unsupported-syntax', `${samples} samples a pixel cannot be shown.`);
  if (![1, 8, 16, 32, 64].includes(bitsAllocated))
    throw new WetreadError('unsupported-syntax', `${bitsAllocated} bits a pixel cannot be decoded.`);
  if (
    frames > limits.frames ||
    (rows * columns * samples * Math.max(8, bitsAllocated)) / 8 > limits.frameBytes
  )
    throw new WetreadError(
      'limit-exceeded',
      `${frames} frames of ${columns} × ${rows} pixels are too large.`,
    );
  const codec = codecOf(header.transferSyntax);
  if (!codec)
    throw new WetreadError(
      'unsupported-syntax',
      `Its pixels are compressed in a way that is not supported (${header.transferSyntax}).`,
    );
  const bitsStored = Math.min(attributes.short('00280101') ?? bitsAllocated, bitsAllocated) || bitsAllocated;
  const module: PixelModule = {
    header,
    attributes,
    rows,
    columns,
    samples,
    frames,
    bitsAllocated,
    bitsStored,
    highBit: Math.min(
      Math.max(attributes.short('00280102') ?? bitsStored - 1, bitsStored - 1),
      bitsAllocated - 1,
    ),
    signed: attributes.short('00280103') === 1,
    float,
    photometric: (attributes.text('00280004') ?? (samples === 1 ? 'MONOCHROME2' : 'RGB')).toUpperCase(),
    planar: samples > 1 && attributes.short('00280006') === 1,
    codec,
    index: undefined,
  };
  if (codec === 'native') {
    if (pixel.length < 0) throw new WetreadError('damaged-file', 'Its pixel data has no length.');
    const needed = nativeBytes(module, frames);
    const available = Math.min(pixel.length, header.source.size - pixel.offset);
    if (available < needed)
      throw new WetreadError(
        'damaged-file',
        `Its pixel data is cut short: ${available} bytes where ${needed} belong.`,
      );
  } else module.index = indexFrames(header, frames, extendedOffsets(header, attributes));
  return module;
}

function extendedOffsets(header: Header, attributes: Attributes): number[] | undefined {
  const bytes = attributes.bytes('7fe00001');
  if (!bytes || bytes.length % 8 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 8 }, (_, i) =>
    Number(view.getBigUint64(8 * i, header.littleEndian)),
  );
}

/** Whether native colour is stored two pixels to four bytes (PS3.3 C.7.6.3.1.2); some writers say so and store it whole. */
function isHalved(module: PixelModule): boolean {
  if (module.codec !== 'native' || module.photometric !== 'YBR_FULL_422' || module.samples !== 3)
    return false;
  const whole = module.rows * module.columns * 3 * module.frames;
  return (module.header.pixel?.length ?? 0) < whole;
}

function nativeBytes(module: PixelModule, frames: number): number {
  const { rows, columns, samples, bitsAllocated } = module;
  const perPixel = isHalved(module) ? 2 * bitsAllocated : samples * bitsAllocated;
  return Math.ceil((rows * columns * perPixel * frames) / 8);
}

export interface DecodeOptions {
  /** Keep luma and chroma of JPEG, and the byte order of the file, as the hash of `wetread decode` wants them. */
  asStored: boolean;
  /** A smaller image will do, as long as its shorter side has this many pixels (JPEG 2000 is then decoded much faster). */
  minSidePx?: number | undefined;
}

/**
 * Decodes the stored values of one frame, before any look-up table.
 * @param frame from 0
 * Throws WetreadError `damaged-file`, `unsupported-syntax`, `limit-exceeded`, `bad-input`.
 */
export async function decodeStored(
  module: PixelModule,
  frame: number,
  options: DecodeOptions,
): Promise<StoredFrame> {
  if (!Number.isInteger(frame) || frame < 0 || frame >= module.frames)
    throw new WetreadError('bad-input', `There is no frame ${frame + 1}.`);
  const { rows, columns, samples, photometric } = module;
  if (module.codec === 'native')
    return { rows, columns, samples, photometric, values: readNative(module, frame, options) };
  if (!module.index) throw new WetreadError('internal', 'The frames were not indexed.');
  const encoded = encodedFrame(module.header.source, module.index, frame);
  // Indexes into a palette and labels have no average.
  const isLabel = photometric === 'PALETTE COLOR' || module.bitsStored === 1;
  const decoded = await decodeFrameBytes(module.codec, encoded, {
    ...module,
    asStored: options.asStored,
    minSidePx: isLabel ? undefined : options.minSidePx,
  });
  return {
    rows: decoded.rows,
    columns: decoded.columns,
    samples: decoded.samples,
    photometric: decoded.photometric,
    values: decodedSamples(module, decoded),
  };
}

function readNative(module: PixelModule, frame: number, options: DecodeOptions): Samples {
  const { rows, columns, samples, bitsAllocated, header } = module;
  const offset = header.pixel?.offset ?? 0;
  const count = rows * columns * samples;
  if (bitsAllocated === 1) {
    const firstBit = frame * count;
    const from = firstBit >> 3;
    const bytes = header.source.read(offset + from, Math.ceil((firstBit + count) / 8) - from);
    return unpackBits(bytes, firstBit & 7, count);
  }
  const size = nativeBytes(module, 1);
  const start = frame * size;
  const swapsPairs =
    !header.littleEndian && bitsAllocated === 8 && header.pixel?.vr === 'OW' && !options.asStored;
  // In big endian words the first of two 8-bit pixels is the second byte; a word may begin before the frame does.
  const lead = swapsPairs ? start & 1 : 0;
  const read = header.source.read(offset + start - lead, size + lead + (swapsPairs ? (size + lead) & 1 : 0));
  if (read.length < size + lead) throw new WetreadError('damaged-file', `Frame ${frame + 1} is cut short.`);
  const bytes = owned(read);
  if (swapsPairs) swap(bytes, 2);
  else if (!header.littleEndian && bitsAllocated > 8) swap(bytes, bitsAllocated / 8);
  const own = lead === 0 && bytes.length === size ? bytes : bytes.slice(lead, lead + size);
  if (isHalved(module)) return widen422(own, rows * columns);
  const values = view(own, bitsAllocated, module.signed, module.float);
  return module.planar ? interleave(values, rows * columns, samples) : values;
}

/** Bytes that may be changed and handed on: a copy, unless nothing else lies in their buffer (pixels never begin where a file does). */
function owned(read: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = read;
  return buffer instanceof ArrayBuffer && read.byteLength === buffer.byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(read);
}

/** Reverses the bytes of each value of `width` bytes (2, 4 or 8), in place; what is left over stays. */
export function swap(bytes: Uint8Array, width: number): void {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length - (bytes.length % width));
  if (width === 2) whole.swap16();
  else if (width === 4) whole.swap32();
  else if (width === 8) whole.swap64();
}

function widen422(bytes: Uint8Array, pixels: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pixels * 3);
  for (let pixel = 0, from = 0; pixel + 1 < pixels; pixel += 2, from += 4) {
    const to = pixel * 3;
    out[to] = bytes[from] ?? 0;
    out[to + 3] = bytes[from + 1] ?? 0;
    out[to + 1] = out[to + 4] = bytes[from + 2] ?? 0;
    out[to + 2] = out[to + 5] = bytes[from + 3] ?? 0;
  }
  return out;
}

function view(bytes: Uint8Array<ArrayBuffer>, bits: number, signed: boolean, float: boolean): Samples {
  const { buffer, byteOffset } = bytes;
  const count = Math.floor(bytes.length / (bits / 8));
  if (bits === 8) return signed ? new Int8Array(buffer, byteOffset, count) : bytes;
  if (bits === 16)
    return signed ? new Int16Array(buffer, byteOffset, count) : new Uint16Array(buffer, byteOffset, count);
  if (bits === 32 && float) return new Float32Array(buffer, byteOffset, count);
  if (bits === 32)
    return signed ? new Int32Array(buffer, byteOffset, count) : new Uint32Array(buffer, byteOffset, count);
  if (float) return new Float64Array(buffer, byteOffset, count);
  throw new WetreadError('unsupported-syntax', `${bits} bits a pixel cannot be decoded.`);
}

function interleave(planes: Samples, pixels: number, samples: number): Samples {
  const out = planes.slice();
  for (let sample = 0; sample < samples; sample++)
    for (let pixel = 0, to = sample; pixel < pixels; pixel++, to += samples)
      out[to] = planes[sample * pixels + pixel] ?? 0;
  return out;
}

/** Decoded values in the type that the data set declares: BitsAllocated wide, signed by PixelRepresentation. */
function decodedSamples(module: PixelModule, decoded: Decoded): Samples {
  const bits = Math.max(module.bitsAllocated, 8 * decoded.bytesPerSample);
  const from = view(decoded.data, 8 * decoded.bytesPerSample, decoded.signed, false);
  const wide =
    bits === 8 * decoded.bytesPerSample
      ? from
      : bits === 16
        ? decoded.signed
          ? new Int16Array(from)
          : new Uint16Array(from)
        : decoded.signed
          ? new Int32Array(from)
          : new Uint32Array(from);
  const values = view(
    new Uint8Array(wide.buffer, wide.byteOffset, wide.byteLength),
    bits,
    module.signed,
    false,
  );
  // JPEG 2000 says itself whether it coded signed values. Where the data set says signed and the stream does not, the stream
  // holds the two's complement bits: extend them.
  const coded = module.codec === 'jpeg-2000' || module.codec === 'htj2k';
  if (coded && module.signed && !decoded.signed && decoded.bits < bits) {
    const shift = 32 - decoded.bits;
    for (let i = 0; i < values.length; i++) values[i] = ((values[i] ?? 0) << shift) >> shift;
  }
  return values;
}
