import type { FindingEstimate } from '../../../main/encode/index.js';
import { parseFindings } from '../../../main/findings/finding-parser.js';
import type { Report, Sentence, Snippet } from '../../../preload/values.js';

/** An estimate with thresholds 0.5 (likely) and 0.2 (possible). */
export function estimate(id: string, probability: number, sides?: FindingEstimate['sides']): FindingEstimate {
  return {
    id,
    name: id.replace('_', ' '),
    sided: sides !== undefined,
    probability,
    likely: probability >= 0.5,
    possible: probability >= 0.2,
    thresholds: { likely: 0.5, possible: 0.2 },
    sides,
  };
}

export function snippet(id: string, text: string, score: number): Snippet {
  return {
    id,
    dataset: 'wetread',
    document: `doc-${id}`,
    title: 'Reference',
    text,
    modality: 'XR',
    source: 'own words',
    licence: 'CC0',
    version: '1',
    findings: [],
    cues: [],
    score,
    scores: {},
  };
}

export function sentence(id: string, text: string, section: Sentence['section'] = 'findings'): Sentence {
  return {
    id,
    section,
    text,
    origin: 'model',
    status: 'proposed',
    support: 'image',
    confidence: 0.9,
    statements: parseFindings(text),
    citations: [],
    flags: [],
    focus: [],
  };
}

export function report(sentences: Sentence[]): Report {
  return {
    id: 'r',
    study: '1.2',
    modality: 'DX',
    sentences,
    offers: [],
    evidence: { query: '', documents: [], snippets: [], problems: [] },
    pack: 'cxr',
    adapter: null,
    timings: { decodeMs: 0, encodeMs: 0, retrieveMs: 0, draftMs: 0, totalMs: 0 },
    state: 'draft',
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    addenda: [],
  };
}
