import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStructuredReportFile } from '../../../main/import/read-structured-report.js';
import type { Read } from '../../../main/import/record.js';
import { dispose, readStructuredReport } from '../../../main/study/index.js';
import { type DicomElement, type Item, writeDicom } from '../../sample/dicom-writer.js';

const code = (value: string, meaning: string, scheme = 'DCM'): Item => [
  ['00080100', 'SH', value],
  ['00080102', 'SH', scheme],
  ['00080104', 'LO', meaning],
];

interface Content {
  relation?: string;
  type: string;
  concept?: Item;
  own?: DicomElement[];
  children?: Item[];
}

/** A content item, its elements in ascending order of tags. */
const item = ({ relation = 'CONTAINS', type, concept, own = [], children = [] }: Content): Item =>
  (
    [
      ['0040a010', 'CS', relation],
      ['0040a040', 'CS', type],
      ...(concept ? [['0040a043', 'SQ', [concept]] as DicomElement] : []),
      ...own,
      ...(children.length > 0 ? [['0040a730', 'SQ', children] as DicomElement] : []),
    ] satisfies DicomElement[]
  ).sort(([a], [b]) => a.localeCompare(b));

const container = (concept: Item, children: Item[]) => item({ type: 'CONTAINER', concept, children });
const text = (concept: Item, words: string) =>
  item({ type: 'TEXT', concept, own: [['0040a160', 'UT', words]] });
const measure = (concept: Item, value: string, unit: Item) =>
  item({
    type: 'NUM',
    concept,
    own: [
      [
        '0040a300',
        'SQ',
        [
          [
            ['004008ea', 'SQ', [unit]],
            ['0040a30a', 'DS', value],
          ],
        ],
      ],
    ],
  });
const person = (concept: Item, name: string) =>
  item({ relation: 'HAS OBS CONTEXT', type: 'PNAME', concept, own: [['0040a123', 'PN', name]] });

const reportOf = (content: Item[], extra: DicomElement[] = []): DicomElement[] =>
  (
    [
      ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.88.33'],
      ['00080018', 'UI', '2.25.77'],
      ['00080020', 'DA', '20190314'],
      ['00080050', 'SH', 'ACC-0042'],
      ['00080060', 'CS', 'SR'],
      ['00080080', 'LO', 'Hollis Regional Hospital'],
      ['00080090', 'PN', 'Larsen^Ingrid'],
      ['00100010', 'PN', 'Doe^Jane'],
      ['00100020', 'LO', 'MRN-778812'],
      ['00100030', 'DA', '19610401'],
      ['00100040', 'CS', 'F'],
      ['0020000d', 'UI', '2.25.7'],
      ['0040a040', 'CS', 'CONTAINER'],
      ['0040a043', 'SQ', [code('126000', 'Imaging Report')]],
      ['0040a730', 'SQ', content],
      ...extra,
    ] satisfies DicomElement[]
  ).sort(([a], [b]) => a.localeCompare(b));

const findings = code('121070', 'Findings');
const finding = code('121071', 'Finding');
const ctImage: Item = [
  ['00081150', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
  ['00081155', 'UI', '2.25.501'],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sr-'));
});
afterAll(async () => {
  await dispose();
  await rm(folder, { recursive: true });
});

let count = 0;
async function write(bytes: Uint8Array): Promise<string> {
  const file = join(folder, `${++count}.dcm`);
  await writeFile(file, bytes);
  return file;
}
const read = async (elements: DicomElement[], transferSyntax?: string) =>
  readStructuredReport(await write(writeDicom(elements, { transferSyntax })));

const whole = reportOf([
  item({
    relation: 'HAS CONCEPT MOD',
    type: 'CODE',
    concept: code('121058', 'Procedure reported'),
    own: [['0040a168', 'SQ', [code('24627-2', 'CT Chest', 'LN')]]],
  }),
  person(code('121008', 'Person Observer Name'), 'Okafor^Samuel'),
  container(code('121060', 'History'), [text(code('121060', 'History'), 'Cough for three weeks.')]),
  container(findings, [
    text(finding, 'A nodule in the left lower lobe.\r\nNo effusion.'),
    measure(code('103339001', 'Long axis', 'SCT'), '12.5', code('mm', 'millimeter', 'UCUM')),
    container(code('45048000', 'Neck', 'SCT'), [text(code('121071', 'Thyroid size'), 'Normal.')]),
    item({ type: 'IMAGE', own: [['00081199', 'SQ', [ctImage]]] }),
  ]),
  container(code('121072', 'Impressions'), [
    item({
      type: 'CODE',
      concept: code('121073', 'Impression'),
      own: [['0040a168', 'SQ', [code('427359005', 'Solitary nodule of lung', 'SCT')]]],
    }),
  ]),
]);

