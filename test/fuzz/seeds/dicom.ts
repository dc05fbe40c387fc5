/* DICOM objects to begin with, one for each way that the reader goes. */
import { type DicomElement, type WriteOptions, writeDicom } from '../../sample/dicom-writer.js';
import { object, rleFrame } from '../../unit/study/objects.js';

const grey = (rows: number, columns: number): number[] =>
  Array.from({ length: rows * columns }, (_, i) => (i * 37) % 4096);

/** Elements that `object` has no value representation for. */
function objectWith(more: readonly DicomElement[], options: WriteOptions = {}): Buffer {
  const base: DicomElement[] = [
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    ['00080018', 'UI', '1.2.3.4.1'],
    ['00080060', 'CS', 'CT'],
    ['0020000D', 'UI', '1.2.3.4'],
    ['0020000E', 'UI', '1.2.3.4.5'],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', 3],
    ['00280011', 'US', 4],
    ['00280100', 'US', 16],
    ['00280101', 'US', 12],
    ['00280102', 'US', 11],
    ['00280103', 'US', 0],
    ['7FE00010', 'OW', grey(3, 4)],
  ];
  const tags = new Set(more.map(([tag]) => tag));
  const all = [...base.filter(([tag]) => !tags.has(tag)), ...more];
  return writeDicom(
    all.filter(([tag]) => !(options.fragments && tag === '7FE00010')).sort(([a], [b]) => (a < b ? -1 : 1)),
    options,
  );
}

export function dicomSeeds(): Uint8Array[] {
  const plane = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
  const deflated = '1.2.840.10008.1.2.1.99';
  return [
    object(),
    object({}, { transferSyntax: '1.2.840.10008.1.2' }),
    object({}, { transferSyntax: '1.2.840.10008.1.2.2' }),
    object({}, { transferSyntax: deflated }),
    object({}, { preamble: false }),
    object({}, { preamble: false, meta: false }),
    object({}, { preamble: false, meta: false, transferSyntax: '1.2.840.10008.1.2' }),
    object({
      '00280008': '2',
      '00280103': 1,
      '7FE00010': grey(6, 4),
      '00281050': '40\\80',
      '00281051': '400\\800',
    }),
    object({ '00280004': 'MONOCHROME1', '00280120': 100, '00281052': '-1024', '00281053': '2.5' }),
    object({
      '00280002': 3,
      '00280004': 'RGB',
      '00280006': 1,
      '00280100': 8,
      '00280101': 8,
      '00280102': 7,
      '7FE00010': grey(6, 3),
    }),
    object({
      '00280002': 3,
      '00280004': 'YBR_FULL_422',
      '00280100': 8,
      '00280101': 8,
      '00280102': 7,
      '7FE00010': grey(4, 3),
    }),
    object({
      '00280004': 'PALETTE COLOR',
      '00280100': 8,
      '00280101': 8,
      '00280102': 7,
      '00281101': [16, 0, 16],
      '00281102': [16, 0, 16],
      '00281103': [16, 0, 16],
      '00281201': grey(4, 4),
      '00281202': grey(4, 4),
      '00281203': grey(4, 4),
      '7FE00010': [0x0100, 0x0302, 0x0504, 0x0706, 0x0908, 0x0b0a],
    }),
    objectWith([
      ['00280004', 'CS', 'PALETTE COLOR'],
      ...['00281101', '00281102', '00281103'].map((tag): DicomElement => [tag, 'US', [16, 0, 16]]),
      ...['00281221', '00281222', '00281223'].map(
        (tag): DicomElement => [tag, 'OW', [0, 2, 5, 900, 1, 6, 4000, 2, 2, 0, 0]],
      ),
    ]),
    object({
      '60000010': 3,
      '60000011': 4,
      '60000050': [1, 1],
      '60000100': 1,
      '60000102': 0,
      '60003000': [0x0f0f, 0],
    }),
    object({ '00280100': 1, '00280101': 1, '00280102': 0, '7FE00010': [0x0a5a] }),
    objectWith([
      ['00080005', 'CS', '\\ISO 2022 IR 87'],
      ['00100010', 'PN', 'Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B'],
      ['00100030', 'DA', '19700102'],
      ['00080020', 'DA', '20260101'],
      ['00101010', 'AS', '056Y'],
    ]),
    objectWith([
      ['00280030', 'DS', '0.5\\0.5'],
      [
        '00283000',
        'SQ',
        [
          [
            ['00283002', 'US', [12, 0, 16]],
            ['00283006', 'OW', grey(3, 4)],
          ],
        ],
      ],
      [
        '00283010',
        'SQ',
        [
          [
            ['00283002', 'US', [12, 0, 16]],
            ['00283006', 'OW', grey(3, 4)],
          ],
        ],
      ],
    ]),
    objectWith([
      ['00280008', 'IS', '2'],
      [
        '52009229',
        'SQ',
        [
          [
            ['00289110', 'SQ', [[['00280030', 'DS', '0.5\\0.5']]]],
            ['00209116', 'SQ', [[['00200037', 'DS', '1\\0\\0\\0\\1\\0']]]],
          ],
        ],
      ],
      [
        '52009230',
        'SQ',
        [
          [['00209113', 'SQ', [[['00200032', 'DS', '0\\0\\1']]]]],
          [
            [
              '00289145',
              'SQ',
              [
                [
                  ['00281052', 'DS', '-3'],
                  ['00281053', 'DS', '2'],
                ],
              ],
            ],
          ],
        ],
      ],
      ['7FE00010', 'OW', grey(6, 4)],
    ]),
    objectWith([['7FE00008', 'OF', grey(3, 4)]]),
    objectWith([['7FE00009', 'OD', grey(3, 4)]]),
    object(
      { '00280100': 8, '00280101': 8, '00280102': 7, '7FE00010': undefined },
      { transferSyntax: '1.2.840.10008.1.2.5', fragments: [rleFrame([plane])] },
    ),
    object(
      { '00280008': '2', '00280100': 8, '00280101': 8, '00280102': 7, '7FE00010': undefined },
      {
        transferSyntax: '1.2.840.10008.1.2.5',
        fragments: [rleFrame([plane]), rleFrame([plane])],
        offsets: [0, 86],
      },
    ),
    objectWith([
      [
        '00041220',
        'SQ',
        [
          [
            ['00041430', 'CS', 'IMAGE'],
            ['00041500', 'CS', 'A\\B\\C'],
          ],
          [
            ['00041430', 'CS', 'IMAGE'],
            ['00041500', 'CS', '..\\X'],
          ],
        ],
      ],
    ]),
    objectWith([
      ['00091001', 'UN', Uint8Array.of(1, 2, 3, 4)],
      ['00091002', 'SQ', [[['00091003', 'LT', 'private']]]],
      ['00082218', 'SQ', [[['00080100', 'SH', 'T-D3000']]]],
    ]),
  ];
}
