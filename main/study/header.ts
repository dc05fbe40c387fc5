import { inflateRawSync } from 'node:zlib';
import type { ByteStream, DataSet, Element } from 'dicom-parser';
import dicomParser from 'dicom-parser';
import { toWetreadError, WetreadError } from '../error.js';
import { type ByteSource, memorySource } from './bytes.js';
import { limits } from './limits.js';
import { syntax } from './syntax.js';

/** Where the pixel data lies; `length` is -1 where undefined (encapsulated). */
export interface PixelElement {
  tag: 'x7fe00008' | 'x7fe00009' | 'x7fe00010';
  vr: string | undefined;
  offset: number;
  length: number;
}

/** All of a data set before its pixel data. */
export interface Header {
  dataSet: DataSet;
  transferSyntax: string;
  littleEndian: boolean;
  pixel: PixelElement | undefined;
  /** Where the offsets count: the file itself, or the inflated data set. */
  source: ByteSource;
  /** The data set ends in the middle of an element. */
  truncated: boolean;
}

const firstChunk = 64 * 1024;
const pixelTags = new Set(['x7fe00008', 'x7fe00009', 'x7fe00010']);

/** Whether the bytes begin like DICOM: with `DICM` after a preamble or without one, or with a plausible bare data set. */
export function looksLikeDicom(head: Uint8Array): boolean {
  return ascii(head, 128, 4) === 'DICM' || ascii(head, 0, 4) === 'DICM' || isBareDataSet(head);
}

function ascii(bytes: Uint8Array, offset: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    'latin1',
    offset,
    offset + length,
  );
}

const isVr = (text: string) =>
  /^(A[EST]|C[S]|D[AST]|F[LD]|I[S]|L[OT]|O[BDFLVW]|P[N]|S[HLQSTV]|T[M]|U[CILNRSTV])$/.test(text);

function isBareDataSet(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const explicit = isVr(ascii(head, 4, 2));
  const little = view.getUint16(0, true);
  const big = view.getUint16(0, false);
  if (explicit && [0x0002, 0x0008].some((group) => little === group || big === group)) return true;
  // Implicit: an element of group 8 with a low number and a short value.
  return little === 0x0008 && view.getUint16(2, true) <= 0x0070 && view.getUint32(4, true) <= 128;
}

/**
 * Reads a data set up to its pixel data (PS3.10 file, or a bare data set without preamble or meta header; PS3.5 implicit,
 * explicit, big endian, deflated). Reads on in growing pieces only while the header lasts. Pass `wholeDataSet` to read a data
 * set that has no pixel data and whose end matters (DICOMDIR).
 * Throws WetreadError `not-dicom`, `damaged-file`, `limit-exceeded`.
 */
export function readHeader(source: ByteSource): Header {
  const head = source.read(0, firstChunk);
  if (!looksLikeDicom(head))
    throw new WetreadError('not-dicom', 'This is not a DICOM file: it has no DICOM header.');
  const magic = ascii(head, 128, 4) === 'DICM' ? 132 : ascii(head, 0, 4) === 'DICM' ? 4 : 0;
  const reader = new Reader(source, head);
  const meta = reader.readMeta(magic);
  const declared = meta.transferSyntax;
  if (declared === syntax.deflated || declared === syntax.jpipDeflated) {
    const inflated = inflate(source.read(meta.end, source.size - meta.end));
    return new Reader(inflated, inflated.read(0, inflated.size)).readDataSet(0, declared, meta.elements);
  }
  return reader.readDataSet(meta.end, declared, meta.elements);
}

function inflate(deflated: Uint8Array): ByteSource {
  try {
    const cap = Math.min(limits.inflatedBytes, Math.max(2 ** 20, deflated.length * limits.inflationRatio));
    return memorySource(inflateRawSync(deflated, { maxOutputLength: cap, finishFlush: 2 }));
  } catch (cause) {
    const tooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw tooLarge
      ? new WetreadError('limit-exceeded', 'The deflated data set is too large when inflated.', { cause })
      : new WetreadError('damaged-file', 'The deflated data set cannot be inflated.', { cause });
  }
}

class Reader {
  private bytes: Uint8Array;
  constructor(
    private readonly source: ByteSource,
    head: Uint8Array,
  ) {
    this.bytes = head;
  }

  /** Meta group (0002,eeee), always explicit little endian. Also where there is no preamble, or none at all. */
  readMeta(start: number): {
    transferSyntax: string | undefined;
    elements: Record<string, Element>;
    end: number;
  } {
    const elements: Record<string, Element> = {};
    let position = start;
    while (this.group(position, true) === 0x0002) {
      const element = this.element(position, 'explicit', true);
      if (!element) break;
      elements[element.value.tag] = element.value;
      position = element.end;
    }
    const found = elements.x00020010;
    const transferSyntax = found
      ? ascii(this.bytes, found.dataOffset, found.length).replace(/[\0 ]+$/g, '')
      : undefined;
    return { transferSyntax: transferSyntax || undefined, elements, end: position };
  }

