import { Fhir, Versions } from 'fhir/fhir.js';
import { ParseConformance } from 'fhir/parseConformance.js';
import { describe, expect, it } from 'vitest';
import { Bundle, type Resource } from '../../../main/export/fhir-schema.js';
import { exportReport } from '../../../main/export/index.js';
import type { Report } from '../../../preload/values.js';
import { sampleReport, sampleStudy, sentence } from '../review/sample-report.js';

/** HL7's own R4 profiles and value sets, in the package fhir: independent of our schema. */
const r4 = new Fhir(new ParseConformance(true, Versions.R4));

function validated(json: unknown) {
  return r4.validate(json as object, { errorOnUnexpected: true });
}

/** The export read back: by our schema, by the R4 profiles, and with each reference resolved. */
function readBack(report: Report, study = sampleStudy()) {
  const json: unknown = JSON.parse(exportReport(report, study, 'fhir'));
  // The package carries no LOINC, v2, v3 or DICOM terminology (nor ours) and says so, as warning or info; all else is a fault.
  expect(
    validated(json).messages.filter(
      ({ severity, message }) =>
        severity === 'error' ||
        !/not found in value set$|^Value set .* could not be found/.test(message ?? ''),
    ),
  ).toEqual([]);
  const bundle = Bundle.parse(json);
  expect(bundle).toEqual(json);
  const urls = bundle.entry.map(({ fullUrl }) => fullUrl);
  expect(new Set(urls).size).toBe(urls.length);
  const references = [...JSON.stringify(json).matchAll(/"reference":"([^"]*)"/g)].map(([, url]) => url);
  for (const url of references) expect(urls).toContain(url);
  const all = <T extends Resource['resourceType']>(type: T) =>
    bundle.entry
      .map(({ resource }) => resource)
      .filter(
        (resource): resource is Extract<Resource, { resourceType: T }> => resource.resourceType === type,
      );
  const one = <T extends Resource['resourceType']>(type: T) => {
    const [found, ...more] = all(type);
    if (!found || more.length > 0) throw new Error(`not one ${type}`);
    return found;
  };
  return { bundle, all, one };
}

const signed: Partial<Report> = {
  state: 'final',
  signedBy: 'Dr. Ada Reader',
  signedAt: '2026-01-02T05:06:07.000Z',
};
const addenda = [{ text: 'Seen again.', by: 'Dr. Other', at: '2026-01-03T00:00:00.000Z' }];

