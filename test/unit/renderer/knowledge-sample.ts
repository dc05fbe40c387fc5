import type {
  CaseHit,
  Dataset,
  DatasetDocument,
  DatasetVersion,
  ImportMapping,
  Snippet,
} from '../../../preload/values.js';

/** Values of the knowledge for the tests of the window, each with what the test at hand wants different. */

export const dataset = (id: string, more: Partial<Dataset> = {}): Dataset => ({
  id,
  title: `Title of ${id}`,
  location: `/datasets/${id}`,
  kind: 'own',
  state: 'ready',
  version: 2,
  builtAt: '2026-11-20T10:00:00Z',
  modalities: [
    { modality: 'XR', documents: 1200, snippets: 9000, images: 40, bytes: 2_500_000 },
    { modality: 'CT', documents: 3, snippets: 30, images: 0, bytes: 120_000 },
  ],
  ...more,
});

export const document = (id: string, more: Partial<DatasetDocument> = {}): DatasetDocument => ({
  id,
  title: `Title of ${id}`,
  modality: 'XR',
  bodyRegion: 'chest',
  topic: 'report',
  findings: ['pleural_effusion'],
  images: 0,
  source: 'Department',
  licence: 'Department use only',
  version: '2026-11-20.1',
  origin: `/reports/${id}.txt`,
  importedAt: '2026-11-20T10:00:00Z',
  removals: { name: 2, date: 1 },
  ...more,
});

export const version = (number: number, more: Partial<DatasetVersion> = {}): DatasetVersion => ({
  version: number,
  at: `2026-11-${10 + number}T10:00:00Z`,
  note: `Note of ${number}`,
  documents: 10 * number,
  snippets: 100 * number,
  current: false,
  ...more,
});

export const snippet = (id: string, more: Partial<Snippet> = {}): Snippet => ({
  id,
  dataset: 'chest',
  document: `document-of-${id}`,
  title: `Title of ${id}`,
  text: 'The effusion blunts the angle first.',
  modality: 'XR',
  source: 'Own words',
  licence: 'CC BY 4.0',
  version: '1.0',
  findings: [],
  cues: [],
  score: 0.8,
  scores: { text: 0.7, bm25: 3 },
  ...more,
});

export const caseHit = (document: string, more: Partial<CaseHit> = {}): CaseHit => ({
  dataset: 'chest',
  document,
  title: `Title of ${document}`,
  modality: 'XR',
  score: 0.91,
  findings: ['pleural_effusion'],
  sections: [{ kind: 'findings', text: 'A small left effusion.' }],
  ageYears: 67,
  sex: 'F',
  images: 2,
  source: 'Department',
  version: '1.0',
  ...more,
});

export const mapping = (more: Partial<ImportMapping> = {}): ImportMapping => ({
  sections: [{ column: 'text', kind: 'findings' }],
  ...more,
});
