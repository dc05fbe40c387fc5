/*
 * Elements, sequences and items of a data set (PS3.5 chapter 7). What is read is where things lie; values are fetched when somebody
 * asks. No claim about a length is believed beyond what encloses it, and nothing nests deeper than the limit.
 */
import { WetreadError } from '../error.js';
import type { ByteSource } from './bytes.js';
import { limits } from './limits.js';

/** How elements are written. */
export interface Form {
  explicit: boolean;
  littleEndian: boolean;
}

/** Where the value of an element lies in the source. */
export interface Element {
  /** Empty where the data set does not say it. */
  vr: string;
  offset: number;
  /** Bytes of the value, -1 where undefined. */
  length: number;
  /** Of the items of a sequence, once somebody asked for them. */
  items: DataSet[] | undefined;
}

const undefinedLength = 0xffffffff;
const itemTag = 0xfffee000;
const itemEndTag = 0xfffee00d;
const sequenceEndTag = 0xfffee0dd;

/** VRs by their two characters as one number, and whether their length has four bytes (PS3.5 table 7.1-1). */
const vrs = new Map(
  [
    ...'AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' ').map((vr) => [vr, false]),
    ...'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' ').map((vr) => [vr, true]),
  ].map(([vr, long]) => [codeOf(String(vr)), { vr: String(vr), long: long === true }] as const),
);

function codeOf(vr: string): number {
  return (vr.charCodeAt(0) << 8) | vr.charCodeAt(1);
}

/** Whether two bytes are one of the standard's value representations. */
export const isVr = (first: number | undefined, second: number | undefined): boolean =>
  vrs.has(((first ?? 0) << 8) | (second ?? 0));

const firstWindow = 8 * 1024;
const nextWindow = 64 * 1024;

/** A source seen through its beginning, which stays, and one window, which moves along. */
export class Window {
  readonly head: Uint8Array;
  private bytes: Uint8Array;
  private view: DataView;
  private start = 0;

  constructor(readonly source: ByteSource) {
    this.head = source.read(0, firstWindow);
    this.bytes = this.head;
    this.view = viewOf(this.head);
  }

  /** Makes the bytes readable; false where the source ends before. */
  has(position: number, length: number): boolean {
    const inside = position - this.start;
    if (inside >= 0 && inside + length <= this.bytes.length) return true;
    if (position + length > this.source.size) return false;
    this.start = position + length <= this.head.length ? 0 : position;
    this.bytes = this.start === 0 ? this.head : this.source.read(position, nextWindow);
    this.view = viewOf(this.bytes);
    return position - this.start + length <= this.bytes.length;
  }

  /** Only of bytes that `has` made readable, like the next two. */
  byte(position: number): number {
    return this.bytes[position - this.start] ?? 0;
  }
  uint16(position: number, littleEndian: boolean): number {
    return this.view.getUint16(position - this.start, littleEndian);
  }
  uint32(position: number, littleEndian: boolean): number {
    return this.view.getUint32(position - this.start, littleEndian);
  }

  /** Any bytes of the source, fewer at its end. */
  read(offset: number, length: number): Uint8Array {
    for (const [bytes, start] of [
      [this.head, 0],
      [this.bytes, this.start],
    ] as const)
      if (offset >= start && offset + length <= start + bytes.length)
        return bytes.subarray(offset - start, offset - start + length);
    return this.source.read(offset, length);
  }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Reads elements one after the other; what it found last is in its fields. */
export class ElementReader {
  tag = 0;
  vr = '';
  offset = 0;
  length = 0;
  private items = 0;

  constructor(readonly window: Window) {}

