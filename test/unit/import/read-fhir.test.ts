import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlText } from '../../../main/import/html-text.js';
import { readFhir } from '../../../main/import/read-fhir.js';
import type { ImportRecord, Read } from '../../../main/import/record.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fhir-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function readAll(file: string, signal?: AbortSignal): Promise<Read[]> {
  const all: Read[] = [];
  for await (const one of readFhir(file, { signal })) all.push(one);
  return all;
}

let count = 0;
async function write(content: unknown, name = `${++count}.json`): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

async function recordOf(content: unknown): Promise<ImportRecord> {
  const reads = await readAll(await write(content));
  expect(reads).toHaveLength(1);
  const [read] = reads;
  if (!read || !('record' in read)) throw new Error(JSON.stringify(read));
  return read.record;
}

const form = (contentType: string, words: string | Uint8Array) => ({
  contentType,
  data: Buffer.from(words as string).toString('base64'),
});
const patient = {
  resourceType: 'Patient',
  id: 'p1',
  name: [{ family: 'Doe', given: ['Jane', 'Q'] }],
  identifier: [{ value: 'MRN-778812' }],
  telecom: [{ value: '555-234-5678' }],
  birthDate: '1961-04-01',
  gender: 'female',
};
const study = {
  resourceType: 'ImagingStudy',
  id: 's1',
  identifier: [{ value: 'ACC-0042' }],
  modality: [{ code: 'CT' }],
  series: [{ bodySite: { display: 'Chest' } }],
};
const observation = {
  resourceType: 'Observation',
  id: 'o1',
  code: { text: 'Nodule diameter' },
  valueQuantity: { value: 12.5, unit: 'mm' },
};
const report = {
  resourceType: 'DiagnosticReport',
  id: 'r1',
  status: 'final',
  code: { text: 'CT of the chest', coding: [{ system: 'http://loinc.org', code: '24627-2' }] },
  subject: { reference: 'Patient/p1' },
  effectiveDateTime: '2019-03-14T10:22:00Z',
  imagingStudy: [{ reference: 'ImagingStudy/s1' }],
  result: [{ reference: 'Observation/o1' }],
  resultsInterpreter: [{ display: 'Okafor, Samuel' }],
  conclusion: 'Solitary nodule.',
  conclusionCode: [{ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'R91.1' }] }],
  presentedForm: [
    form('text/plain', 'FINDINGS: A nodule in the left lower lobe.\r\nIMPRESSION: Solitary nodule.'),
  ],
};
const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    { fullUrl: 'https://example.org/fhir/DiagnosticReport/r1', resource: report },
    { fullUrl: 'urn:uuid:1', resource: patient },
    { resource: study },
    { resource: observation },
  ],
};

describe('a bundle', () => {
  it('gives the report with what the others tell of it', async () => {
    const record = await recordOf(bundle);
    expect(record).toMatchObject({
      key: 'r1',
      topic: 'report',
      title: 'CT of the chest',
      modality: 'CT',
      ageYears: 57,
      sex: 'F',
      codes: ['ICD-10:R91.1', 'LOINC:24627-2'],
    });
    expect(record.bodyRegion).toContain('Chest');
    expect(record.sections).toEqual([
      { kind: 'findings', text: 'A nodule in the left lower lobe.' },
      { kind: 'impression', text: 'Solitary nodule.' },
      { kind: 'findings', text: 'Nodule diameter: 12.5 mm' },
    ]);
    for (const known of ['Doe^Jane Q', 'MRN-778812', '555-234-5678', 'ACC-0042', 'Okafor, Samuel'])
      expect(record.known).toContain(known);
  });

  it('resolves urn:uuid and absolute references', async () => {
    const refer = (reference: string) =>
      recordOf({
        ...bundle,
        entry: [{ resource: { ...report, subject: { reference } } }, ...bundle.entry.slice(1)],
      });
    expect((await refer('urn:uuid:1')).sex).toBe('F');
    expect((await refer('https://example.org/fhir/Patient/p1/_history/2')).sex).toBe('F');
    expect((await refer('Patient/other')).sex).toBeUndefined();
  });
});

