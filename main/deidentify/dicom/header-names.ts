import { decodeText, type ObjectElement } from '../../study/index.js';
import { vrOf } from './profile.js';

/** Attributes that name or number somebody, besides all of VR PN. */
const identifying = new Set(
  '00080050 00080080 00080081 00080092 00080094 00081010 00081040 00100020 00100021 00101000 00101001 00101040 00101090 00102154 00102155 00102299 00120040 00200010 00321033 00380010 00380060 00380300 00400012 00401001 00402016 00402017 0040a027 0040a075 0040a123 00400512 00400551 00401103 00401104'.split(
    ' ',
  ),
);

/**
 * What a data set's own attributes say of people, their numbers and places, wherever they stand in it: the words that the text rules look
 * for in all other text.
 */
export function namesOf(
  elements: readonly ObjectElement[],
  sets: readonly string[] = characterSets(elements, []),
): string[] {
  const names = new Set<string>();
  const visit = (items: readonly ObjectElement[]) => {
    for (const { tag, vr = vrOf(tag), value, items: nested } of items) {
      for (const item of nested ?? []) visit(item);
      if (vr !== 'PN' && !identifying.has(tag)) continue;
      for (const one of decodeText(value, sets).split(/[\\=]/)) {
        const name = one.replace(/\0/g, '').trim();
        if (name.replace(/[\^\s]/g, '').length > 1) names.add(name);
      }
    }
  };
  visit(elements);
  return [...names];
}

/** The terms of (0008,0005) of a data set, or those of the one it stands in. */
export function characterSets(
  elements: readonly ObjectElement[],
  inherited: readonly string[],
): readonly string[] {
  const own = elements.find(({ tag }) => tag === '00080005');
  const terms = own
    ? Buffer.from(own.value)
        .toString('latin1')
        .split('\\')
        .map((term) => term.replace(/\0/g, '').trim())
    : [];
  return terms.some(Boolean) ? terms : inherited;
}