  readDataSet(start: number, declared: string | undefined, meta: Record<string, Element>): Header {
    const form = this.formOf(start, declared);
    const parser = form.littleEndian
      ? dicomParser.littleEndianByteArrayParser
      : dicomParser.bigEndianByteArrayParser;
    const elements: Record<string, Element> = { ...meta };
    let position = start;
    let pixel: PixelElement | undefined;
    let truncated = false;
    while (position + 8 <= this.source.size) {
      if (position + 16 > this.bytes.length && this.bytes.length < this.source.size) this.grow(position + 16);
      const tag = this.tag(position, form.littleEndian);
      if (pixelTags.has(tag)) {
        pixel = this.pixelElement(position, tag as PixelElement['tag'], form);
        break;
      }
      // Zero bytes or delimiters where an element should begin: padding at the end of the file.
      if (tag === 'x00000000' || tag.startsWith('xfffe')) break;
      const element = this.element(position, form.explicit ? 'explicit' : 'implicit', form.littleEndian);
      if (!element) {
        truncated = true;
        break;
      }
      elements[tag] ??= element.value;
      position = element.end;
    }
    if (!pixel && !truncated && position < this.source.size && this.source.size - position < 8)
      truncated = this.source.read(position, 8).some((byte) => byte !== 0);
    const DataSetClass = (dicomParser as unknown as { DataSet: DataSetConstructor }).DataSet;
    return {
      dataSet: new DataSetClass(parser, this.bytes, elements),
      transferSyntax:
        declared ??
        (form.explicit
          ? form.littleEndian
            ? syntax.explicitLittle
            : syntax.explicitBig
          : syntax.implicitLittle),
      littleEndian: form.littleEndian,
      pixel,
      source: this.source,
      truncated,
    };
  }

  /** What the first element really looks like wins over what the meta header says: both are often wrong together. */
  private formOf(start: number, declared: string | undefined): { explicit: boolean; littleEndian: boolean } {
    const little = this.group(start, true);
    const big = this.group(start, false);
    const littleEndian =
      little === undefined || big === undefined || little === big
        ? declared !== syntax.explicitBig
        : declared === syntax.explicitBig
          ? little < big && little < 0x0100
          : !(big < little && big <= 0x0010);
    const explicit =
      start + 6 <= this.bytes.length
        ? isVr(ascii(this.bytes, start + 4, 2))
        : declared !== syntax.implicitLittle;
    return { explicit, littleEndian };
  }

  private group(position: number, littleEndian: boolean): number | undefined {
    if (position + 8 > this.bytes.length) {
      if (this.bytes.length >= this.source.size) return undefined;
      this.grow(position + 8);
      if (position + 8 > this.bytes.length) return undefined;
    }
    return new DataView(this.bytes.buffer, this.bytes.byteOffset).getUint16(position, littleEndian);
  }

  private tag(position: number, littleEndian: boolean): string {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    const hex = (value: number) => value.toString(16).padStart(4, '0');
    return `x${hex(view.getUint16(position, littleEndian))}${hex(view.getUint16(position + 2, littleEndian))}`;
  }

  /** The element at `position` and where it ends, or undefined where the file ends inside it. */
  private element(
    position: number,
    form: 'explicit' | 'implicit',
    littleEndian: boolean,
  ): { value: Element; end: number } | undefined {
    const parser = littleEndian
      ? dicomParser.littleEndianByteArrayParser
      : dicomParser.bigEndianByteArrayParser;
    for (;;) {
      const stream: ByteStream = new dicomParser.ByteStream(parser, this.bytes, position);
      try {
        const value =
          form === 'explicit'
            ? dicomParser.readDicomElementExplicit(stream, [])
            : dicomParser.readDicomElementImplicit(stream);
        return { value, end: stream.position };
      } catch (thrown) {
        if (thrown instanceof RangeError && /call stack/i.test(thrown.message))
          throw new WetreadError('damaged-file', 'Its sequences are nested too deeply.', { cause: thrown });
        if (this.bytes.length >= this.source.size) return undefined;
        this.grow(this.bytes.length * 4);
      }
    }
  }

  private grow(wanted: number): void {
    if (wanted > limits.headerBytes && this.bytes.length >= limits.headerBytes)
      throw new WetreadError('limit-exceeded', 'Its header is larger than 256 MB.');
    this.bytes = this.source.read(0, Math.min(Math.max(wanted, this.bytes.length * 2), limits.headerBytes));
  }

  private pixelElement(
    position: number,
    tag: PixelElement['tag'],
    form: { explicit: boolean; littleEndian: boolean },
  ): PixelElement {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    try {
      const vr = form.explicit ? ascii(this.bytes, position + 4, 2) : undefined;
      const at = form.explicit ? position + 8 : position + 4;
      const length = view.getUint32(at, form.littleEndian);
      return { tag, vr, offset: at + 4, length: length === 0xffffffff ? -1 : length };
    } catch (cause) {
      throw new WetreadError('damaged-file', 'The file ends where its pixel data begins.', { cause });
    }
  }
}

type DataSetConstructor = new (
  parser: typeof dicomParser.littleEndianByteArrayParser,
  bytes: Uint8Array,
  elements: Record<string, Element>,
) => DataSet;

/** Reads a header and names the file in whatever goes wrong. */
export function readHeaderOf(source: ByteSource): Header {
  try {
    return readHeader(source);
  } catch (thrown) {
    if (thrown instanceof WetreadError) throw thrown;
    const known = toWetreadError(thrown);
    throw known.code === 'internal'
      ? new WetreadError('damaged-file', 'Its DICOM header cannot be read.', { cause: thrown })
      : known;
  }
}