describe('a single report', () => {
  it('reads contained resources', async () => {
    const record = await recordOf({
      ...report,
      subject: { reference: '#p1' },
      contained: [patient],
    });
    expect(record).toMatchObject({ sex: 'F', ageYears: 57 });
    expect(record.known).toContain('Doe^Jane Q');
  });

  it('reads HTML as words', async () => {
    const html =
      '<html><head><title>x</title><style>p{}</style></head><body><p>FINDINGS: Clear &amp; <b>normal</b> lungs.</p><script>alert("x")</script><p>IMPRESSION: 3 &lt; 4 cm</p></body></html>';
    const record = await recordOf({
      ...report,
      conclusion: undefined,
      result: [],
      presentedForm: [form('text/html; charset=utf-8', html)],
    });
    expect(record.sections).toEqual([
      { kind: 'findings', text: 'Clear & normal lungs.' },
      { kind: 'impression', text: '3 < 4 cm' },
    ]);
  });

  it('falls back on the narrative, then on conclusion and codes', async () => {
    const bare = { ...report, presentedForm: undefined, result: undefined };
    const text = {
      status: 'generated',
      div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>Findings:</p><p>Clear.</p></div>',
    };
    expect((await recordOf({ ...bare, text, conclusion: undefined })).sections).toEqual([
      { kind: 'findings', text: 'Clear.' },
    ]);
    expect((await recordOf(bare)).sections).toEqual([{ kind: 'impression', text: 'Solitary nodule.' }]);
    const coded = { ...bare, conclusion: undefined, conclusionCode: [{ text: 'Emphysema' }] };
    expect((await recordOf(coded)).sections).toEqual([{ kind: 'impression', text: 'Emphysema' }]);
  });

  it('takes wrong types for absent', async () => {
    const record = await recordOf({
      ...report,
      subject: 7,
      result: 'x',
      code: [],
      contained: {},
      issued: null,
    });
    expect(record.sections[0]?.kind).toBe('findings');
    expect(record.title).toBeUndefined();
  });

  it('says why it gives nothing', async () => {
    const pdf = await readAll(
      await write({ resourceType: 'DiagnosticReport', presentedForm: [form('application/pdf', '%PDF-1.4')] }),
    );
    expect(pdf).toMatchObject([{ problem: { code: 'bad-input', message: expect.stringContaining('PDF') } }]);
    expect(await readAll(await write(patient))).toMatchObject([{ problem: { code: 'bad-input' } }]);
    expect(await readAll(await write('{"resourceType": "Diag'))).toMatchObject([
      { problem: { code: 'damaged-file' } },
    ]);
    expect(await readAll(join(folder, 'gone.json'))).toMatchObject([{ problem: { code: 'not-found' } }]);
    expect(await readAll(await write(`${'[{"a":'.repeat(50_000)}1`))).toMatchObject([
      { problem: { code: 'damaged-file' } },
    ]);
  });
});

describe('a bulk export', () => {
  it('is read line by line, with the files of patients beside it', async () => {
    await write(`${JSON.stringify(patient)}\n`, 'Patient.ndjson');
    const lines = [
      JSON.stringify({ ...report, id: 'a' }),
      'not JSON',
      JSON.stringify(observation),
      JSON.stringify({ ...report, id: 'b', subject: { reference: 'Patient/other' } }),
      JSON.stringify(bundle),
    ];
    const reads = await readAll(await write(lines.join('\n'), 'DiagnosticReport.ndjson'));
    expect(reads).toMatchObject([
      { record: { key: 'a', sex: 'F', ageYears: 57 } },
      { problem: { code: 'damaged-file', message: expect.stringContaining('Line 2') } },
      { record: { key: 'b' } },
      { record: { key: 'r1', sex: 'F' } },
    ]);
    expect(reads[0]).toMatchObject({
      record: { sections: expect.arrayContaining([{ kind: 'findings', text: 'Nodule diameter: 12.5 mm' }]) },
    });
  });

  it('keeps the file of patients silent, and stops when told to', async () => {
    const file = await write(`${JSON.stringify(patient)}\n`, 'Patient.ndjson');
    expect(await readAll(file)).toEqual([]);
    await expect(readAll(file, AbortSignal.abort())).rejects.toThrow();
  });

  it('takes no line longer than its limit', async () => {
    const long = JSON.stringify({ ...report, id: 'long', conclusion: 'x'.repeat(2 * 2 ** 20) });
    const reads = await readAll(
      await write(`${long}\n${JSON.stringify({ ...report, id: 'next' })}\n`, 'DiagnosticReport-2.ndjson'),
    );
    expect(reads).toMatchObject([{ problem: { code: 'damaged-file' } }, { record: { key: 'next' } }]);
  });
});

describe('HTML', () => {
  it.each([
    ['a<br>b<br/>c', 'a\nb\nc'],
    ['1 &lt; 2 &#38; &#x3b1; &unknown; &#0;', '1 < 2 & α &unknown;'],
    ['x <!-- hidden --> y <script>evil()', 'x y'],
    ['2 < 3 and 5 > 4', '2 < 3 and 5 > 4'],
    ['&lt;script&gt;alert(1)&lt;/script&gt;', '<script>alert(1)</script>'],
  ])('%s', (html, text) => {
    expect(htmlText(html)).toBe(text);
  });

  it('takes little time whatever it is', () => {
    const begun = process.cpuUsage();
    for (const part of ['<', '<!--', '<script>', '&', '<p ', '</div', ' \n']) htmlText(part.repeat(20_000));
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(2000);
  });
});