  /**
   * Reads tag, VR and length of the element at `position`; false where `end` comes before its value begins. An element without a
   * VR among explicit ones is read as an implicit one, which is what writers that mix the two mean.
   */
  readHead(position: number, end: number, { explicit, littleEndian }: Form): boolean {
    const { window } = this;
    if (position + 8 > end || !window.has(position, 8)) return false;
    const group = window.uint16(position, littleEndian);
    this.tag = group * 0x10000 + window.uint16(position + 2, littleEndian);
    this.offset = position + 8;
    this.vr = '';
    if (!explicit || group === 0xfffe) {
      this.length = window.uint32(position + 4, littleEndian);
      return true;
    }
    const first = window.byte(position + 4);
    const second = window.byte(position + 5);
    const known = vrs.get((first << 8) | second);
    if (!known && !(isCapital(first) && isCapital(second))) {
      this.length = window.uint32(position + 4, littleEndian);
      return true;
    }
    this.vr = known?.vr ?? 'UN';
    const short = window.uint16(position + 6, littleEndian);
    // VRs to come have lengths of four bytes behind two zeros (PS3.5 7.1.2).
    if (known ? known.long : short === 0) {
      if (position + 12 > end || !window.has(position, 12)) return false;
      this.offset = position + 12;
      this.length = window.uint32(position + 8, littleEndian);
    } else this.length = short;
    return true;
  }

  /**
   * Where the element that was read last ends; undefined where `end` comes before. Looks through sequences for what lies too deep.
   * Throws WetreadError `limit-exceeded`.
   */
  endOf(end: number, form: Form, depth: number): number | undefined {
    const { offset, length, vr } = this;
    const group = Math.floor(this.tag / 0x10000);
    if (length === undefinedLength) {
      if (vr === 'OB' || vr === 'OW' || (group === 0x7fe0 && vr === ''))
        return this.endOfFragments(offset, end, form);
      return vr === 'SQ' || vr === 'UN' || vr === ''
        ? this.endOfItems(offset, end, this.formInside(vr, offset, form), depth + 1, true)
        : undefined;
    }
    const stop = offset + length;
    if (stop > end) return undefined;
    if (vr === 'SQ' || (vr === '' && this.isItem(offset, stop, form)))
      this.endOfItems(offset, stop, form, depth + 1, false);
    return stop;
  }

  /** UN of undefined length holds implicit little endian (PS3.5 6.2.2), by the standard; some writers stay explicit. */
  formInside(vr: string, offset: number, form: Form): Form {
    if (vr !== 'UN' || !this.window.has(offset, 14)) return form;
    return {
      explicit: isVr(this.window.byte(offset + 12), this.window.byte(offset + 13)),
      littleEndian: form.littleEndian,
    };
  }

  private isItem(position: number, end: number, form: Form): boolean {
    return position + 8 <= end && this.window.has(position, 8) && this.tagAt(position, form) === itemTag;
  }

  private tagAt(position: number, { littleEndian }: Form): number {
    return (
      this.window.uint16(position, littleEndian) * 0x10000 + this.window.uint16(position + 2, littleEndian)
    );
  }

  /**
   * Walks the items of a sequence and returns where it ends; undefined where it is damaged.
   * @param delimited it has no length of its own: a delimiter ends it
   * @param visit is called with the place of each item
   */
  endOfItems(
    start: number,
    end: number,
    form: Form,
    depth: number,
    delimited: boolean,
    visit?: (start: number, end: number) => void,
  ): number | undefined {
    if (depth > limits.nesting)
      throw new WetreadError(
        'limit-exceeded',
        `Its sequences are nested more than ${limits.nesting} deep, which no image needs. Ask who made it for another copy.`,
      );
    let position = start;
    while (delimited || position < end) {
      if (position + 8 > end || !this.window.has(position, 8)) return undefined;
      const tag = this.tagAt(position, form);
      const length = this.window.uint32(position + 4, form.littleEndian);
      position += 8;
      if (tag === sequenceEndTag) return position;
      if (tag === itemEndTag) continue;
      if (tag !== itemTag) return undefined;
      if (++this.items > limits.items)
        throw new WetreadError('limit-exceeded', 'Its sequences hold too many items to be read.');
      const whole = length !== undefinedLength;
      const stop = whole ? position + length : end;
      if (stop > end) return undefined;
      const closed = this.endOfElements(position, stop, form, depth, !whole);
      if (!whole && closed === undefined) return undefined;
      visit?.(position, whole ? stop : (closed ?? stop));
      position = whole ? stop : (closed ?? stop);
    }
    return end;
  }