describe('exportReport as FHIR R4', () => {
  it.each([
    [sampleReport(), 'partial'],
    [sampleReport({ state: 'preliminary' }), 'preliminary'],
    [sampleReport(signed), 'final'],
    [sampleReport({ ...signed, addenda }), 'appended'],
  ] as const)('gives each state its status (%#: %s)', (report, status) => {
    const { one, all } = readBack(report);
    expect(one('DiagnosticReport').status).toBe(status);
    const final = report.state === 'final';
    expect(
      all('Observation').every((observation) => observation.status === (final ? 'final' : 'preliminary')),
    ).toBe(true);
    expect(all('Practitioner')).toHaveLength(final ? 1 : 0);
  });

  it('names patient, study, series and instances', () => {
    const { one } = readBack(sampleReport());
    expect(one('Patient')).toMatchObject({
      identifier: [{ value: 'P-77' }],
      name: [{ text: 'Marker-Quandt, Ottilie', family: 'Marker-Quandt', given: ['Ottilie'] }],
      gender: 'female',
      birthDate: '1950-03-04',
    });
    expect(one('ImagingStudy')).toMatchObject({
      identifier: [
        { system: 'urn:dicom:uid', value: 'urn:oid:1.2.826.0.1.3680043.10.1' },
        { value: 'A-100' },
      ],
      modality: [{ code: 'DX' }],
      started: '2026-01-02',
      numberOfSeries: 1,
      numberOfInstances: 2,
      series: [
        {
          uid: '1.2.826.0.1.3680043.10.1.1',
          bodySite: { display: 'CHEST' },
          instance: [
            {
              uid: '1.2.826.0.1.3680043.10.1.1.1',
              sopClass: { code: 'urn:oid:1.2.840.10008.5.1.4.1.1.1.1' },
            },
            { number: 2 },
          ],
        },
      ],
    });
  });

  it('carries the impression, the text report, the code and the signer', () => {
    const report = sampleReport({ ...signed, addenda });
    const { one } = readBack(report);
    const diagnostic = one('DiagnosticReport');
    expect(diagnostic).toMatchObject({
      code: { coding: [{ system: 'http://loinc.org', code: '36643-5' }], text: 'Chest PA and lateral' },
      category: [{ coding: [{ code: 'RAD' }] }],
      issued: '2026-01-03T00:00:00.000Z',
      conclusion: 'Small left pleural effusion.\nAddendum (Dr. Other, 2026-01-03T00:00:00.000Z): Seen again.',
    });
    const [form] = diagnostic.presentedForm;
    expect(Buffer.from(form?.data ?? '', 'base64').toString('utf8')).toBe(
      exportReport(report, sampleStudy(), 'text'),
    );
    expect(one('Practitioner').name).toEqual([{ text: 'Dr. Ada Reader' }]);
    expect(exportReport(report, sampleStudy(), 'fhir')).toBe(exportReport(report, sampleStudy(), 'fhir'));
  });

  it('makes one observation of each statement, none of what was rejected or left empty', () => {
    const effusion = { finding: 'pleural_effusion', state: 'present', side: 'left' } as const;
    const report = sampleReport({
      sentences: [
        sentence('a', { statements: [effusion, { finding: 'pneumothorax', state: 'absent' }] }),
        sentence('b', { statements: [{ finding: 'nodule', state: 'uncertain', site: 'apex' }] }),
        sentence('c', { statements: [{ finding: 'opacity', state: 'present' }], status: 'rejected' }),
        sentence('d', { statements: [{ finding: 'scoliosis', state: 'present' }], text: 'Scoliosis: ____' }),
        sentence('e', { statements: [effusion], section: 'impression' }),
      ],
    });
    const { all, one } = readBack(report);
    expect(
      all('Observation').map(({ code, valueCodeableConcept, interpretation, bodySite, note }) => [
        code.coding?.[0]?.code,
        valueCodeableConcept.text,
        interpretation[0]?.coding?.[0]?.code,
        bodySite?.text,
        note.map(({ text }) => text),
      ]),
    ).toEqual([
      ['pleural_effusion', 'present', 'POS', 'left', ['Sentence a.', 'Sentence e.']],
      ['pneumothorax', 'absent', 'NEG', undefined, ['Sentence a.']],
      ['nodule', 'uncertain', 'IND', 'apex', ['Sentence b.']],
    ]);
    expect(one('DiagnosticReport').result).toHaveLength(3);
  });

  it.each([
    ['a single view', {}, 1],
    ['another body part', { bodyPart: 'HAND' }, 2],
  ])('claims no two-view chest for %s', (_name, given, images) => {
    const study = sampleStudy();
    for (const series of study.series) series.instances = series.instances.slice(0, images);
    expect(readBack(sampleReport(given), study).one('DiagnosticReport').code.coding?.[0]?.code).toBe(
      '18748-4',
    );
  });

  it('stays valid for a study that says next to nothing, or nonsense', () => {
    const [series] = sampleStudy().series;
    if (!series) throw new Error('no series');
    const study = sampleStudy({
      uid: 'image-0123',
      patient: { name: ' ', id: ' ', birthDate: '19500304' },
      date: '2026',
      time: undefined,
      description: '\u0000',
      accession: ' ',
      referringPhysician: undefined,
      series: [
        { ...series, uid: 'no uid', modality: '' },
        {
          ...series,
          uid: `1.${'2'.repeat(64)}`,
          number: -3,
        },
        {
          ...series,
          uid: '1.2.3',
          modality: 'dx?',
          bodyPart: ' ',
          number: -1,
          instances: series.instances.map((instance) => ({ ...instance, sopClass: undefined, number: -1 })),
        },
      ],
    });
    const { one, all } = readBack(sampleReport({ study: 'image-0123', sentences: [sentence('a')] }), study);
    expect(one('ImagingStudy')).toMatchObject({
      numberOfSeries: 3,
      series: [{ uid: '1.2.3', modality: { code: 'OT' } }],
    });
    expect(one('ImagingStudy').series).toHaveLength(1);
    expect(one('DiagnosticReport').conclusion).toBeUndefined();
    expect(all('Observation')).toEqual([]);
  });

  it('is checked by a validator that finds faults', () => {
    const { bundle } = readBack(sampleReport());
    for (const [from, to] of [
      ['"status":"partial"', '"status":"draft"'],
      ['"status":"available",', ''],
      ['"conclusion"', '"konclusion"'],
    ] as const) {
      const broken = JSON.stringify(bundle).replace(from, to);
      expect(broken).not.toBe(JSON.stringify(bundle));
      expect(validated(JSON.parse(broken)).valid, to).toBe(false);
    }
  });
});
