import type { DataSet } from './elements.js';
import { decodeText } from './text.js';

/** Typed look at the attributes of one data set or sequence item. Tags are written as eight hex digits. */
export interface Attributes {
  has(tag: string): boolean;
  /** All values of a text attribute, trimmed; empty where absent. */
  texts(tag: string): string[];
  /** The first value of a text attribute, trimmed; undefined where absent or empty. */
  text(tag: string): string | undefined;
  /** The whole value, with backslashes and line ends (LT, ST, UT). */
  longText(tag: string): string | undefined;
  /** Decimal and integer strings. */
  numbers(tag: string): number[];
  number(tag: string): number | undefined;
  integer(tag: string): number | undefined;
  /** US, also SS where `signed`. */
  short(tag: string, index?: number, signed?: boolean): number | undefined;
  /** FD, FL. */
  doubles(tag: string): number[];
  bytes(tag: string): Uint8Array | undefined;
  items(tag: string): Attributes[];
  /** One item of a sequence, by default the first. */
  item(tag: string, index?: number): Attributes | undefined;
}

/** Control characters, and those that turn the direction of text around, which make a name look like another. */
const unwanted = /(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;
const longestText = 2 ** 20;
const mostNumbers = 64;

/**
 * @param inherited character sets of the enclosing data set, for items that state none.
 */
export function attributesOf(dataSet: DataSet, inherited: readonly string[] = []): Attributes {
  const element = (tag: string) => dataSet.elements.get(Number.parseInt(tag, 16));
  const bytes = (tag: string): Uint8Array | undefined => {
    const found = element(tag);
    return found && dataSet.value(found);
  };
  const short = (tag: string): Uint8Array | undefined => {
    const found = element(tag);
    return found && found.length <= longestText ? dataSet.value(found) : undefined;
  };
  const named = short('00080005');
  const own = (named ? latin(named) : '').split('\\').map((term) => term.replace(unwanted, '').trim());
  const characterSets = own.some(Boolean) ? own : inherited;
  const whole = (tag: string): string => {
    const value = short(tag);
    if (!value) return '';
    // The padding of a UID.
    const text = value.at(-1) === 0 ? value.subarray(0, -1) : value;
    return isPrintable(text) ? latin(text) : decodeText(text, characterSets).replace(unwanted, '');
  };
  const texts = (tag: string): string[] => {
    const value = whole(tag);
    if (value === '') return [];
    return value.includes('\\') ? value.split('\\').map((part) => part.trim()) : [value.trim()];
  };
  const numbers = (tag: string): number[] =>
    texts(tag)
      .map((part) => (decimal.test(part) ? Number(part) : Number.NaN))
      .filter(Number.isFinite);
  const view = (tag: string): DataView | undefined => {
    const value = bytes(tag);
    return value && new DataView(value.buffer, value.byteOffset, value.byteLength);
  };
  const little = dataSet.form.littleEndian;
  const items = (tag: string): Attributes[] =>
    dataSet.items(Number.parseInt(tag, 16)).map((one) => attributesOf(one, characterSets));
  const item = (tag: string, index = 0): Attributes | undefined => {
    const found = dataSet.items(Number.parseInt(tag, 16))[index];
    return found && attributesOf(found, characterSets);
  };
  return {
    has: (tag) => element(tag) !== undefined,
    texts,
    text: (tag) => texts(tag).find((part) => part !== ''),
    longText: (tag) => whole(tag).trim() || undefined,
    numbers,
    number: (tag) => numbers(tag)[0],
    integer: (tag) => {
      const value = Math.trunc(numbers(tag)[0] ?? Number.NaN);
      return Number.isSafeInteger(value) ? value : undefined;
    },
    short: (tag, index = 0, signed = false) => {
      const value = view(tag);
      if (!value || value.byteLength < 2 * (index + 1)) return undefined;
      return signed ? value.getInt16(2 * index, little) : value.getUint16(2 * index, little);
    },
    doubles: (tag) => {
      const value = view(tag);
      if (!value) return [];
      const wide = element(tag)?.vr === 'FL' ? 4 : 8;
      const count = Math.min(Math.floor(value.byteLength / wide), mostNumbers);
      return Array.from({ length: count }, (_, i) =>
        wide === 4 ? value.getFloat32(4 * i, little) : value.getFloat64(8 * i, little),
      ).filter(Number.isFinite);
    },
    bytes,
    items,
    item,
  };
}

/** What Number() takes beyond it, such as 0x10 and Infinity, is no decimal string (PS3.5 6.2). */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const latin = (value: Uint8Array) =>
  Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');

/** Whether all is ASCII that every character set of DICOM reads alike, without control characters. */
function isPrintable(value: Uint8Array): boolean {
  for (let i = 0; i < value.length; i++) {
    const byte = value[i] ?? 0;
    if (byte < 0x20 || byte > 0x7e) return false;
  }
  return true;
}
