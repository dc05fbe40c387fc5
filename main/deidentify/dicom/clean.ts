import type { DeidentifyOption } from '../../../preload/values.js';
import { decodeText, type ObjectElement, type OpenedObject } from '../../study/index.js';
import { deidentify } from '../text/index.js';
import { shiftDate } from './dates.js';
import { dummyOf } from './dummy.js';
import { characterSets, namesOf } from './header-names.js';
import { actionOf, rowOf, vrOf } from './profile.js';
import type { Pseudonyms } from './pseudonym.js';
import { isPrivate, safePrivate } from './safe-private.js';
import type { NewElement } from './write.js';

/** How many elements were removed, emptied or replaced, cleaned, and had their UID mapped; private ones count apart. */
export interface Counts {
  removed: number;
  replaced: number;
  cleaned: number;
  mapped: number;
  private: number;
}

/** VRs whose text is written in the character set of the data set. */
const localVrs = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
const maximum: Readonly<Record<string, number>> = { LO: 64, SH: 16, LT: 10240, ST: 1024, PN: 64 };

/** UIDs that name classes, syntaxes, schemes and context groups, not objects of this site. */
const classUids = new Set(
  '00080016 0008001a 0008001b 00080062 0008010c 0008010d 00080117 00080118 00081150 0008115a 00020002 00020010 00041510 00041512 00400100 00400440'.split(
    ' ',
  ),
);

/** Not in Table E.1-1: the birth date in another calendar, and what belonged to signatures that no longer hold. */
const alsoRemoved = new Set(['00100033', '00100034', '00100035', '4ffe0001']);

/** Cleans the data set of one object. */
export class Cleaner {
  readonly counts: Counts = { removed: 0, replaced: 0, cleaned: 0, mapped: 0, private: 0 };
  /** Something outside of ASCII was written, so that the data set must say that it is UTF-8. */
  private wide = false;
  private readonly patientId: string;
  private readonly names: readonly string[];
  private readonly quick: RegExp | undefined;
  private readonly texts = new Map<string, string>();

