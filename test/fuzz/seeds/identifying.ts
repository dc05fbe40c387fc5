/* DICOM objects full of what a copy must not hold: every attribute that PS3.15 Table E.1-1 lists, and those that are made to harm. */
import { table, vrOf } from '../../../main/deidentify/dicom/profile.js';
import { hostileObjects } from '../../hostile/objects.js';
import {
  type DicomElement,
  type DicomValue,
  type WriteOptions,
  writeDicom,
} from '../../sample/dicom-writer.js';
import { dicomSeeds } from './dicom.js';

const values: Readonly<Record<string, DicomValue>> = {
  AS: '041Y',
  DA: '19700102',
  DS: '1.5',
  DT: '19700102030405',
  IS: '7',
  PN: 'Doe^Jane',
  TM: '030405',
  UI: '1.2.3.4.5.6',
  UR: 'http://doe.example',
  OB: Uint8Array.of(68, 111, 101, 0),
  OW: [1, 2],
  UN: Uint8Array.of(68, 111, 101, 0),
  US: 7,
  SQ: [
    [
      ['00080020', 'DA', '19700102'],
      ['00080090', 'PN', 'Doe^John'],
      ['00081195', 'UI', '1.2.3.4.7'],
      ['00091001', 'LO', 'Doe'],
    ],
  ],
};

/** Names behind what looks like a day or a UID. */
const disguised: typeof values = {
  ...values,
  DA: '19700102Doe',
  DT: '19700102030405Doe',
  TM: '0304Doe',
  UI: '1.2.840.10008.Doe',
};

/** An attribute with a value in which somebody is named. */
function filled(tag: string, by: typeof values): DicomElement {
  const vr = vrOf(tag) ?? 'LO';
  const known = by[vr];
  if (known !== undefined) return [tag, vr, known];
  return /^(?:AE|CS|LO|LT|SH|ST|UC|UT)$/.test(vr) ? [tag, vr, 'Jane Doe'] : [tag, vr, new Uint8Array(8)];
}

const image: readonly DicomElement[] = [
  ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
  ['00280002', 'US', 1],
  ['00280004', 'CS', 'MONOCHROME2'],
  ['00280010', 'US', 3],
  ['00280011', 'US', 4],
  ['00280100', 'US', 16],
  ['00280101', 'US', 12],
  ['00280102', 'US', 11],
  ['00280103', 'US', 0],
  ['7fe00010', 'OW', Array.from({ length: 12 }, (_, n) => n)],
];

const listed = [...table.keys()].filter((tag) => /^(?!0000|0002|0004)[0-9a-f]{8}$/.test(tag));

/** An image with every so-many-th of the attributes listed. */
function listedIn(every: number, from: number, options: WriteOptions = {}, by = values): Uint8Array {
  const elements = new Map(image.map((element) => [element[0], element]));
  for (const [at, tag] of listed.entries())
    if (at % every === from && !elements.has(tag)) elements.set(tag, filled(tag, by));
  return writeDicom(
    [...elements.values()].sort(([a], [b]) => (a < b ? -1 : 1)),
    options,
  );
}

export function identifyingSeeds(): Uint8Array[] {
  const few = 12;
  return [
    ...Array.from({ length: few }, (_, n) => listedIn(few, n)),
    ...Array.from({ length: few }, (_, n) => listedIn(few, n, { transferSyntax: '1.2.840.10008.1.2' })),
    listedIn(3, 1, { transferSyntax: '1.2.840.10008.1.2.2' }),
    listedIn(1, 0),
    ...Array.from({ length: few }, (_, n) => listedIn(few, n, {}, disguised)),
    // Compressed pixels in a syntax that has none.
    writeDicom(image.slice(0, 1), {
      transferSyntax: '1.2.840.10008.1.2.1.99',
      fragments: [new Uint8Array(8)],
    }),
    ...dicomSeeds(),
    ...hostileObjects()
      .map(({ bytes }) => bytes)
      .filter(({ length }) => length <= 1 << 14),
  ];
}
