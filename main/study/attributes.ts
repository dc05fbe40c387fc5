import type { DataSet } from 'dicom-parser';
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
  /** First item of a sequence. */
  item(tag: string): Attributes | undefined;
}

const controls = /(?![\t\n\r])\p{Cc}/gu;

/**
 * @param inherited character sets of the enclosing data set, for items that state none.
 */
export function attributesOf(dataSet: DataSet, inherited: readonly string[] = []): Attributes {
  const element = (tag: string) => dataSet.elements[`x${tag}`];
  const bytes = (tag: string): Uint8Array | undefined => {
    const found = element(tag);
    if (!found || found.length <= 0 || found.dataOffset + found.length > dataSet.byteArray.length)
      return undefined;
    return dataSet.byteArray.subarray(found.dataOffset, found.dataOffset + found.length);
  };
  const latin = (tag: string): string => {
    const value = bytes(tag);
    return value ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1') : '';
  };
  const own = latin('00080005')
    .split('\\')
    .map((term) => term.replace(controls, '').trim());
  const characterSets = own.some(Boolean) ? own : inherited;
  const whole = (tag: string): string => {
    const value = bytes(tag);
    return value && value.length <= 2 ** 20 ? decodeText(value, characterSets).replace(controls, '') : '';
  };
  const texts = (tag: string): string[] => {
    const value = whole(tag);
    return value === '' ? [] : value.split('\\').map((part) => part.trim());
  };
  const numbers = (tag: string): number[] =>
    texts(tag)
      .map((part) => (part === '' ? Number.NaN : Number(part)))
      .filter(Number.isFinite);
  const read = <T>(get: () => T | undefined): T | undefined => {
    try {
      return get();
    } catch {
      return undefined;
    }
  };
  const items = (tag: string): Attributes[] =>
    (element(tag)?.items ?? []).flatMap((one) =>
      one.dataSet ? [attributesOf(one.dataSet, characterSets)] : [],
    );
  return {
    has: (tag) => element(tag) !== undefined,
    texts,
    text: (tag) => texts(tag).find((part) => part !== ''),
    longText: (tag) => whole(tag).trim() || undefined,
    numbers,
    number: (tag) => numbers(tag)[0],
    integer: (tag) => {
      const value = numbers(tag)[0];
      return value === undefined ? undefined : Math.trunc(value);
    },
    short: (tag, index = 0, signed = false) => {
      const found = element(tag);
      if (!found || found.length < 2 * (index + 1)) return undefined;
      const key = `x${tag}`;
      return read(() => (signed ? dataSet.int16(key, index) : dataSet.uint16(key, index)));
    },
    doubles: (tag) => {
      const found = element(tag);
      if (!found) return [];
      const wide = found.vr === 'FL' ? 4 : 8;
      const out: number[] = [];
      for (let i = 0; (i + 1) * wide <= found.length && i < 64; i++) {
        const value = read(() => (wide === 4 ? dataSet.float(`x${tag}`, i) : dataSet.double(`x${tag}`, i)));
        if (value !== undefined) out.push(value);
      }
      return out;
    },
    bytes,
    items,
    item: (tag) => items(tag)[0],
  };
}