  constructor(
    object: OpenedObject,
    private readonly options: ReadonlySet<DeidentifyOption>,
    private readonly pseudonyms: Pseudonyms,
  ) {
    const sets = characterSets(object.elements, []);
    const text = (tag: string) => {
      const found = object.elements.find((element) => element.tag === tag);
      return found ? decodeText(found.value, sets).replace(/\0/g, '').trim() : '';
    };
    // Without an ID the name stands for the patient; without both each study is a patient of its own.
    this.patientId = text('00100020') || text('00100010') || text('0020000d') || text('00080018');
    this.names = namesOf(object.elements, sets);
    const words = this.names
      .flatMap((name) => name.split(/[^\p{L}\p{N}]+/u))
      .filter((word) => word.length > 2);
    this.quick = words.length
      ? new RegExp(words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, '')).join('|'), 'iu')
      : undefined;
  }

  /** The data set as it may leave the site. */
  clean(elements: readonly ObjectElement[]): NewElement[] {
    const cleaned = this.items(elements, [], false);
    if (this.wide) cleaned.push({ tag: '00080005', vr: 'CS', value: Buffer.from('ISO_IR 192') });
    return cleaned;
  }

  private items(
    elements: readonly ObjectElement[],
    inherited: readonly string[],
    content: boolean,
  ): NewElement[] {
    const sets = characterSets(elements, inherited);
    const safe = this.options.has('safe-private') ? safePrivate(elements) : new Set<ObjectElement>();
    return elements.flatMap((element): NewElement[] => {
      const { tag } = element;
      // Group lengths are retired and would be wrong; items outside of sequences are none; the character set is written anew.
      if (tag.endsWith('0000') || tag.startsWith('fffe') || tag === '00080005') return [];
      if (isPrivate(tag)) {
        if (safe.has(element)) return [{ tag, vr: element.vr ?? 'UN', value: element.value }];
        this.counts.private++;
        return [];
      }
      const known = vrOf(tag) ?? (rowOf(tag) && element.vr);
      // What PS3.6 does not know can hold anything.
      if (known === undefined || alsoRemoved.has(tag)) return this.removed();
      const vr = trusted(element.vr, known);
      if (vr === 'SQ' && !element.items && element.value.length > 0) return this.removed();
      const items = vr === 'SQ' ? (element.items ?? []) : element.items;
      return this.element({ ...element, vr, ...(items && { items }) }, sets, content);
    });
  }

  private element(
    element: ObjectElement & { vr: string },
    sets: readonly string[],
    content: boolean,
  ): NewElement[] {
    const { tag, vr, value } = element;
    // Curves and overlays with all that describes them: a picture of words cannot be read for names.
    if (/^(50|60)/.test(tag)) return this.removed();
    if (tag === '00100020' || tag === '00100010') {
      if (value.length === 0) return [{ tag, vr, value }];
      this.counts.replaced++;
      return [{ tag, vr, value: Buffer.from(this.pseudonyms.patient(this.patientId)) }];
    }
    const row = rowOf(tag);
    const action = row
      ? actionOf(tag, row, this.options, element.items !== undefined)
      : this.unlisted(element);
    switch (action) {
      case 'X':
        return this.removed();
      case 'Z':
        this.counts.replaced++;
        return [{ tag, vr, value: element.items ? [] : new Uint8Array() }];
      case 'D':
        return this.dummy(element, sets, content);
      case 'U':
        return element.items ? this.sequence(element, sets, content) : this.uid(element);
      case 'C':
        return this.cleaned(element, row?.basic ?? 'X', sets);
      case 'K':
        return element.items ? this.sequence(element, sets, content) : [this.kept(element, sets, content)];
    }
  }

  /** What the table does not list is kept, but for UIDs of this site, people and days, which only it should know of. */
  private unlisted({ tag, vr, value }: ObjectElement & { vr: string }): 'K' | 'U' | 'Z' | 'D' {
    if (vr === 'UI' && !classUids.has(tag) && !this.options.has('uids')) return 'U';
    if (vr === 'PN') return 'Z';
    const days = vr === 'DA' || vr === 'DT';
    return days && value.length > 0 && !this.options.has('full-dates') ? 'D' : 'K';
  }

  private removed(): NewElement[] {
    this.counts.removed++;
    return [];
  }

  private sequence(element: ObjectElement, sets: readonly string[], content: boolean): NewElement[] {
    const { tag, items = [] } = element;
    return [{ tag, vr: 'SQ', value: items.map((item) => this.items(item, sets, content)) }];
  }

  private uid({ tag, vr, value }: ObjectElement & { vr: string }): NewElement[] {
    const original = Buffer.from(value).toString('latin1');
    const mapped = original
      .split('\\')
      .map((one) => one.replace(/[\0 ]+/g, ''))
      .map((one) => (one === '' || standardUid.test(one) ? one : this.pseudonyms.uid(one)))
      .join('\\');
    this.counts.mapped++;
    return [{ tag, vr, value: Buffer.from(mapped) }];
  }

  private dummy(
    element: ObjectElement & { vr: string },
    sets: readonly string[],
    content: boolean,
  ): NewElement[] {
    const { tag, vr, items } = element;
    this.counts.replaced++;
    if (tag === '0040a730') return [{ tag, vr: 'SQ', value: [removedContent] }];
    if (tag === '00401101') return [{ tag, vr: 'SQ', value: [removedCode] }];
    if (items) return this.sequence(element, sets, content);
    if (vr === 'UI') return this.uid(element);
    if (element.value.length === 0) return [{ tag, vr, value: element.value }];
    const dummy = dummyOf(tag, vr);
    return [{ tag, vr, value: typeof dummy === 'string' ? Buffer.from(dummy) : dummy }];
  }

  private cleaned(
    element: ObjectElement & { vr: string },
    basic: string,
    sets: readonly string[],
  ): NewElement[] {
    const { tag, vr, value, items } = element;
    if (items) return this.sequence(element, sets, true);
    this.counts.cleaned++;
    if (vr === 'TM' && isTime(value)) return [{ tag, vr, value }];
    if (vr === 'DA' || vr === 'DT') {
      const days = this.pseudonyms.daysBack(this.patientId);
      const shifted = Buffer.from(value)
        .toString('latin1')
        .split('\\')
        .map((one) => shiftDate(one.replace(/[\0 ]+$/g, ''), days));
      // A value that is no date cannot be shifted, and might be anything.
      if (value.length > 0 && shifted.every((one) => one !== undefined))
        return [{ tag, vr, value: Buffer.from(shifted.join('\\')) }];
      return basic.includes('X') ? [] : [{ tag, vr, value: new Uint8Array() }];
    }
    if (!localVrs.has(vr) || vr === 'PN') return basic.includes('X') ? [] : this.dummy(element, sets, false);
    return [this.text(element, sets)];
  }

  /** Text without what identifies, cut to what its VR takes. */
  private text({ tag, vr, value }: ObjectElement & { vr: string }, sets: readonly string[]): NewElement {
    const original = decodeText(value, sets).replace(/\0+$/, '');
    // The same description stands in each item of a sequence.
    const text = this.texts.get(original) ?? deidentify(original, { known: this.names }).text;
    this.texts.set(original, text);
    return { tag, vr, value: this.encode(text.slice(0, maximum[vr] ?? text.length)) };
  }

  /** Kept, unless a text holds what the header says of the patient or of others; in cleaned content every text is read. */
  private kept(
    element: ObjectElement & { vr: string },
    sets: readonly string[],
    content: boolean,
  ): NewElement {
    const { tag, vr, value } = element;
    if (vr === 'UI' && !isUid(value)) return { tag, vr, value: new Uint8Array() };
    if (!localVrs.has(vr) || vr === 'PN') return { tag, vr, value };
    const text = decodeText(value, sets).replace(/\0+$/, '');
    const read = content ? vr !== 'SH' : this.quick?.test(text) && !this.listed(tag);
    if (read) {
      this.counts.cleaned++;
      return this.text(element, sets);
    }
    return { tag, vr, value: isAscii(value) ? value : this.encode(text) };
  }

  /** What an option keeps on purpose is not cleaned of itself. */
  private listed(tag: string): boolean {
    const row = rowOf(tag);
    return row !== undefined && actionOf(tag, row, this.options, false) === 'K';
  }

  private encode(text: string): Uint8Array {
    const bytes = Buffer.from(text, 'utf8');
    this.wide ||= !isAscii(bytes);
    return bytes;
  }
}

