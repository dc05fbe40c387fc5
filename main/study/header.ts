import { toWetreadError, WetreadError } from '../error.js';
import type { ByteSource } from './bytes.js';
import { DataSet, type Element, ElementReader, type Form, isVr, Window } from './elements.js';
import { inflateDataSet } from './inflate.js';
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

const pixelTags = new Map<number, PixelElement['tag']>([
  [0x7fe00008, 'x7fe00008'],
  [0x7fe00009, 'x7fe00009'],
  [0x7fe00010, 'x7fe00010'],
]);

/** Whether the bytes begin like DICOM: with `DICM` after a preamble or without one, or with a plausible bare data set. */
export function looksLikeDicom(head: Uint8Array): boolean {
  return isMagic(head, 128) || isMagic(head, 0) || isBareDataSet(head);
}

const isMagic = (bytes: Uint8Array, at: number) =>
  bytes[at] === 0x44 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x43 && bytes[at + 3] === 0x4d;

function isBareDataSet(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const little = view.getUint16(0, true);
  const big = view.getUint16(0, false);
  if (isVr(head[4], head[5]) && [0x0002, 0x0008].some((group) => little === group || big === group))
    return true;
  // Implicit: an element of group 8 with a low number and a short value.
  return little === 0x0008 && view.getUint16(2, true) <= 0x0070 && view.getUint32(4, true) <= 128;
}

/**
 * Reads a data set up to its pixel data (PS3.10 file, or a bare data set without preamble or meta header; PS3.5 implicit,
 * explicit, big endian, deflated). Finds where elements lie and jumps over their values, so that neither a large file nor a
 * large value costs memory. The length that the meta header states of itself is often wrong and never needed.
 * Throws WetreadError `not-dicom`, `damaged-file`, `limit-exceeded`.
 */
export function readHeader(source: ByteSource): Header {
  const window = new Window(source);
  const { head } = window;
  if (!looksLikeDicom(head))
    throw new WetreadError('not-dicom', 'This is not a DICOM file: it has no DICOM header.');
  const start = isMagic(head, 128) ? 132 : isMagic(head, 0) ? 4 : 0;
  const meta = readMeta(window, start);
  const declared = meta.transferSyntax;
  if (declared !== syntax.deflated && declared !== syntax.jpipDeflated)
    return readDataSet(window, meta.end, declared, meta.elements);
  return readDataSet(new Window(inflateDataSet(source, meta.end)), 0, declared, new Map());
}

/** Meta group (0002,eeee), always explicit little endian. Also where there is no preamble, or none at all. */
function readMeta(
  window: Window,
  start: number,
): { transferSyntax: string | undefined; elements: Map<number, Element>; end: number } {
  const reader = new ElementReader(window);
  const form: Form = { explicit: true, littleEndian: true };
  const { size } = window.source;
  const elements = new Map<number, Element>();
  let position = start;
  while (
    window.has(position, 8) &&
    window.uint16(position, true) === 0x0002 &&
    reader.readHead(position, size, form)
  ) {
    const { tag, vr, offset, length } = reader;
    const end = reader.endOf(size, form, 0);
    if (end === undefined)
      throw new WetreadError('damaged-file', 'The file ends inside its meta header. Ask for another copy.');
    reader.keep(elements, tag, vr, offset, length);
    position = end;
  }
  if (window.has(position, 132) && isMagic(window.read(position + 128, 4), 0))
    throw new WetreadError(
      'damaged-file',
      'It holds another DICOM file behind its meta header. Ask for another copy.',
    );
  const found = elements.get(0x00020010);
  const transferSyntax =
    found && found.length <= 64
      ? latin(window.read(found.offset, found.length)).replace(/[\0 ]+$/g, '')
      : undefined;
  return { transferSyntax: transferSyntax || undefined, elements, end: position };
}

const latin = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

function readDataSet(
  window: Window,
  start: number,
  declared: string | undefined,
  elements: Map<number, Element>,
): Header {
  const form = formOf(window, start, declared);
  const { source } = window;
  const reader = new ElementReader(window);
  let position = start;
  let pixel: PixelElement | undefined;
  let truncated = false;
  while (position + 8 <= source.size) {
    if (!reader.readHead(position, source.size, form)) {
      truncated = true;
      break;
    }
    const { tag, vr, offset, length } = reader;
    const pixelTag = pixelTags.get(tag);
    if (pixelTag) {
      pixel = { tag: pixelTag, vr: vr || undefined, offset, length: length === 0xffffffff ? -1 : length };
      break;
    }
    // Zero bytes where an element should begin: padding at the end of the file.
    if (tag === 0) break;
    if (tag === 0xfffee00d || tag === 0xfffee0dd) {
      position += 8;
      continue;
    }
    const end = reader.endOf(source.size, form, 0);
    if (end === undefined) {
      truncated = true;
      break;
    }
    reader.keep(elements, tag, vr, offset, length);
    position = end;
  }
  if (!pixel && !truncated && position < source.size && source.size - position < 8)
    truncated = source.read(position, 8).some((byte) => byte !== 0);
  return {
    dataSet: new DataSet(reader, form, 0, elements),
    transferSyntax:
      declared ??
      (form.explicit
        ? form.littleEndian
          ? syntax.explicitLittle
          : syntax.explicitBig
        : syntax.implicitLittle),
    littleEndian: form.littleEndian,
    pixel,
    source,
    truncated,
  };
}

/** What the first element really looks like wins over what the meta header says: both are often wrong together. */
function formOf(window: Window, start: number, declared: string | undefined): Form {
  if (!window.has(start, 8))
    return { explicit: declared !== syntax.implicitLittle, littleEndian: declared !== syntax.explicitBig };
  const little = window.uint16(start, true);
  const big = window.uint16(start, false);
  const littleEndian =
    little === big
      ? declared !== syntax.explicitBig
      : declared === syntax.explicitBig
        ? little < big && little < 0x0100
        : !(big < little && big <= 0x0010);
  return { explicit: isVr(window.byte(start + 4), window.byte(start + 5)), littleEndian };
}

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
