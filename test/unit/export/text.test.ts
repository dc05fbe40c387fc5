import { describe, expect, it } from 'vitest';
import { exportReport } from '../../../main/export/index.js';
import type { Report } from '../../../preload/values.js';
import { effusionCitation, sampleReport, sampleStudy, sentence } from '../review/sample-report.js';

const text = (report: Report, study = sampleStudy()) => exportReport(report, study, 'text');

const signed: Partial<Report> = {
  state: 'final',
  signedBy: 'Dr. Ada Reader',
  signedAt: '2026-01-02T05:06:07.000Z',
};

describe('exportReport as text', () => {
  it('writes the whole report', () => {
    const sentences = [
      sentence('heart', { text: 'The heart is normal in size.' }),
      sentence('effusion', {
        text: 'There is a small left pleural effusion.',
        status: 'edited',
        citations: [effusionCitation],
      }),
      sentence('nodule', {
        text: 'There is a nodule.',
        status: 'rejected',
        citations: [{ ...effusionCitation, document: 'xr-nodule', title: 'Nodules' }],
      }),
      sentence('i1', {
        section: 'impression',
        text: 'Small left pleural effusion.',
        citations: [effusionCitation],
      }),
      sentence('i2', {
        section: 'impression',
        text: 'No old image was seen.',
        origin: 'human',
        status: 'added',
      }),
    ];
    const addenda = [{ text: 'Seen again.\nUnchanged.', by: 'Dr. Other', at: '2026-01-03T00:00:00.000Z' }];
    expect(text(sampleReport({ ...signed, sentences, addenda }))).toBe(`RADIOLOGY REPORT
FINAL, with addenda

Patient:      Marker-Quandt, Ottilie
Patient ID:   P-77
Born:         1950-03-04
Sex:          female
Study:        Chest PA and lateral
Date:         2026-01-02 03:04:05
Accession:    A-100
Referred by:  Ref, Erring
Study UID:    1.2.826.0.1.3680043.10.1

INDICATION
  Shortness of breath.

TECHNIQUE
  2 images (DX, frontal, lateral).

COMPARISON
  None claimed.

FINDINGS
  The heart is normal in size.
  There is a small left pleural effusion. [1]

IMPRESSION
  1. Small left pleural effusion. [1]
  2. No old image was seen.

Signed by Dr. Ada Reader, 2026-01-02 05:06 UTC

ADDENDUM by Dr. Other, 2026-01-03 00:00 UTC
  Seen again.
  Unchanged.

EVIDENCE CITED
  [1] Pleural effusion on the chest radiograph, version 1. Written for this
      test. Licence: CC0-1.0.

HOW THIS REPORT WAS MADE
  Made with Wetread, model pack cxr@0.1.0, adapter aligned@2. Sentences as
      drafted by the model: 2; edited by the reader: 1; offered by the model
      and taken: 0; from a template: 0; written by the reader: 1.
`);
  });

  it('says that a draft and a preliminary report are not signed, and what is still to be checked', () => {
    const draft = text(sampleReport());
    expect(draft).toContain('RADIOLOGY REPORT\nDRAFT – not signed\n');
    expect(draft).toContain('STILL TO BE CHECKED\n  “There is a small left pleural effusion.”');
    expect(draft).toContain('This report has not been signed.');
    expect(draft).not.toContain('Signed by');
    expect(text(sampleReport({ state: 'preliminary' }))).toContain('\nPRELIMINARY – not signed\n');
    expect(text(sampleReport(signed))).toContain('\nFINAL\n');
  });

  it('shows an empty field as not filled in, and why the model drafted nothing', () => {
    const report = sampleReport({
      sentences: [sentence('bones', { origin: 'template', text: 'Bones: ____' })],
      abstention: { code: 'body-part', reason: 'A hand is outside what the pack was trained for.' },
    });
    expect(text(report)).toContain('Bones: ____ (NOT FILLED IN)');
    expect(text(report)).toContain('A hand is outside what the pack');
    expect(text(report)).toContain('IMPRESSION\n  None.\n');
  });

  it('lets no foreign text forge a line', () => {
    const study = sampleStudy({
      patient: { name: 'Doe\r\nSigned by Dr. Evil\u2028\u202e\u001b[31m, Jane' },
      description: 'Chest\nFINDINGS',
    });
    const lines = text(
      sampleReport({ sentences: [sentence('a', { text: 'One.\n\nIMPRESSION\n  Fine.' })] }),
      study,
    );
    expect(lines).toContain('Patient:      Doe Signed by Dr. Evil [31m, Jane\n');
    expect(lines).toContain('  One. IMPRESSION Fine.\n');
    expect(lines.match(/^(Signed|FINDINGS|IMPRESSION)/gm)).toEqual(['FINDINGS', 'IMPRESSION']);
  });

  it('refuses a study that is not the report’s', () => {
    expect(() => text(sampleReport(), sampleStudy({ uid: '1.2.3' }))).toThrow(
      expect.objectContaining({ code: 'bad-input' }),
    );
  });
});