/** VRs that decide what is done with a value. */
const decisive = new Set(['PN', 'DA', 'DT', 'TM', 'UI', 'SQ']);

/** The VR that the file states, unless it would have a name, a day, a UID or a text pass for something else. */
function trusted(stated: string | undefined, known: string): string {
  if (stated === undefined || stated === 'UN' || decisive.has(known)) return known;
  return localVrs.has(known) && !localVrs.has(stated) ? known : stated;
}

/** Under the root of the standard itself: a class, a syntax, a well-known object. */
const standardUid = /^1\.2\.840\.10008(?:\.\d+)+$/;
/** One UID or more (PS3.5 9.1), or none. */
const isUid = (bytes: Uint8Array) => /^[\d.\\ \0]*$/.test(Buffer.from(bytes).toString('latin1'));
/** A TM value (PS3.5 6.2), or none. */
const isTime = (bytes: Uint8Array) => /^[\d:.\\ \0]*$/.test(Buffer.from(bytes).toString('latin1'));
const isAscii = (bytes: Uint8Array) => bytes.every((byte) => byte < 0x80 && byte !== 0x1b);

const text = (tag: string, vr: string, value: string): NewElement => ({ tag, vr, value: Buffer.from(value) });

const removedCode: NewElement[] = [
  text('00080100', 'SH', 'REMOVED'),
  text('00080102', 'SH', '99WETREAD'),
  text('00080104', 'LO', 'Removed'),
];

/** The one content item of a report whose content was not to be kept. */
const removedContent: NewElement[] = [
  text('0040a010', 'CS', 'CONTAINS'),
  text('0040a040', 'CS', 'TEXT'),
  {
    tag: '0040a043',
    vr: 'SQ',
    value: [
      [text('00080100', 'SH', '121106'), text('00080102', 'SH', 'DCM'), text('00080104', 'LO', 'Comment')],
    ],
  },
  text('0040a160', 'UT', 'Removed by de-identification.'),
];
