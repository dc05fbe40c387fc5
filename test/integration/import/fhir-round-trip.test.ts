import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deidentify } from '../../../main/deidentify/index.js';
import { exportReport } from '../../../main/export/index.js';
import { readFhir } from '../../../main/import/read-fhir.js';
import { sampleReport, sampleStudy } from '../../unit/review/sample-report.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fhir-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('reads back the FHIR bundle that Wetread exports, without the patient in it', async () => {
  const file = join(folder, 'report.json');
  const signed = { state: 'final', signedBy: 'Dr. Ada Quill', signedAt: '2026-01-02T04:00:00.000Z' } as const;
  await writeFile(file, exportReport(sampleReport(signed), sampleStudy(), 'fhir'));
  const reads = [];
  for await (const one of readFhir(file)) reads.push(one);
  expect(reads).toMatchObject([{ record: { modality: 'DX', sex: 'F', ageYears: 75, topic: 'report' } }]);
  const [read] = reads;
  if (!read || !('record' in read)) throw new Error('No record');
  const { sections, known } = read.record;
  const textOf = (kind: string) =>
    sections.filter((one) => one.kind === kind).map(({ text }) => deidentify(text, { known }).text);
  expect(textOf('findings')[0]).toContain('small left pleural effusion');
  expect(textOf('impression')[0]).toContain('Small left pleural effusion.');
  const all = sections.map(({ text }) => deidentify(text, { known }).text).join('\n');
  expect(all).not.toMatch(/Marker|Quandt|Ottilie|P-77|A-100|Erring|Quill|2026-01-02|1950/);
});