describe('a structured report', () => {
  it.each([
    ['explicit little endian', undefined],
    ['implicit little endian', '1.2.840.10008.1.2'],
    ['explicit big endian', '1.2.840.10008.1.2.2'],
    ['deflated', '1.2.840.10008.1.2.1.99'],
  ])('becomes titled passages (%s)', async (_, transferSyntax) => {
    const report = await read(whole, transferSyntax);
    expect(report).toMatchObject({
      uid: '2.25.77',
      studyUid: '2.25.7',
      title: 'Imaging Report',
      procedure: 'CT Chest',
      modality: 'CT',
      patient: { sex: 'F', ageYears: 57 },
      images: ['2.25.501'],
    });
    expect(report.sections).toEqual([
      { kind: 'history', text: 'Cough for three weeks.' },
      {
        kind: 'findings',
        text: 'A nodule in the left lower lobe.\nNo effusion.\nLong axis: 12.5 mm\nNeck:\nNormal.',
      },
      { kind: 'impression', text: 'Solitary nodule of lung' },
    ]);
  });

  it('tells what identifies people and keeps observers out of the text', async () => {
    const report = await read(whole);
    for (const known of [
      'Doe^Jane',
      'MRN-778812',
      'ACC-0042',
      'Larsen^Ingrid',
      'Okafor^Samuel',
      'Hollis Regional Hospital',
    ])
      expect(report.known).toContain(known);
    expect(JSON.stringify(report.sections)).not.toMatch(/Okafor|Doe/);
  });

  it('leaves markup as the text it is', async () => {
    const words = '<script>alert(1)</script> lungs & heart';
    const { sections } = await read(reportOf([container(findings, [text(finding, words)])]));
    expect(sections).toEqual([{ kind: 'findings', text: words }]);
  });

  it('is read 40 levels deep, and refused beyond 64', async () => {
    const nested = (depth: number): Item =>
      depth === 0 ? text(finding, 'Deep.') : container(findings, [nested(depth - 1)]);
    await expect(read(reportOf([nested(40)]))).resolves.toMatchObject({
      sections: [{ kind: 'findings', text: 'Deep.' }],
    });
    await expect(read(reportOf([nested(80)]))).rejects.toMatchObject({ code: 'limit-exceeded' });
  });

  it('refuses what is none', async () => {
    const image = whole.filter(([tag]) => tag !== '0040a730');
    await expect(read(image)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(
      readStructuredReport(await write(Buffer.from('no DICOM at all, plain text'))),
    ).rejects.toMatchObject({
      code: 'not-dicom',
    });
    const bytes = writeDicom(whole);
    await expect(
      readStructuredReport(await write(bytes.subarray(0, bytes.length - 150))),
    ).rejects.toMatchObject({
      code: 'damaged-file',
    });
  });
});

async function readAll(reads: AsyncGenerator<Read>): Promise<Read[]> {
  const all: Read[] = [];
  for await (const one of reads) all.push(one);
  return all;
}

describe('the reader of the import', () => {
  it('makes a record of it', async () => {
    const file = await write(writeDicom(whole));
    const [read] = await readAll(readStructuredReportFile(file));
    expect(read).toMatchObject({
      record: { file, key: '', topic: 'report', title: 'CT Chest', modality: 'CT', sex: 'F', ageYears: 57 },
    });
  });

  it('tells what it cannot read', async () => {
    const file = await write(Buffer.from('nothing'));
    expect(await readAll(readStructuredReportFile(file))).toMatchObject([
      { problem: { file, code: 'not-dicom' } },
    ]);
  });

  it('stops when told to', async () => {
    const file = await write(writeDicom(whole));
    await expect(readAll(readStructuredReportFile(file, { signal: AbortSignal.abort() }))).rejects.toThrow();
  });
});
