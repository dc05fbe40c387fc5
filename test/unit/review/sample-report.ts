import { Draft, Report, type Sentence, Study } from '../../../preload/values.js';

/** A drafted sentence; what matters to a test is given, the rest is plain. */
export function sentence(id: string, given: Partial<Sentence> = {}): Sentence {
  return {
    id,
    section: 'findings',
    text: `Sentence ${id}.`,
    origin: 'model',
    status: 'proposed',
    support: 'both',
    confidence: 0.8,
    statements: [],
    citations: [],
    flags: [],
    focus: [],
    ...given,
  };
}

export const effusionCitation = {
  snippet: 'xr-effusion#2',
  document: 'xr-effusion',
  title: 'Pleural effusion on the chest radiograph',
  score: 0.82,
  text: 'Blunting of the lateral angle needs about 200 ml.',
  source: 'Written for this test',
  licence: 'CC0-1.0',
  version: '1',
};

/** A draft of a chest study with one clean sentence, one flagged, one offer, and an impression. */
export function sampleDraft(given: Partial<Draft> = {}): Draft {
  return Draft.parse({
    study: '1.2.826.0.1.3680043.10.1',
    modality: 'DX',
    bodyPart: 'CHEST',
    sentences: [
      sentence('heart', {
        text: 'The heart is normal in size.',
        statements: [{ finding: 'cardiomegaly', state: 'absent' }],
      }),
      sentence('effusion', {
        text: 'There is a small left pleural effusion.',
        statements: [{ finding: 'pleural_effusion', state: 'present', side: 'left' }],
        citations: [effusionCitation],
        flags: [{ code: 'unsupported', message: 'Nothing bears it out.', resolved: false }],
        focus: [{ instance: '1.2.3', rows: 1, columns: 2, values: [0, 1] }],
      }),
      sentence('impression', {
        section: 'impression',
        text: 'Small left pleural effusion.',
        statements: [{ finding: 'pleural_effusion', state: 'present', side: 'left' }],
        citations: [effusionCitation],
      }),
    ],
    offers: [
      {
        id: 'offer-atelectasis',
        finding: 'atelectasis',
        name: 'atelectasis',
        probability: 0.4,
        side: 'left',
        text: 'There is possible left basal atelectasis.',
        citations: [],
        focus: [],
      },
    ],
    evidence: { modality: 'XR', query: 'pleural effusion', documents: [], snippets: [] },
    pack: 'cxr@0.1.0',
    adapter: 'aligned@2',
    timings: { decodeMs: 1, encodeMs: 2, retrieveMs: 3, draftMs: 4, totalMs: 10 },
    ...given,
  });
}

export function sampleReport(given: Partial<Report> = {}): Report {
  return Report.parse({
    ...sampleDraft(),
    id: '6f1c0f0e-0d5c-4b52-9a52-3c1d5d6b7a01',
    state: 'draft',
    createdAt: '2026-01-02T03:00:00.000Z',
    updatedAt: '2026-01-02T03:00:00.000Z',
    addenda: [],
    ...given,
  });
}

/** A two-view chest study of nobody. */
export function sampleStudy(given: Partial<Study> = {}): Study {
  const instance = (uid: string, view: 'frontal' | 'lateral') => ({
    uid,
    file: `/images/${view}.dcm`,
    sopClass: '1.2.840.10008.5.1.4.1.1.1.1',
    number: view === 'frontal' ? 1 : 2,
    rows: 256,
    columns: 256,
    frames: 1,
    view,
    hasPixels: true,
  });
  return Study.parse({
    uid: '1.2.826.0.1.3680043.10.1',
    source: 'dicom',
    patient: { name: 'Marker-Quandt, Ottilie', id: 'P-77', birthDate: '1950-03-04', sex: 'F' },
    date: '2026-01-02',
    time: '03:04:05',
    description: 'Chest PA and lateral',
    accession: 'A-100',
    indication: 'Shortness of breath.',
    referringPhysician: 'Ref, Erring',
    series: [
      {
        uid: '1.2.826.0.1.3680043.10.1.1',
        modality: 'DX',
        number: 1,
        bodyPart: 'CHEST',
        instances: [
          instance('1.2.826.0.1.3680043.10.1.1.1', 'frontal'),
          instance('1.2.826.0.1.3680043.10.1.1.2', 'lateral'),
        ],
      },
    ],
    problems: [],
    ...given,
  });
}
