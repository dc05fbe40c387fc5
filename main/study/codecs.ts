import { inflateRawSync } from 'node:zlib';
import loadCharls from '@cornerstonejs/codec-charls/decodewasmjs';
import loadTurbo from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import loadOpenJpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import loadOpenJph from '@cornerstonejs/codec-openjph';
import { WetreadError } from '../error.js';
import { decodeJpeg } from './jpeg.js';
import { type CodestreamHeader, readCodestreamHeader } from './jpeg-2000.js';
import { decodeJpegLossless } from './jpeg-lossless.js';
import { checkScans, readJpegFrame } from './jpeg-reader.js';
import { limits } from './limits.js';
import { decodeRle } from './rle.js';
import type { Codec } from './syntax.js';

/** One decoded image as its codec sees it: samples interleaved, little endian, no colour conversion of our own. */
export interface Decoded {
  rows: number;
  columns: number;
  samples: number;
  bytesPerSample: 1 | 2 | 4;
  /** Bits that the codec says it coded. */
  bits: number;
  signed: boolean;
  /** Photometric interpretation of `data`: that of the data set, unless the codec converted the colours. */
  photometric: string;
  data: Uint8Array<ArrayBuffer>;
}

/** What the data set says of the frame that is to be decoded. */
export interface Expected {
  rows: number;
  columns: number;
  samples: number;
  bitsAllocated: number;
  photometric: string;
  /** Keep luma and chroma of JPEG as they are. */
  asStored: boolean;
  /** A smaller image will do, as long as its shorter side has this many pixels. */
  minSidePx?: number | undefined;
}

type Loader = LoadWasmCodec;
type CodecModule = WasmCodec;
type DecoderKind = Exclude<keyof CodecModule, 'HEAPU8'>;
const modules = new Map<Loader, Promise<CodecModule>>();

/** The memory of a WebAssembly module never shrinks: one that had to grow beyond this is not kept for the next frame. */
const keptBytes = 128 * 2 ** 20;
/** What a module can address. */
const moduleBytes = 2 ** 31;

function load(loader: Loader): Promise<CodecModule> {
  let found = modules.get(loader);
  if (!found) {
    // The codecs talk to the console about damaged data; the error says it better.
    found = loader({ print: () => undefined, printErr: () => undefined });
    modules.set(loader, found);
  }
  return found;
}

/** The module that is in use now, which may be another than when the wait for it began. */
async function loaded(loader: Loader): Promise<CodecModule> {
  for (;;) {
    const promise = load(loader);
    const module = await promise;
    if (modules.get(loader) === promise) return module;
  }
}

/**
 * Decodes one compressed frame. Throws WetreadError `damaged-file`, `unsupported-syntax`, `limit-exceeded`.
 */
export async function decodeFrameBytes(
  codec: Codec,
  encoded: Uint8Array,
  expected: Expected,
): Promise<Decoded> {
  switch (codec) {
    case 'rle':
      return decodeAsRle(encoded, expected);
    case 'deflate':
      return decodeDeflated(encoded, expected);
    case 'jpeg':
    case 'jpeg-lossless':
      return decodeAnyJpeg(encoded, expected);
    case 'jpeg-ls':
      return decodeWasm(loadCharls, 'JpegLSDecoder', encoded, expected, 'JPEG-LS');
    case 'jpeg-2000':
      return decodeWasm(loadOpenJpeg, 'J2KDecoder', encoded, expected, 'JPEG 2000');
    case 'htj2k':
      return decodeWasm(loadOpenJph, 'HTJ2KDecoder', encoded, expected, 'HTJ2K');
    case 'native':
      throw new WetreadError('internal', 'Native pixel data has no codec.');
  }
}

const damaged = (what: string, cause?: unknown) =>
  new WetreadError('damaged-file', `Its ${what} data is damaged.`, { cause });

/** What compressed data says of its own size. */
interface CodedSize {
  rows: number;
  columns: number;
  components: number;
}

/**
 * Refuses, before memory is reserved, what a few bytes can ask for: more pixels than the data set has, more components than a pixel,
 * more than the decoder can hold.
 * @param bytesPerSample what decoding one sample takes at the most, working memory included
 */
