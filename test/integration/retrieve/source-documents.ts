import { createHash } from 'node:crypto';
import type { SourceDocument } from '../../../main/retrieve/index.js';
import { embedText } from './hashing-embedder.js';

/** A report of a chest film as an import would hand it over; `edition` makes another content under the same id. */
export function report(n: number, { edition = 1, images = 0 } = {}): SourceDocument {
  const statements = [
    `The lungs of case k${n} are clear, edition ${edition}.`,
    `There is a small pleural effusion in case k${n}.`,
    'The heart is not enlarged.',
  ];
  return {
    id: `case-${n}`,
    contentHash: createHash('sha256').update(`${n} ${edition} ${images}`).digest('hex'),
    title: `Chest film ${n}`,
    modality: 'XR',
    bodyRegion: 'chest',
    topic: 'report',
    findings: ['pleural_effusion'],
    present: ['pleural_effusion'],
    codes: ['ICD-10:J90'],
    sources: ['The department'],
    licence: 'For use in the department',
    version: '2026-11-22.1',
    ...(n % 2 === 0 ? { ageYears: 20 + (n % 60), sex: 'F' as const } : {}),
    origin: 'reports.csv',
    removals: { name: 2 },
    snippets: statements.map((text, at) => ({
      kind: at === 2 ? 'impression' : 'findings',
      text,
      findings: at === 1 ? ['pleural_effusion'] : [],
      ...(at === 1 ? { polarity: 'present' as const } : {}),
    })),
    images: Array.from({ length: images }, (_, at) => ({
      view: at === 0 ? ('frontal' as const) : ('lateral' as const),
      vector: embedText(`image ${at} of case k${n}`).joint,
      thumbnail: new Uint8Array([255, 216, n & 255, at]),
    })),
  };
}

export const reports = (from: number, to: number, options: Parameters<typeof report>[1] = {}) =>
  Array.from({ length: to - from }, (_, at) => report(from + at, options));
