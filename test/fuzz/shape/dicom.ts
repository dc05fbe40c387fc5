/* DICOM as its writers see it: elements with tags, value representations, lengths and nested items, each of which can be wrong. */
import { oddNumbers, put, splice } from '../mutate.js';
import type { Random } from '../random.js';
import { text } from '../targets/target.js';

const syntaxes = [
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.4.95',
  '1.2.840.10008.1.2.5',
  '1.2.840.10008.1.2.8.1',
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.51',
  '1.2.840.10008.1.2.4.57',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.91',
  '1.2.840.10008.1.2.4.201',
  '1.2.840.113619.5.2',
];

const vrs =
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(
    ' ',
  );

/** Attributes that the reader looks at. */
const tags = (
  '00020000 00020010 00041220 00041500 00080005 00080008 00080016 00080018 00080020 00080030 00080060 00080080 0008103e 00082218 ' +
  '00100010 00100030 00101010 00180015 00181063 00181164 00185101 00200013 0020000d 0020000e 00200032 00200037 00280002 00280004 ' +
  '00280006 00280008 00280010 00280011 00280030 00280100 00280101 00280102 00280103 00280120 00280121 00281050 00281051 00281052 ' +
  '00281053 00281101 00281102 00281103 00281201 00281202 00281203 00281221 00283000 00283002 00283006 00283010 0040a730 ' +
  '52009229 52009230 60000010 60000011 60000050 60000100 60000102 60003000 7fe00001 7fe00008 7fe00009 7fe00010 fffee000 fffee00d fffee0dd'
).split(' ');

const values = [
  '',
  '\\\\\\',
  '0',
  '-1',
  '1e309',
  'NaN',
  '99999999999999999999',
  '0.0000000001\\-0',
  '1000000',
  '+2',
  '2 ',
  'MONOCHROME1',
  'PALETTE COLOR',
  'YBR_FULL_422',
  'YBR_PARTIAL_420',
  'RGB',
  '../../etc/passwd',
  '..',
  'ISO 2022 IR 87\\ISO 2022 IR 159',
  'ISO_IR 192',
  'GB18030',
  '\\ISO 2022 IR 149',
  '\u001b$B\u001b(B\u001b$)C',
  '^^^^=^=',
  '20261399',
  '256060.9999999',
  '999Y',
  '1.2.840.10008.5.1.4.1.1.88.11',
];

const tagBytes = (tag: string, little: boolean): Uint8Array => {
  const out = new Uint8Array(4);
  put(out, 0, 2, Number.parseInt(tag.slice(0, 4), 16), little);
  put(out, 2, 2, Number.parseInt(tag.slice(4), 16), little);
  return out;
};

export const dicomWords: readonly Uint8Array[] = [
  ...tags.map((tag) => tagBytes(tag, true)),
  ...tags.slice(8, 20).map((tag) => tagBytes(tag, false)),
  ...vrs.map(text),
  ...syntaxes.map((uid) => text(uid.length % 2 ? `${uid}\0` : uid)),
  ...values.map(text),
  text('DICM'),
];

/** Where one element lies. */
interface Span {
  start: number;
  lengthAt: number;
  lengthWidth: number;
  value: number;
  end: number;
  explicit: boolean;
}

const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const mostSpans = 400;

/** The elements of a file, also those in sequences; as far as it can be followed. Little endian only: the others are changed bytewise. */
function spansOf(bytes: Uint8Array): Span[] {
  const spans: Span[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const walk = (from: number, to: number, depth: number) => {
    let at = from;
    while (at + 8 <= to && spans.length < mostSpans) {
      const vr = latin.toString('latin1', at + 4, at + 6);
      const item = view.getUint16(at, true) === 0xfffe;
      const explicit = !item && vrs.includes(vr);
      const long = explicit && longVrs.has(vr);
      const lengthAt = at + (explicit ? (long ? 8 : 6) : 4);
      const lengthWidth = explicit && !long ? 2 : 4;
      if (lengthAt + lengthWidth > to) return;
      const length = lengthWidth === 2 ? view.getUint16(lengthAt, true) : view.getUint32(lengthAt, true);
      const value = lengthAt + lengthWidth;
      const open = length === 0xffffffff;
      const end = open ? value : Math.min(to, value + length);
      spans.push({ start: at, lengthAt, lengthWidth, value, end, explicit });
      if (!open && depth < 8 && (item || vr === 'SQ')) walk(value, end, depth + 1);
      at = end;
    }
  };
  walk(latin.toString('latin1', 128, 132) === 'DICM' ? 132 : 0, bytes.length, 0);
  return spans;
}

/** The element with another length of its value, and a length field that says so. */
function withValue(bytes: Uint8Array, span: Span, value: Uint8Array): Uint8Array {
  const out = splice(bytes, span.value, span.end, value);
  put(out, span.lengthAt, span.lengthWidth, value.length, true);
  return out;
}

/** An element of any kind. */
function anyElement(random: Random): Uint8Array {
  const vr = random.pick(vrs);
  const value = random.chance(0.6)
    ? text(random.pick(values))
    : random.bytes(random.pick([0, 1, 2, 4, 8, 33]));
  const long = longVrs.has(vr);
  const explicit = random.chance(0.8);
  const head = new Uint8Array(explicit && long ? 12 : 8);
  head.set(tagBytes(random.pick(tags), true));
  if (explicit) head.set(text(vr), 4);
  const length = random.chance(0.1) ? random.pick(oddNumbers) : value.length;
  if (explicit && !long) put(head, 6, 2, length, true);
  else put(head, explicit ? 8 : 4, 4, length, true);
  return splice(head, head.length, head.length, value);
}

const openItem = Uint8Array.of(0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff);
const closeItem = Uint8Array.of(0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0);
const closeSequence = Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0);