function checkSize(size: CodedSize, expected: Expected, bytesPerSample: number, name: string): void {
  const pixels = size.rows * size.columns;
  if (pixels === 0 || size.components < 1 || size.components > 4) throw damaged(name);
  if (pixels > 4 * expected.rows * expected.columns)
    throw new WetreadError('damaged-file', 'Its compressed image is larger than its header says.');
  if (pixels * size.components > limits.frameBytes || pixels * size.components * bytesPerSample > moduleBytes)
    throw new WetreadError('limit-exceeded', `Its ${name} data asks for too large an image.`);
}

async function decodeWasm(
  loader: Loader,
  kind: DecoderKind,
  encoded: Uint8Array,
  expected: Expected,
  name: string,
): Promise<Decoded> {
  const levels =
    kind === 'J2KDecoder' || kind === 'HTJ2KDecoder'
      ? checkCodestream(encoded, expected, kind, name)
      : checkJpegSize(encoded, expected, name);
  const module = await loaded(loader);
  let decoder: WasmDecoder | undefined;
  try {
    decoder = new module[kind]();
    const stream = kind === 'JpegLSDecoder' ? withEnd(encoded) : encoded;
    decoder.getEncodedBuffer(stream.length).set(stream);
    if (levels > 0 && decoder.decodeSubResolution) decoder.decodeSubResolution(levels, 0);
    else decoder.decode();
    const coded = decoder.getFrameInfo();
    const info = {
      ...coded,
      width: Math.ceil(coded.width / 2 ** levels),
      height: Math.ceil(coded.height / 2 ** levels),
    };
    const view = decoder.getDecodedBuffer();
    const bytesPerSample = info.bitsPerSample <= 8 ? 1 : info.bitsPerSample <= 16 ? 2 : 4;
    const bytes = info.width * info.height * info.componentCount * bytesPerSample;
    if (!(bytes > 0 && bytes <= limits.frameBytes) || view.length < bytes) throw damaged(name);
    const data = new Uint8Array(view.subarray(0, bytes));
    return {
      rows: info.height,
      columns: info.width,
      samples: info.componentCount,
      bytesPerSample,
      bits: info.bitsPerSample,
      signed: info.isSigned ?? false,
      // The inverse colour transform of JPEG 2000 is part of its decoding.
      photometric: /^YBR_(RCT|ICT)$/.test(expected.photometric) ? 'RGB' : expected.photometric,
      data:
        decoder.getInterleaveMode?.() === 0 && info.componentCount > 1
          ? interleave(data, info.width * info.height, info.componentCount, bytesPerSample)
          : data,
    };
  } catch (thrown) {
    // After a trap the module's memory cannot be trusted: the next frame gets a fresh one.
    modules.delete(loader);
    throw thrown instanceof WetreadError ? thrown : damaged(name, thrown);
  } finally {
    try {
      // Also after a trap: what is left to the collector is deleted by it, where nothing would catch what that throws.
      decoder?.delete();
    } catch {
      modules.delete(loader);
    }
    if (module.HEAPU8.length > keptBytes) modules.delete(loader);
  }
}

/** Without an end marker CharLS looks for the bits that are missing through all of its memory, for seconds. */
function withEnd(jpegLs: Uint8Array): Uint8Array {
  const last = jpegLs.findLastIndex((byte) => byte !== 0);
  return jpegLs[last] === 0xd9 && jpegLs[last - 1] === 0xff ? jpegLs : Buffer.concat([jpegLs, endOfImage]);
}
const endOfImage = Uint8Array.of(0xff, 0xd9);

/** Checks a codestream of JPEG 2000 by its header; returns how many levels of resolution can be left out. */
function checkCodestream(
  encoded: Uint8Array,
  expected: Expected,
  kind: 'J2KDecoder' | 'HTJ2KDecoder',
  name: string,
): number {
  const header = readCodestreamHeader(encoded);
  if (!header || header.cutShort) throw damaged(name);
  // Whole numbers of 32 bits, those of a tile beside them, and the result.
  checkSize(header, expected, 12, name);
  // A tile takes 14 bytes and a packet one, however empty they are: a header that promises more is made to keep the decoder busy.
  if (14 * header.tiles > encoded.length || header.packets > encoded.length) throw damaged(name);
  if (header.codeBlocks > limits.codeBlocks)
    throw new WetreadError('limit-exceeded', `Its ${name} data is cut into too many blocks.`);
  if (header.subsampled)
    throw new WetreadError('unsupported-syntax', `${name} with subsampled components cannot be decoded.`);
  return kind === 'J2KDecoder' ? skippedLevels(header, expected) : 0;
}

