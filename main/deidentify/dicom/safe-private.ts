import type { ObjectElement } from '../../study/index.js';

/**
 * Private attributes that PS3.15 Table E.3.10-1 thinks safe, those of them that hold numbers or fixed terms: private creator → group and
 * element without its block (`001923` is (0019,xx23)).
 */
const safe: Readonly<Record<string, string>> = {
  'Philips PET Private Group': '705300 705309',
  ELSCINT1: '00e121 00e150 01e126 01f101 01f107 01f126 01f127',
  GEMS_ACQU_01: '001923 001924 001927',
  GEMS_PARM_01: '004327 004339 00436f',
  GEMS_HELIOS_01: '004501 004502',
  GEMS_SERS_01: '002507',
  'GEIIS PACS': '090310 090311 090312',
  'Philips Imaging DD 001': '200103 200104',
  'SIEMENS MR HEADER': '00190c 00190d 00190e 001927',
  'Philips MR Imaging DD 001': '20050d 20050e',
};

const numeric = new Set(['CS', 'DS', 'FD', 'FL', 'IS', 'SH', 'SL', 'SS', 'UL', 'US']);

/** The private elements of a data set that may stay, with the elements that name their creators. */
export function safePrivate(elements: readonly ObjectElement[]): Set<ObjectElement> {
  const creators = new Map<string, { creator: string; element: ObjectElement }>();
  for (const element of elements)
    if (isPrivate(element.tag) && element.tag.slice(4, 6) === '00')
      creators.set(element.tag.slice(0, 4) + element.tag.slice(6), {
        creator: Buffer.from(element.value)
          .toString('latin1')
          .replace(/[\0 ]+$/g, ''),
        element,
      });
  const kept = new Set<ObjectElement>();
  for (const element of elements) {
    if (!isPrivate(element.tag) || element.tag.slice(4, 6) === '00' || element.items) continue;
    const owner = creators.get(element.tag.slice(0, 6));
    const known = owner && safe[owner.creator]?.split(' ');
    if (!owner || !known?.includes(element.tag.slice(0, 4) + element.tag.slice(6))) continue;
    // A value that is not of the kind the standard names is not what the standard thought safe.
    if (element.vr !== undefined && !numeric.has(element.vr)) continue;
    kept.add(element).add(owner.element);
  }
  return kept;
}

export function isPrivate(tag: string): boolean {
  return Number.parseInt(tag.slice(3, 4), 16) % 2 === 1;
}
