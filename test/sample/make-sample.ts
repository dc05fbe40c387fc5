/* Makes the bundled sample: a synthetic chest in two views, as a DICOM study. `npm run sample`; the result is committed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DicomElement, writeDicom } from './dicom-writer.js';
import { buildChest, withArms } from './phantom.js';
import { type Radiograph, spacingMm, takeRadiograph } from './radiograph.js';

const folder = fileURLToPath(new URL('./study/', import.meta.url));
const root = '2.25.301498272215340879320987114203665512';
const deflated = '1.2.840.10008.1.2.1.99';

interface View {
  file: string;
  number: number;
  position: 'PA' | 'LL';
  description: string;
  orientation: string;
  code: readonly [value: string, meaning: string];
}

const views: readonly View[] = [
  {
    file: 'chest-pa.dcm',
    number: 1,
    position: 'PA',
    description: 'Chest PA',
    orientation: 'L\\F',
    code: ['399348003', 'postero-anterior'],
  },
  {
    file: 'chest-lateral.dcm',
    number: 2,
    position: 'LL',
    description: 'Chest lateral',
    orientation: 'P\\F',
    code: ['399173006', 'left lateral'],
  },
];

function elementsOf(view: View, { rows, columns, pixels }: Radiograph): DicomElement[] {
  return [
    ['00080005', 'CS', 'ISO_IR 192'],
    ['00080008', 'CS', 'DERIVED\\PRIMARY'],
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.1.1'],
    ['00080018', 'UI', `${root}.1.${view.number}.1`],
    ['00080020', 'DA', '20240229'],
    ['00080021', 'DA', '20240229'],
    ['00080022', 'DA', '20240229'],
    ['00080023', 'DA', '20240229'],
    ['00080030', 'TM', '101500'],
    ['00080033', 'TM', view.number === 1 ? '101512' : '101705'],
    ['00080050', 'SH', 'SAMPLE-0001'],
    ['00080060', 'CS', 'DX'],
    ['00080068', 'CS', 'FOR PRESENTATION'],
    ['00080070', 'LO', 'Wetread'],
    ['00080080', 'LO', 'Synthetic Hospital'],
    ['00080090', 'PN', 'Referrer^Synthetic'],
    ['00081030', 'LO', 'Chest, two views (synthetic)'],
    ['0008103E', 'LO', view.description],
    ['00100010', 'PN', 'Sample^Synthetic'],
    ['00100020', 'LO', 'WETREAD-SAMPLE'],
    ['00100030', 'DA', '19560714'],
    ['00100040', 'CS', 'F'],
    ['00101010', 'AS', '067Y'],
    ['00104000', 'LT', 'Drawn by a program. No patient was imaged.'],
    ['00180015', 'CS', 'CHEST'],
    ['00181164', 'DS', [spacingMm, spacingMm]],
    ['00185101', 'CS', view.position],
    ['0020000D', 'UI', `${root}.1`],
    ['0020000E', 'UI', `${root}.1.${view.number}`],
    ['00200010', 'SH', 'SAMPLE-0001'],
    ['00200011', 'IS', String(view.number)],
    ['00200013', 'IS', '1'],
    ['00200020', 'CS', view.orientation],
    ['00200062', 'CS', 'U'],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', rows],
    ['00280011', 'US', columns],
    ['00280100', 'US', 16],
    ['00280101', 'US', 12],
    ['00280102', 'US', 11],
    ['00280103', 'US', 0],
    ['00281040', 'CS', 'LOG'],
    ['00281041', 'SS', 1],
    ['00281050', 'DS', '2048'],
    ['00281051', 'DS', '4096'],
    ['00281052', 'DS', '0'],
    ['00281053', 'DS', '1'],
    ['00281054', 'LO', 'US'],
    ['00282110', 'CS', '00'],
    ['00401002', 'LO', 'Shortness of breath'],
    [
      '00540220',
      'SQ',
      [
        [
          ['00080100', 'SH', view.code[0]],
          ['00080102', 'SH', 'SCT'],
          ['00080104', 'LO', view.code[1]],
        ],
      ],
    ],
    ['20500020', 'CS', 'IDENTITY'],
    ['7FE00010', 'OW', new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength)],
  ];
}

mkdirSync(folder, { recursive: true });
const chest = buildChest();
for (const view of views) {
  const image = takeRadiograph(
    withArms(chest, view.position === 'PA' ? 'down' : 'raised'),
    view.position,
    1024,
    896,
    100 + view.number,
  );
  const bytes = writeDicom(elementsOf(view, image), { transferSyntax: deflated });
  writeFileSync(`${folder}${view.file}`, bytes);
  process.stdout.write(`${view.file}: ${image.columns} × ${image.rows}, ${bytes.length} bytes\n`);
}