/** Sequences in sequences, of undefined length or of lengths that lie. */
function nested(random: Random, inner: Uint8Array): Uint8Array {
  const depth = random.pick([1, 1, 2, 2, 5, 5, 20, 70, random.pick([70, 300, 2000])]);
  const head = Buffer.concat([
    tagBytes(random.pick(['0040a730', '00081115', '52009230']), true),
    text('SQ\0\0'),
    closeLength,
  ]);
  const closes = random.chance(0.7);
  return Buffer.concat([
    ...Array.from({ length: depth }, () => [head, openItem]).flat(),
    inner,
    ...(closes ? Array.from({ length: depth }, () => [closeItem, closeSequence]).flat() : []),
  ]);
}
const closeLength = Uint8Array.of(0xff, 0xff, 0xff, 0xff);

/** One change of an element: gone, twice, elsewhere, of another kind, length, tag or value, or with others in it. */
export function mutateDicom(input: Uint8Array, random: Random): Uint8Array | undefined {
  const spans = spansOf(input);
  if (spans.length === 0) return undefined;
  const span = random.pick(spans);
  const element = input.subarray(span.start, span.end);
  switch (random.below(13)) {
    case 0:
      return splice(input, span.start, span.end, new Uint8Array());
    case 1: {
      const to = random.pick(spans).start;
      return splice(input, to, to, element);
    }
    case 2: {
      const out = Uint8Array.from(input);
      put(out, span.lengthAt, span.lengthWidth, random.pick(oddNumbers), true);
      return out;
    }
    case 3: {
      const out = Uint8Array.from(input);
      const length = span.end - span.value + random.between(-4, 4);
      put(out, span.lengthAt, span.lengthWidth, Math.max(0, length), true);
      return out;
    }
    case 4: {
      if (!span.explicit) return undefined;
      const out = Uint8Array.from(input);
      out.set(text(random.pick(vrs)), span.start + 4);
      return out;
    }
    case 5: {
      const out = Uint8Array.from(input);
      out.set(tagBytes(random.pick(tags), true), span.start);
      return out;
    }
    case 6:
      return withValue(input, span, text(random.pick(values)));
    case 7: {
      const value = Uint8Array.from(input.subarray(span.value, span.end));
      put(value, random.below(value.length), random.pick([1, 2, 4]), random.pick(oddNumbers), true);
      return withValue(input, span, value);
    }
    case 8:
      return withValue(input, span, random.bytes(random.pick([0, 1, 2, 3, 4, 6, 8, 16, 64])));
    case 9:
      return splice(input, span.start, span.start, anyElement(random));
    case 10: {
      const uid = spans.find((one) => input[one.start] === 2 && input[one.start + 2] === 0x10);
      return uid && withValue(input, uid, text(random.pick(syntaxes)));
    }
    case 11:
      return splice(input, span.start, random.chance(0.5) ? span.start : span.end, nested(random, element));
    default: {
      const [one, other] = [span, random.pick(spans)].sort((a, b) => a.start - b.start);
      if (!one || !other || one.end > other.start) return undefined;
      return Buffer.concat([
        input.subarray(0, one.start),
        input.subarray(other.start, other.end),
        input.subarray(one.end, other.start),
        input.subarray(one.start, one.end),
        input.subarray(other.end),
      ]);
    }
  }
}
