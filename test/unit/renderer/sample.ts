import type { Citation, Instance, Report, Sentence, Series, Study } from '../../../preload/values.js';

/** Values for the tests of the window, each with what the test at hand wants different. */

export const instance = (uid: string, more: Partial<Instance> = {}): Instance => ({
  uid,
  file: `/studies/${uid}.dcm`,
  rows: 4,
  columns: 4,
  frames: 1,
  imageType: [],
  view: 'unknown',
  hasPixels: true,
  ...more,
});

export const series = (modality: string, instances: Instance[], more: Partial<Series> = {}): Series => ({
  uid: `series-${modality}-${instances[0]?.uid ?? 'none'}`,
  modality,
  instances,
  ...more,
});

export const study = (list: Series[]): Study => ({
  uid: '1.2/3',
  source: 'dicom',
  patient: {},
  series: list,
  problems: [],
});

export const citation = (snippet: string, more: Partial<Citation> = {}): Citation => ({
  snippet,
  document: `document of ${snippet}`,
  title: `Title of ${snippet}`,
  score: 0.7,
  text: `Text of ${snippet}.`,
  source: 'Own words',
  licence: 'CC BY 4.0',
  version: '1.0',
  ...more,
});

export const sentence = (id: string, more: Partial<Sentence> = {}): Sentence => ({
  id,
  section: 'findings',
  text: `Sentence ${id}.`,
  origin: 'model',
  status: 'proposed',
  support: 'image',
  confidence: 0.8,
  statements: [],
  citations: [],
  flags: [],
  focus: [],
  ...more,
});

export const report = (sentences: Sentence[], more: Partial<Report> = {}): Report => ({
  id: 'report-1',
  study: '1.2/3',
  modality: 'DX',
  sentences,
  offers: [],
  evidence: { query: '', documents: [], snippets: [], problems: [] },
  pack: 'cxr',
  adapter: null,
  timings: { decodeMs: 1, encodeMs: 1, retrieveMs: 1, draftMs: 1, totalMs: 4 },
  state: 'draft',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  addenda: [],
  ...more,
});