  /** Where the elements of an item end; undefined where they are damaged. */
  private endOfElements(
    start: number,
    end: number,
    form: Form,
    depth: number,
    delimited: boolean,
  ): number | undefined {
    let position = start;
    while (delimited || position < end) {
      if (!this.readHead(position, end, form)) return undefined;
      if (this.tag === itemEndTag && delimited) return position + 8;
      // The end of the sequence, where that of the item was forgotten.
      if (this.tag === sequenceEndTag) return position;
      const next = this.endOf(end, form, depth);
      if (next === undefined) return undefined;
      position = next;
    }
    return end;
  }

  /** The elements between two places, as far as they are whole; of those that come twice the first. */
  readElements(start: number, end: number, form: Form, depth: number): Map<number, Element> {
    const elements = new Map<number, Element>();
    let position = start;
    while (position < end && this.readHead(position, end, form)) {
      const { tag, vr, offset, length } = this;
      if (tag === itemEndTag || tag === sequenceEndTag) break;
      const next = this.endOf(end, form, depth);
      if (next === undefined) break;
      this.keep(elements, tag, vr, offset, length);
      position = next;
    }
    return elements;
  }

  /** Throws WetreadError `limit-exceeded`. */
  keep(elements: Map<number, Element>, tag: number, vr: string, offset: number, length: number): void {
    if (elements.has(tag)) return;
    if (elements.size >= limits.elements)
      throw new WetreadError('limit-exceeded', 'Its header holds too many elements to be read.');
    elements.set(tag, { vr, offset, length: length === undefinedLength ? -1 : length, items: undefined });
  }

  private endOfFragments(start: number, end: number, form: Form): number | undefined {
    let position = start;
    while (position + 8 <= end && this.window.has(position, 8)) {
      const tag = this.tagAt(position, form);
      if (tag === sequenceEndTag) return position + 8;
      if (tag !== itemTag) return undefined;
      position += 8 + this.window.uint32(position + 4, form.littleEndian);
    }
    return undefined;
  }
}

const isCapital = (code: number) => code >= 0x41 && code <= 0x5a;

/** The elements of a data set or of an item. Tags are numbers: group × 65536 + element. */
export class DataSet {
  /**
   * @param place where the elements of an item lie; they are read when somebody asks for one, since an object may have thousands of items
   */
  constructor(
    private readonly reader: ElementReader,
    readonly form: Form,
    private readonly depth: number,
    private found: Map<number, Element> | undefined,
    private readonly place: readonly [start: number, end: number] = [0, 0],
  ) {}

  get elements(): ReadonlyMap<number, Element> {
    this.found ??= this.reader.readElements(...this.place, this.form, this.depth);
    return this.found;
  }

  /** The bytes of a value; undefined where there are none, or more than anybody asks for. */
  value({ offset, length }: Element): Uint8Array | undefined {
    return length > 0 && length <= limits.valueBytes ? this.reader.window.read(offset, length) : undefined;
  }

  /** The items of a sequence, as far as they are whole; none where the element is no sequence. */
  items(tag: number): readonly DataSet[] {
    const element = this.elements.get(tag);
    if (!element) return [];
    element.items ??= this.readItems(element);
    return element.items;
  }

  private readItems({ vr, offset, length }: Element): DataSet[] {
    if (vr !== 'SQ' && vr !== 'UN' && vr !== '') return [];
    const { reader, depth } = this;
    const form = reader.formInside(vr, offset, this.form);
    const end = length < 0 ? reader.window.source.size : offset + length;
    const items: DataSet[] = [];
    reader.endOfItems(offset, end, form, depth + 1, length < 0, (start, stop) =>
      items.push(new DataSet(reader, form, depth + 1, undefined, [start, stop])),
    );
    return items;
  }
}
