/* A patient whose every text is a mark that stands nowhere else, for following where patient data goes. */
import { fileURLToPath } from 'node:url';
import { valueRepresentations } from '../../main/deidentify/dicom/value-representations.js';
import { openObject } from '../../main/study/index.js';
import type { DicomElement } from './dicom-writer.js';

/** Marks of ten letters that no word holds. */
export const marks = {
  attribute: 'Qzvxattrib',
  name: 'Qzvxsurnam',
  id: 'Qzvxnumber',
  folder: 'Qzvxfolder',
  file: 'Qzvxfilena',
  text: 'Qzvxsenten',
} as const;

const asText = new Set(['AE', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

/** The frontal image of the bundled sample, in which every attribute of the standard that holds free text holds a mark. */
export async function markedStudy(): Promise<DicomElement[]> {
  const sample = await openObject(fileURLToPath(new URL('./study/chest-pa.dcm', import.meta.url)));
  const elements = new Map<string, DicomElement>();
  for (const { tag, vr = 'UN', value, items } of sample.elements)
    if (!items) elements.set(tag, [tag, vr, value]);
  for (const [vr, groups] of Object.entries(valueRepresentations)) {
    if (!asText.has(vr)) continue;
    for (const one of groups.split(',')) {
      const [group = '', ...numbers] = one.split(' ');
      // Commands, meta group and directories are no part of images.
      if (/^(0000|0002|0004|fffe|60)/.test(group)) continue;
      for (const number of numbers) elements.set(group + number, [group + number, vr, marks.attribute]);
    }
  }
  const own: DicomElement[] = [
    ['00080018', 'UI', '1.2.826.0.1.3680043.8.498.7171.1'],
    ['0020000d', 'UI', '1.2.826.0.1.3680043.8.498.7171.2'],
    ['0020000e', 'UI', '1.2.826.0.1.3680043.8.498.7171.3'],
    ['00100010', 'PN', `${marks.name}^Ilse`],
    ['00100020', 'LO', marks.id],
    ['00090010', 'LO', marks.attribute],
    ['00091010', 'LO', marks.attribute],
    ['7fe00010', 'OW', Buffer.concat([...sample.pixelPieces()])],
  ];
  sample.close();
  for (const element of own) elements.set(element[0], element);
  return [...elements.values()].sort(([a], [b]) => (a < b ? -1 : 1));
}
