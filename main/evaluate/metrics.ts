/** What a measurement says beyond its single systems. */
import { createHash } from 'node:crypto';
import type { FollowUpCount } from '../draft/index.js';
import type { Pack } from '../encode/index.js';
import type { CaseBank } from '../retrieve/index.js';
import type { ClinicalCounts } from './clinical.js';
import { findingsOf, isCoded, isNormal } from './coding.js';
import { type Comparison, compare } from './compare.js';
import type { CurvePoint } from './curve.js';
import type { ReportedStudy } from './dataset.js';
import { type SystemDraft, type SystemName, systemNames } from './drafts.js';
import type { SentenceEmbedder } from './embedder.js';
import type { SystemFigures } from './figures.js';
import type { Measured } from './measured.js';
import { type Codes, NORMAL, type RetrieverFigures, retrieverFigures } from './retriever.js';
import { score } from './score.js';

/** `metrics.json`. */
export interface Metrics {
  command: string;
  date: string;
  pack: { id: string; version: string; hash: string; adapter: string | null };
  dataset: string;
  corpus: string;
  split: string;
  counts: {
    studies: number;
    coded: number;
    abnormal: number;
    normal: number;
    unreadable: number;
    corpus: number;
    cases: number;
  };
  systems: Partial<Record<SystemName, { own: SystemFigures; shuffled?: SystemFigures }>>;
  /** Of the drafts from own images: sentences asked about again, and those that nothing cited bore out before and after. */
  followUps: Partial<Record<SystemName, FollowUpCount>>;
  /** The product against what it must beat, and each system on another study's images against its own. */
  comparisons: Comparison[];
  /** The reference reports read by the parser, scored as if they were drafts: as well as any report can do. */
  reference: SystemFigures['clinical']['f1'];
  retriever: { all: RetrieverFigures; abnormal: RetrieverFigures; abnormalShuffled: RetrieverFigures } | null;
  curve: CurvePoint[];
  problems: string[];
}

const against: readonly [SystemName, SystemName][] = [
  ['ft', 'retrieval'],
  ['ft+rag', 'retrieval'],
  ['ft+rag+rl', 'retrieval'],
  ['ft+rag', 'ft'],
  ['ft+rag+rl', 'ft'],
];

/** Comparisons of the systems that were measured; `counts` by system and images ("ft own"). */
export function comparisonsOf(counts: ReadonlyMap<string, readonly ClinicalCounts[]>): Comparison[] {
  const pairs = [
    ...against.map(([system, other]) => [`${system} own`, `${other} own`] as const),
    ...systemNames.map((name) => [`${name} shuffled`, `${name} own`] as const),
  ];
  return pairs.flatMap(([system, other]) => {
    const [a, b] = [counts.get(system), counts.get(other)];
    return a && b ? [{ system, against: other, ...compare(a, b) }] : [];
  });
}

/** What asking again has brought in all drafts; undefined where no system asks. */
export function followUpsOf(drafts: readonly (SystemDraft | undefined)[]): FollowUpCount | undefined {
  const counts = drafts.flatMap((draft) => draft?.followUp ?? []);
  const sumOf = (key: keyof FollowUpCount) => counts.reduce((sum, count) => sum + count[key], 0);
  if (counts.length === 0) return undefined;
  return {
    asked: sumOf('asked'),
    uncitedBefore: sumOf('uncitedBefore'),
    uncitedAfter: sumOf('uncitedAfter'),
  };
}

/** The figures of the reference reports as if they were drafts. */
export function referenceScore(
  measured: readonly Measured[],
  { embedded }: SentenceEmbedder,
): SystemFigures['clinical']['f1'] {
  const rows = measured
    .filter(({ reference }) => reference.coding)
    .map(({ reference }) => ({
      reference: { ...reference, sentences: [] },
      referenceTokens: [],
      draft: {
        sentences: reference.sentences.map((text) => ({ section: 'findings' as const, text, citations: [] })),
        ...{ offers: [], context: [], probabilities: new Map<string, number>(), latencyMs: 0 },
      },
    }));
  return score(rows, embedded).clinical.f1;
}

/** The first layer: the cases that are nearest to each study, and as a control those nearest to another. */
export function retrieverOf(
  measured: readonly Measured[],
  cases: CaseBank,
  corpus: readonly ReportedStudy[],
): Metrics['retriever'] {
  const codesOf = (study: ReportedStudy): Codes =>
    isNormal(study) ? NORMAL : isCoded(study) ? findingsOf(study) : new Set();
  const known = new Map(corpus.map((study) => [study.uid, codesOf(study)]));
  const ranked = measured.map(({ opened: { look } }) =>
    look && !look.abstention ? cases.nearest({ joint: look.embedding }, cases.cases.length) : [],
  );
  const rows = measured.map(({ record }, i) => ({
    codes: ranked[i]?.length ? codesOf(record) : new Set<string>(),
    ranked: ranked[i] ?? [],
    normal: isNormal(record),
    shuffled: ranked[(i + Math.floor(ranked.length / 2)) % ranked.length] ?? [],
  }));
  const abnormal = rows.filter(({ normal }) => !normal);
  return {
    all: retrieverFigures(rows, known),
    abnormal: retrieverFigures(abnormal, known),
    abnormalShuffled: retrieverFigures(
      abnormal.map(({ codes, shuffled }) => ({ codes, ranked: shuffled })),
      known,
    ),
  };
}

/** One hash for all that a pack holds. */
export function hashOf({ manifest }: Pack): string {
  return createHash('sha256').update(JSON.stringify(manifest.files)).digest('hex').slice(0, 16);
}