/** Checks JPEG and JPEG-LS by the frame header. */
function checkJpegSize(encoded: Uint8Array, expected: Expected, name: string): 0 {
  const frame = readJpegFrame(encoded);
  if (!frame) throw damaged(name);
  checkSize(frame, expected, 4, name);
  return 0;
}

/** How many levels of resolution of a JPEG 2000 codestream can be left undecoded. */
function skippedLevels(header: CodestreamHeader, { minSidePx }: Expected): number {
  if (!minSidePx) return 0;
  const enough = Math.floor(Math.log2(Math.min(header.rows, header.columns) / minSidePx));
  return Math.max(0, Math.min(header.levels, enough));
}

function interleave(
  planes: Uint8Array,
  pixels: number,
  samples: number,
  wide: number,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(planes.length);
  for (let sample = 0; sample < samples; sample++)
    for (let pixel = 0; pixel < pixels; pixel++)
      for (let byte = 0; byte < wide; byte++)
        out[(pixel * samples + sample) * wide + byte] = planes[(sample * pixels + pixel) * wide + byte] ?? 0;
  return out;
}

function decodeAsRle(encoded: Uint8Array, expected: Expected): Decoded {
  const { rows, columns, samples } = expected;
  const base = {
    rows,
    columns,
    samples,
    bits: expected.bitsAllocated,
    signed: false,
    photometric: expected.photometric,
  };
  if (expected.bitsAllocated === 1) {
    if (samples !== 1)
      throw new WetreadError(
        'unsupported-syntax',
        `One bit a sample with ${samples} samples cannot be decoded.`,
      );
    // Supplement 225: one bit a pixel, packed into bytes before coding.
    const packed = decodeRle(encoded, Math.ceil((rows * columns) / 8), 1, 1);
    return { ...base, bytesPerSample: 1, data: unpackBits(packed, 0, rows * columns) };
  }
  const bytesPerSample = bytesOf(expected.bitsAllocated);
  return { ...base, bytesPerSample, data: decodeRle(encoded, rows * columns, samples, bytesPerSample) };
}

function bytesOf(bitsAllocated: number): 1 | 2 | 4 {
  if (bitsAllocated === 8) return 1;
  if (bitsAllocated === 16) return 2;
  if (bitsAllocated === 32) return 4;
  throw new WetreadError('unsupported-syntax', `${bitsAllocated} bits a sample cannot be decoded.`);
}

/** Bits of `bytes` from bit `start`, least significant first, as one byte each. */
export function unpackBits(bytes: Uint8Array, start: number, count: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(count);
  for (let i = 0, bit = start; i < count; i++, bit++) out[i] = ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1;
  return out;
}

/** Deflated Image Frame Compression (Supplement 229): each frame a raw deflate stream of its native bytes. */
function decodeDeflated(encoded: Uint8Array, expected: Expected): Decoded {
  const { rows, columns, samples, bitsAllocated } = expected;
  const values = rows * columns * samples;
  const size = Math.ceil((values * bitsAllocated) / 8);
  let bytes: Uint8Array;
  try {
    bytes = inflateRawSync(encoded, { maxOutputLength: size + 1024, finishFlush: 2 });
  } catch (cause) {
    throw damaged('deflated', cause);
  }
  if (bytes.length < size) throw damaged('deflated');
  const base = {
    rows,
    columns,
    samples,
    bits: bitsAllocated,
    signed: false,
    photometric: expected.photometric,
  };
  if (bitsAllocated === 1) return { ...base, bytesPerSample: 1, data: unpackBits(bytes, 0, values) };
  return { ...base, bytesPerSample: bytesOf(bitsAllocated), data: Uint8Array.from(bytes.subarray(0, size)) };
}

