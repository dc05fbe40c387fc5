/* DICOM byte by byte: each part may lie about the next one, which the orderly writer of the sample will not do. */

export const syntaxes = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  big: '1.2.840.10008.1.2.2',
  deflated: '1.2.840.10008.1.2.1.99',
  rle: '1.2.840.10008.1.2.5',
  deflatedFrames: '1.2.840.10008.1.2.8.1',
  jpeg: '1.2.840.10008.1.2.4.50',
  jpegLossless: '1.2.840.10008.1.2.4.70',
  jpegLs: '1.2.840.10008.1.2.4.80',
  jpeg2000: '1.2.840.10008.1.2.4.90',
  htj2k: '1.2.840.10008.1.2.4.201',
} as const;

/** The length that means "until the delimiter". */
export const undefinedLength = 0xffffffff;

/** How elements are written. */
export interface Form {
  explicit: boolean;
  little: boolean;
}
export const explicitLittle: Form = { explicit: true, little: true };
export const implicitLittle: Form = { explicit: false, little: true };
export const explicitBig: Form = { explicit: true, little: false };

const longVrs = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'SQ', 'UC', 'UN', 'UR', 'UT', 'SV', 'UV']);

/** Bytes of a text, one a character: what is above 255 must be encoded before. */
export const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

/** 16-bit numbers. */
export function shorts(values: readonly number[], little = true): Buffer {
  const out = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => {
    if (little) out.writeUInt16LE(value & 0xffff, 2 * i);
    else out.writeUInt16BE(value & 0xffff, 2 * i);
  });
  return out;
}

/** 32-bit numbers, little endian. */
export function longs(values: readonly number[]): Buffer {
  const out = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) out.writeUInt32LE(value >>> 0, 4 * i);
  return out;
}

/** Tag, VR and length of an element, as stated, whatever follows. */
export function head(tag: string, vr: string, length: number, form: Form = explicitLittle): Buffer {
  const long = form.explicit && longVrs.has(vr);
  const out = Buffer.alloc(long ? 12 : 8);
  const group = Number.parseInt(tag.slice(0, 4), 16);
  const element = Number.parseInt(tag.slice(4), 16);
  if (form.little) {
    out.writeUInt16LE(group, 0);
    out.writeUInt16LE(element, 2);
  } else {
    out.writeUInt16BE(group, 0);
    out.writeUInt16BE(element, 2);
  }
  if (form.explicit) out.write(vr, 4, 'latin1');
  if (form.explicit && !long) {
    if (form.little) out.writeUInt16LE(length & 0xffff, 6);
    else out.writeUInt16BE(length & 0xffff, 6);
  } else if (form.little) out.writeUInt32LE(length >>> 0, long ? 8 : 4);
  else out.writeUInt32BE(length >>> 0, long ? 8 : 4);
  return out;
}

/** An element with its value as it is, of even length or not; `length` is what it claims. */
export function element(
  tag: string,
  vr: string,
  value: Uint8Array | string,
  { form = explicitLittle, length }: { form?: Form; length?: number } = {},
): Buffer {
  const bytes = typeof value === 'string' ? latin(value) : value;
  return Buffer.concat([head(tag, vr, length ?? bytes.length, form), bytes]);
}

/** An item of a sequence or of fragments; `length` is what it claims. */
export function item(content: Uint8Array, length = content.length): Buffer {
  const out = Buffer.alloc(8);
  out.writeUInt16LE(0xfffe, 0);
  out.writeUInt16LE(0xe000, 2);
  out.writeUInt32LE(length, 4);
  return Buffer.concat([out, content]);
}
export const itemEnd = Buffer.from([0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0]);
export const sequenceEnd = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);

/** Sequences inside each other, `depth` of them, with or without lengths. */
export function nested(depth: number, withLengths: boolean, form: Form = explicitLittle): Buffer {
  if (!withLengths) {
    const open = Buffer.concat([
      head('00089215', 'SQ', undefinedLength, form),
      item(new Uint8Array(0), undefinedLength),
    ]);
    const close = Buffer.concat([itemEnd, sequenceEnd]);
    return Buffer.concat([
      Buffer.concat(Array.from({ length: depth }, () => open)),
      Buffer.concat(Array.from({ length: depth }, () => close)),
    ]);
  }
  // Heads from the innermost outwards: what each holds is known by then.
  const heads: Buffer[] = [];
  let inside = 0;
  for (let level = 0; level < depth; level++) {
    const own = Buffer.concat([head('00089215', 'SQ', inside + 8, form), item(new Uint8Array(0), inside)]);
    heads.push(own);
    inside += own.length;
  }
  return Buffer.concat(heads.reverse());
}

