import type { Attributes } from './attributes.js';

/** A look-up table of DICOM (PS3.3 C.11.1.1): what `first` maps to, and on. */
export interface Lut {
  first: number;
  values: Uint16Array | Uint8Array;
  /** Bits of one output value. */
  bits: number;
}

/** Reads a LUT descriptor (entries, first mapped value, bits) and its data out of one data set or item; undefined where they do not fit. */
export function readLut(
  attributes: Attributes,
  descriptorTag: string,
  dataTag: string,
  signed: boolean,
  littleEndian: boolean,
): Lut | undefined {
  const described = readDescriptor(attributes, descriptorTag, dataTag, signed);
  if (!described) return undefined;
  const { entries, first, bits, bytes } = described;
  // 8-bit entries are packed, by the standard, or padded to words, by many writers.
  if (bytes.length < entries * 2) {
    if (bytes.length < entries) return undefined;
    return { first, values: Uint8Array.from(bytes.subarray(0, entries)), bits: 8 };
  }
  return { first, values: words(bytes, entries, littleEndian), bits };
}

/** What a LUT descriptor says, with the bytes it describes; no entries mean 65,536 of them (PS3.3 C.11.1.1.1). */
function readDescriptor(attributes: Attributes, descriptorTag: string, dataTag: string, signed: boolean) {
  const count = attributes.short(descriptorTag, 0);
  const first = attributes.short(descriptorTag, 1, signed);
  const bits = attributes.short(descriptorTag, 2);
  const bytes = attributes.bytes(dataTag);
  if (count === undefined || first === undefined || bits === undefined || !bytes) return undefined;
  return { entries: count === 0 ? 65536 : count, first, bits, bytes };
}

export function words(bytes: Uint8Array, count: number, littleEndian: boolean): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: count }, (_, i) => view.getUint16(2 * i, littleEndian));
}

/** Looks a value up; beyond the ends, the first or last entry. */
export function look(lut: Lut, value: number): number {
  const index = Math.min(Math.max(Math.trunc(value) - lut.first, 0), lut.values.length - 1);
  return lut.values[index] ?? 0;
}

const channels = [
  ['00281101', '00281201', '00281221'],
  ['00281102', '00281202', '00281222'],
  ['00281103', '00281203', '00281223'],
] as const;

/** The three palettes (PS3.3 C.7.9), as 8-bit tables; undefined where one is missing. */
export function readPalette(
  attributes: Attributes,
  signed: boolean,
  littleEndian: boolean,
): { first: number; values: Uint8Array }[] | undefined {
  const palette: { first: number; values: Uint8Array }[] = [];
  for (const [descriptor, data, segmented] of channels) {
    const lut =
      readLut(attributes, descriptor, data, signed, littleEndian) ??
      readSegmented(attributes, descriptor, segmented, signed, littleEndian);
    if (!lut) return undefined;
    // Some say 16 bits and mean 8: then no entry is above 255.
    const wide = lut.bits > 8 && lut.values.some((value) => value > 255);
    palette.push({
      first: lut.first,
      values: Uint8Array.from(lut.values, (value) => (wide ? value >> 8 : value)),
    });
  }
  return palette;
}

/** Segmented palette (PS3.3 C.7.9.2): discrete (0), linear (1) and indirect (2) segments. */
function readSegmented(
  attributes: Attributes,
  descriptorTag: string,
  dataTag: string,
  signed: boolean,
  littleEndian: boolean,
): Lut | undefined {
  const described = readDescriptor(attributes, descriptorTag, dataTag, signed);
  if (!described) return undefined;
  const { entries, first, bits, bytes } = described;
  const source = bits <= 8 ? bytes : words(bytes, Math.floor(bytes.length / 2), littleEndian);
  const out: number[] = [];
  const expand = (from: number, segments: number, nested: boolean): number => {
    let at = from;
    for (let n = 0; n < segments && at < source.length && out.length < entries; n++) {
      const opcode = source[at] ?? 0;
      const length = source[at + 1] ?? 0;
      if (opcode === 0) {
        for (let i = 0; i < length; i++) out.push(source[at + 2 + i] ?? 0);
        at += 2 + length;
      } else if (opcode === 1) {
        const begin = out.at(-1) ?? 0;
        const end = source[at + 2] ?? 0;
        for (let i = 1; i <= length; i++) out.push(Math.round(begin + ((end - begin) * i) / length));
        at += 3;
      } else {
        const offset =
          bits <= 8
            ? (source[at + 2] ?? 0) | ((source[at + 3] ?? 0) << 8) | ((source[at + 4] ?? 0) << 16)
            : (source[at + 2] ?? 0) | ((source[at + 3] ?? 0) << 16);
        if (!nested) expand(bits <= 8 ? offset : offset >> 1, length, true);
        at += bits <= 8 ? 6 : 4;
      }
    }
    return at;
  };
  expand(0, Number.POSITIVE_INFINITY, false);
  if (out.length < entries) return undefined;
  return { first, values: Uint16Array.from(out.slice(0, entries)), bits };
}
