/* A small writer of DICOM files (PS3.10), for the bundled sample and for tests. It writes what it is told, right or wrong. */
import { deflateRawSync } from 'node:zlib';

export type DicomValue = string | number | readonly number[] | Uint8Array | readonly Item[];
/** `[tag as eight hex digits, VR, value]`, in ascending order of tags. */
export type DicomElement = readonly [tag: string, vr: string, value: DicomValue];
export type Item = readonly DicomElement[];

export interface WriteOptions {
  /** Default: explicit little endian. */
  transferSyntax?: string;
  /** Default true. */
  preamble?: boolean;
  /** Write the meta group. Default true. */
  meta?: boolean;
  /** Compressed frames as fragments for (7FE0,0010), which must then not be among the elements. */
  fragments?: readonly Uint8Array[];
  /** Offsets of the basic offset table; default none. */
  offsets?: readonly number[];
}

const longVrs = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'SQ', 'UC', 'UN', 'UR', 'UT']);
const implicitLittle = '1.2.840.10008.1.2';
const explicitLittle = '1.2.840.10008.1.2.1';
const explicitBig = '1.2.840.10008.1.2.2';
const deflated = '1.2.840.10008.1.2.1.99';

/** The bytes of a DICOM file. */
export function writeDicom(elements: readonly DicomElement[], options: WriteOptions = {}): Buffer {
  const { transferSyntax = explicitLittle, preamble = true, meta = true } = options;
  const explicit = transferSyntax !== implicitLittle;
  const little = transferSyntax !== explicitBig;
  const body: Buffer[] = elements.map((element) => writeElement(element, explicit, little));
  if (options.fragments) body.push(encapsulate(options.fragments, options.offsets ?? []));
  const dataSet = Buffer.concat(body);
  const find = (tag: string) => elements.find(([one]) => one === tag)?.[2];
  const group2 = [
    ['00020001', 'OB', Uint8Array.of(0, 1)],
    ['00020002', 'UI', String(find('00080016') ?? '1.2.840.10008.5.1.4.1.1.7')],
    ['00020003', 'UI', String(find('00080018') ?? '2.25.1')],
    ['00020010', 'UI', transferSyntax],
    ['00020012', 'UI', '2.25.153640437914367290853460197362521478323'],
  ] as const satisfies readonly DicomElement[];
  const metaBytes = Buffer.concat(group2.map((element) => writeElement(element, true, true)));
  return Buffer.concat([
    ...(preamble ? [Buffer.alloc(128), Buffer.from('DICM')] : []),
    ...(meta ? [writeElement(['00020000', 'UL', metaBytes.length], true, true), metaBytes] : []),
    transferSyntax === deflated ? deflateRawSync(dataSet, { level: 9 }) : dataSet,
  ]);
}

function writeElement([tag, vr, value]: DicomElement, explicit: boolean, little: boolean): Buffer {
  const bytes = valueBytes(vr, value, explicit, little);
  const long = longVrs.has(vr);
  const head = Buffer.alloc(explicit && long ? 12 : 8);
  const write16 = (n: number, at: number) => (little ? head.writeUInt16LE(n, at) : head.writeUInt16BE(n, at));
  const write32 = (n: number, at: number) => (little ? head.writeUInt32LE(n, at) : head.writeUInt32BE(n, at));
  write16(Number.parseInt(tag.slice(0, 4), 16), 0);
  write16(Number.parseInt(tag.slice(4), 16), 2);
  if (explicit) {
    head.write(vr, 4, 'latin1');
    if (long) write32(bytes.length, 8);
    else write16(bytes.length, 6);
  } else write32(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

function valueBytes(vr: string, value: DicomValue, explicit: boolean, little: boolean): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    return text.length % 2 === 0 ? text : Buffer.concat([text, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
  }
  if (value instanceof Uint8Array)
    return value.length % 2 === 0 ? Buffer.from(value) : Buffer.concat([value, Buffer.alloc(1)]);
  if (typeof value === 'number') return numberBytes(vr, [value], little);
  if (isItems(value)) return Buffer.concat(value.map((item) => writeItem(item, explicit, little)));
  return numberBytes(vr, value, little);
}

const isItems = (value: readonly number[] | readonly Item[]): value is readonly Item[] =>
  Array.isArray(value[0]);

function writeItem(item: Item, explicit: boolean, little: boolean): Buffer {
  const content = Buffer.concat(item.map((element) => writeElement(element, explicit, little)));
  return Buffer.concat([itemHead(0xe000, content.length, little), content]);
}

function itemHead(element: number, length: number, little = true): Buffer {
  const head = Buffer.alloc(8);
  if (little) {
    head.writeUInt16LE(0xfffe, 0);
    head.writeUInt16LE(element, 2);
    head.writeUInt32LE(length, 4);
  } else {
    head.writeUInt16BE(0xfffe, 0);
    head.writeUInt16BE(element, 2);
    head.writeUInt32BE(length, 4);
  }
  return head;
}

const widths: Readonly<Record<string, number>> = {
  US: 2,
  SS: 2,
  OW: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  OF: 4,
  FD: 8,
  OD: 8,
};

function numberBytes(vr: string, values: readonly number[], little: boolean): Buffer {
  if (vr === 'DS' || vr === 'IS') return valueBytes(vr, values.join('\\'), true, little);
  const width = widths[vr];
  if (!width) throw new Error(`Numbers cannot be written as ${vr}`);
  const out = Buffer.alloc(width * values.length);
  const view = new DataView(out.buffer, out.byteOffset, out.length);
  values.forEach((value, i) => {
    const at = i * width;
    if (vr === 'FL' || vr === 'OF') view.setFloat32(at, value, little);
    else if (width === 8) view.setFloat64(at, value, little);
    else if (width === 4) view.setInt32(at, value, little);
    else view.setInt16(at, value, little);
  });
  return out;
}

/** (7FE0,0010) with undefined length: the basic offset table and the fragments, each padded to an even length. */
function encapsulate(fragments: readonly Uint8Array[], offsets: readonly number[]): Buffer {
  const head = Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const table = Buffer.alloc(4 * offsets.length);
  offsets.forEach((offset, i) => {
    table.writeUInt32LE(offset, 4 * i);
  });
  const pieces = fragments.flatMap((fragment) => {
    const even = fragment.length % 2 === 0 ? fragment : Buffer.concat([fragment, Buffer.alloc(1)]);
    return [itemHead(0xe000, even.length), even];
  });
  return Buffer.concat([head, itemHead(0xe000, table.length), table, ...pieces, itemHead(0xe0dd, 0)]);
}