/** Compressed pixel data: the offset table, the fragments and the end. Nothing is padded. */
export function encapsulated(
  fragments: readonly Uint8Array[],
  { offsets = [], end = true }: { offsets?: readonly number[]; end?: boolean } = {},
): Buffer {
  return Buffer.concat([
    head('7FE00010', 'OB', undefinedLength),
    item(longs(offsets)),
    ...fragments.map((fragment) => item(fragment)),
    ...(end ? [sequenceEnd] : []),
  ]);
}

/** Data elements by tag, each as its bytes; undefined takes one away. */
export type Elements = Readonly<Record<string, Buffer | undefined>>;

/** The elements of a grey image of 4 × 3 pixels with 16 bits, 0 to 1100. Tags in upper case. */
export function imageElements(form: Form = explicitLittle): Record<string, Buffer> {
  const text = (tag: string, vr: string, value: string) =>
    element(tag, vr, value.length % 2 === 0 ? value : `${value}${vr === 'UI' ? '\0' : ' '}`, { form });
  const short = (tag: string, value: number) => element(tag, 'US', shorts([value], form.little), { form });
  const pixels = shorts(
    Array.from({ length: 12 }, (_, i) => i * 100),
    form.little,
  );
  const list = [
    text('00080016', 'UI', '1.2.840.10008.5.1.4.1.1.7'),
    text('00080018', 'UI', '1.2.3.4.1'),
    text('00080060', 'CS', 'OT'),
    text('0020000D', 'UI', '1.2.3.4'),
    text('0020000E', 'UI', '1.2.3.4.5'),
    short('00280002', 1),
    text('00280004', 'CS', 'MONOCHROME2'),
    short('00280010', 3),
    short('00280011', 4),
    short('00280100', 16),
    short('00280101', 16),
    short('00280102', 15),
    short('00280103', 0),
    element('7FE00010', 'OW', pixels, { form }),
  ];
  return Object.fromEntries(list.map((bytes) => [tagOf(bytes, form.little), bytes]));
}

function tagOf(bytes: Buffer, little: boolean): string {
  const read = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  return [read(0), read(2)].map((part) => part.toString(16).padStart(4, '0').toUpperCase()).join('');
}

/** A data set: the image's elements with whatever `changes` add, change or take away, in order of tags. */
export function dataSet(changes: Elements = {}, form: Form = explicitLittle): Buffer {
  const all: Elements = { ...imageElements(form), ...changes };
  return Buffer.concat(
    Object.entries(all)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, bytes]) => bytes ?? []),
  );
}

export interface FileParts {
  transferSyntax?: string;
  /** Default 128 zeros. */
  preamble?: Buffer;
  /** Default `DICM`. */
  magic?: string;
  /** Elements of the meta header; default those that belong. */
  meta?: Buffer;
  /** What (0002,0000) claims; null leaves it out. */
  groupLength?: number | null;
}

/** A file around a data set. */
export function file(body: Uint8Array, parts: FileParts = {}): Buffer {
  const { transferSyntax = syntaxes.explicit, preamble = Buffer.alloc(128), magic = 'DICM' } = parts;
  const padded = transferSyntax.length % 2 === 0 ? transferSyntax : `${transferSyntax}\0`;
  const meta =
    parts.meta ??
    Buffer.concat([
      element('00020001', 'OB', Uint8Array.of(0, 1)),
      element('00020002', 'UI', '1.2.840.10008.5.1.4.1.1.7\0'),
      element('00020003', 'UI', '1.2.3.4.1\0'),
      element('00020010', 'UI', padded),
    ]);
  const length = parts.groupLength === undefined ? meta.length : parts.groupLength;
  return Buffer.concat([
    preamble,
    latin(magic),
    ...(length === null ? [] : [element('00020000', 'UL', longs([length]))]),
    meta,
    body,
  ]);
}