/** What a JPEG decoder of ours yields, as bytes. */
function fromJpeg(image: ReturnType<typeof decodeJpeg>, photometric: string): Decoded {
  return {
    rows: image.rows,
    columns: image.columns,
    samples: image.components,
    bytesPerSample: image.precision > 8 ? 2 : 1,
    bits: image.precision,
    signed: false,
    photometric,
    data: new Uint8Array(image.data.buffer, image.data.byteOffset, image.data.byteLength),
  };
}

/** Files that say one process of JPEG and hold another are common: the frame header decides. */
async function decodeAnyJpeg(encoded: Uint8Array, expected: Expected): Promise<Decoded> {
  const frame = readJpegFrame(encoded);
  if (!frame) throw damaged('JPEG');
  if (frame.marker === 0xf7) return decodeWasm(loadCharls, 'JpegLSDecoder', encoded, expected, 'JPEG-LS');
  checkSize(frame, expected, 4, 'JPEG');
  const pixels = frame.rows * frame.columns;
  // No sample of lossless JPEG and no block of the others takes less than a bit.
  if ((frame.marker === 0xc3 ? pixels * frame.components : pixels / 64) > 8 * encoded.length)
    throw damaged('JPEG');
  if (frame.marker === 0xc3)
    return fromJpeg(decodeJpegLossless(encoded, limits.frameBytes), expected.photometric);
  if (frame.marker === 0xc2) checkScans(encoded, pixels * frame.components);
  if (frame.precision === 8 && (frame.ids.length === 1 || frame.ids.length === 3)) {
    const turbo = await decodeTurbo(encoded, frame, expected).catch((thrown: unknown) => {
      if (thrown instanceof WetreadError) return undefined;
      throw thrown;
    });
    // What libjpeg-turbo refuses (a spectral selection of zero, a missing end) the decoder of our own may still read.
    if (turbo) return turbo;
  }
  const image = decodeJpeg(encoded, limits.frameBytes);
  const ybr = isYbr(frame, expected.photometric);
  return fromJpeg(image, colourOf(image.components, ybr, expected.photometric));
}

type JpegFrame = NonNullable<ReturnType<typeof readJpegFrame>>;

/** Whether three components are luma and chroma: by Adobe's marker, else by the photometric interpretation, JFIF and the identifiers. */
function isYbr(frame: JpegFrame, photometric: string): boolean {
  if (frame.adobeTransform !== undefined) return frame.adobeTransform !== 0;
  if (String.fromCharCode(...frame.ids) === 'RGB') return false;
  return photometric.startsWith('YBR') || frame.jfif;
}

/** Photometric interpretation of three JPEG components that were left as they are. */
const colourOf = (components: number, ybr: boolean, photometric: string): string =>
  components === 3 ? (ybr ? 'YBR_FULL' : 'RGB') : photometric;

async function decodeTurbo(encoded: Uint8Array, frame: JpegFrame, expected: Expected): Promise<Decoded> {
  const components = frame.ids.length;
  const ybr = isYbr(frame, expected.photometric);
  const converts = components === 3 && ybr && !expected.asStored;
  const stream = components === 3 ? withAdobeMarker(encoded, converts) : encoded;
  const decoded = await decodeWasm(loadTurbo, 'JPEGDecoder', stream, expected, 'JPEG');
  return { ...decoded, photometric: converts ? 'RGB' : colourOf(components, ybr, expected.photometric) };
}

/** Says with Adobe's marker, which libjpeg heeds above all but JFIF's, whether the components are luma and chroma. */
function withAdobeMarker(jpeg: Uint8Array, ybr: boolean): Uint8Array {
  const marker = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, ybr ? 1 : 0];
  const out: Uint8Array[] = [Uint8Array.from([0xff, 0xd8, ...marker])];
  let position = 2;
  while (position + 4 <= jpeg.length && jpeg[position] === 0xff) {
    const kind = jpeg[position + 1] ?? 0;
    if (kind === 0xda) break;
    if (kind === 0xff) {
      position++;
      continue;
    }
    const length = ((jpeg[position + 2] ?? 0) << 8) | (jpeg[position + 3] ?? 0);
    if (kind !== 0xe0 && kind !== 0xee) out.push(jpeg.subarray(position, position + 2 + length));
    position += 2 + length;
  }
  out.push(jpeg.subarray(position));
  return Buffer.concat(out);
}
