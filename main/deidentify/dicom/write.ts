/* Writes elements (PS3.5 chapter 7) and the beginning of a file (PS3.10 chapter 7). */

/** How elements are written; without `explicit` no VRs. */
export interface Form {
  explicit: boolean;
  littleEndian: boolean;
}

/** An element to be written: bytes in the form's byte order, of any length, or items. */
export interface NewElement {
  tag: string;
  vr: string;
  value: Uint8Array | NewElement[][];
}

/** Names this program in what it writes (PS3.7 D.3.3.2). */
export const implementation = { uid: '2.25.153640437914367290853460197362521478323', version: 'WETREAD_1' };

const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const textVrs = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UR UT'.split(' '));

/** The elements one after the other, sequences and items with their lengths. */
export function writeElements(elements: readonly NewElement[], form: Form): Buffer {
  return Buffer.concat(
    elements.map(({ tag, vr, value }) => {
      const bytes =
        value instanceof Uint8Array
          ? padded(value, vr)
          : Buffer.concat(value.map((item) => writeItem(item, form)));
      return Buffer.concat([writeHead(tag, vr, bytes.length, form), bytes]);
    }),
  );
}

/** Tag, VR and length; `length` -1 stands for undefined. */
export function writeHead(tag: string, vr: string, length: number, { explicit, littleEndian }: Form): Buffer {
  const long = explicit && (longVrs.has(vr) || length > 0xfffe || length < 0);
  const head = Buffer.alloc(long ? 12 : 8);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), littleEndian);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), littleEndian);
  const size = length < 0 ? 0xffffffff : length;
  // A value too long for the short form of its VR is written as UN (PS3.5 6.2.2).
  if (explicit) head.write(long && !longVrs.has(vr) ? 'UN' : vr, 4, 'latin1');
  if (explicit && !long) view.setUint16(6, size, littleEndian);
  else view.setUint32(long ? 8 : 4, size, littleEndian);
  return head;
}

function writeItem(elements: readonly NewElement[], form: Form): Buffer {
  const bytes = writeElements(elements, form);
  return Buffer.concat([writeHead('fffee000', '', bytes.length, { ...form, explicit: false }), bytes]);
}

function padded(value: Uint8Array, vr: string): Uint8Array {
  if (value.length % 2 === 0) return value;
  return Buffer.concat([value, Buffer.from(textVrs.has(vr) ? ' ' : '\0')]);
}

/** Preamble (zeros, so that it is no header of another format), prefix and meta group. */
export function writeMeta(sopClass: string, instance: string, transferSyntax: string): Buffer {
  const form = { explicit: true, littleEndian: true };
  const elements: NewElement[] = [
    { tag: '00020001', vr: 'OB', value: Uint8Array.of(0, 1) },
    { tag: '00020002', vr: 'UI', value: Buffer.from(sopClass) },
    { tag: '00020003', vr: 'UI', value: Buffer.from(instance) },
    { tag: '00020010', vr: 'UI', value: Buffer.from(transferSyntax) },
    { tag: '00020012', vr: 'UI', value: Buffer.from(implementation.uid) },
    { tag: '00020013', vr: 'SH', value: Buffer.from(implementation.version) },
  ];
  const group = writeElements(elements, form);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(group.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    writeElements([{ tag: '00020000', vr: 'UL', value: length }], form),
    group,
  ]);
}
