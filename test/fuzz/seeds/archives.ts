/* ZIPs, DICOMDIRs and structured reports to begin with. */
import { deflateRawSync } from 'node:zlib';
import { type DicomElement, type Item, writeDicom } from '../../sample/dicom-writer.js';
import { object, zip } from '../../unit/study/objects.js';
import { put } from '../mutate.js';

/** A ZIP whose members are deflated. */
function deflatedZip(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const packed = Object.fromEntries(
    Object.entries(members).map(([name, bytes]) => [name, deflateRawSync(bytes, { level: 9 })]),
  );
  const out = zip(packed);
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  const sizes = new Map(Object.entries(members).map(([name, bytes]) => [name, bytes.length]));
  for (let at = 0; at + 46 < out.length; at++) {
    const central = view.getUint32(at, true) === 0x02014b50;
    if (!central && view.getUint32(at, true) !== 0x04034b50) continue;
    const method = at + (central ? 10 : 8);
    const nameAt = at + (central ? 46 : 30);
    const name = out.toString('utf8', nameAt, nameAt + view.getUint16(method + 18, true));
    put(out, method, 2, 8, true);
    put(out, method + 14, 4, sizes.get(name) ?? 0, true);
  }
  return out;
}

export const zips = (): Uint8Array[] => [
  zip({ 'a.dcm': object(), 'folder/b.txt': Buffer.from('text') }),
  deflatedZip({ 'a.dcm': object(), 'b.dcm': object({}, { transferSyntax: '1.2.840.10008.1.2' }) }),
  deflatedZip({ 'zeros.dcm': new Uint8Array(100_000) }),
  zip({}),
  zip({ '__MACOSX/x': Uint8Array.of(1), 'inner.zip': zip({ a: Uint8Array.of(1) }) }),
];

const record = (kind: string, path: string): Item => [
  ['00041400', 'UL', 0],
  ['00041410', 'US', 0xffff],
  ['00041420', 'UL', 0],
  ['00041430', 'CS', kind],
  ['00041500', 'CS', path],
  ['00041510', 'UI', '1.2.840.10008.5.1.4.1.1.7'],
];

const directory = (items: Item[], transferSyntax?: string): Buffer =>
  writeDicom(
    [
      ['00080016', 'UI', '1.2.840.10008.1.3.10'],
      ['00041130', 'CS', 'MEDIA'],
      ['00041200', 'UL', 400],
      ['00041202', 'UL', 400],
      ['00041212', 'US', 0],
      ['00041220', 'SQ', items],
    ],
    transferSyntax === undefined ? {} : { transferSyntax },
  );

export const dicomdirs = (): Uint8Array[] => [
  directory([record('IMAGE', 'A\\B\\C'), record('IMAGE', 'a\\image'), record('IMAGE', 'X')]),
  directory([record('IMAGE', '..\\SECRET'), record('IMAGE', 'OUT\\SECRET'), record('IMAGE', 'MISSING')]),
  directory([record('PATIENT', ''), record('IMAGE', 'A\\B\\C')], '1.2.840.10008.1.2'),
];

const code = (value: string, meaning: string): Item => [
  ['00080100', 'SH', value],
  ['00080102', 'SH', 'DCM'],
  ['00080104', 'LO', meaning],
];

const content = (relation: string, type: string, concept: Item, own: DicomElement[] = []): Item =>
  (
    [
      ['0040a010', 'CS', relation],
      ['0040a040', 'CS', type],
      ['0040a043', 'SQ', [concept]],
      ...own,
    ] satisfies DicomElement[]
  ).sort(([a], [b]) => a.localeCompare(b));

export function structuredReports(): Uint8Array[] {
  const items: Item[] = [
    content('HAS OBS CONTEXT', 'PNAME', code('121008', 'Person Observer Name'), [
      ['0040a123', 'PN', 'Example^Karl'],
    ]),
    content('HAS CONCEPT MOD', 'CODE', code('121058', 'Procedure reported'), [
      ['0040a168', 'SQ', [code('36643-5', 'XR Chest')]],
    ]),
    content('CONTAINS', 'CONTAINER', code('121070', 'Findings'), [
      [
        '0040a730',
        'SQ',
        [
          content('CONTAINS', 'TEXT', code('121071', 'Finding'), [['0040a160', 'UT', 'Clear lungs.']]),
          content('CONTAINS', 'NUM', code('103339001', 'Diameter'), [
            [
              '0040a300',
              'SQ',
              [
                [
                  ['004008ea', 'SQ', [code('mm', 'millimeter')]],
                  ['0040a30a', 'DS', '12'],
                ],
              ],
            ],
          ]),
          content('CONTAINS', 'IMAGE', code('121191', 'Image'), [
            [
              '00081199',
              'SQ',
              [
                [
                  ['00081150', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
                  ['00081155', 'UI', '1.2.3'],
                ],
              ],
            ],
          ]),
        ],
      ],
    ]),
  ];
  const elements: DicomElement[] = [
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.88.22'],
    ['00080018', 'UI', '1.2.3.9'],
    ['00080060', 'CS', 'SR'],
    ['00080090', 'PN', 'Example^Rita'],
    ['00100010', 'PN', 'Example^Anna'],
    ['0020000D', 'UI', '1.2.3'],
    ['0040A040', 'CS', 'CONTAINER'],
    ['0040A043', 'SQ', [code('126000', 'Imaging Measurement Report')]],
    ['0040A730', 'SQ', items],
  ];
  return ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1.99'].map(
    (transferSyntax) => writeDicom(elements, { transferSyntax }),
  );
}
