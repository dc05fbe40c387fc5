/**
 * Earlier studies of the department with their reports, found by how alike their images look: what is retrieved is
 * what radiologists wrote about similar images (MMed-RAG, Xia et al. 2025).
 */

import { dot } from './vectors.js';

/** One earlier study. */
export interface Case {
  id: string;
  /** Sentences of its report, without their full stops. */
  findings: string[];
  impression: string[];
  /** Ids of the findings its report states as present. */
  present: ReadonlySet<string>;
}

export interface SimilarCase {
  case: Case;
  /** Cosine, -1…1. */
  score: number;
}

/** How many cases there are, and how many of them state each finding as present. */
export interface CaseCounts {
  cases: number;
  present: ReadonlyMap<string, number>;
}

/** A study as vectors, to be compared with others. */
export interface StudyVectors {
  /** Of the whole study, in the pack's joint space [256], unit length. */
  joint: Float32Array;
  /** Of its single images ([256] each, of `embedImages`), which are comparable with each other only; absent where nobody looked. */
  pictures?: readonly Float32Array[];
}

/** Earlier studies that can be searched by likeness. */
export interface Cases {
  /** The `count` cases most like a study, most alike first; `except` names one that is left out. */
  nearest(study: StudyVectors, count: number, except?: string): SimilarCase[] | Promise<SimilarCase[]>;
  /** What is usual among all cases; counted once. */
  counts(): CaseCounts | Promise<CaseCounts>;
}

/** A case that is held in memory. */
export interface HeldCase extends Case {
  /** Study embedding in the pack's joint space [J], unit length. */
  joint: Float32Array;
}

/** Earlier studies held in memory, searched exactly: a few thousand take about a millisecond. */
export class CaseBank implements Cases {
  readonly #counts: CaseCounts;

  constructor(readonly cases: readonly HeldCase[]) {
    this.#counts = { cases: cases.length, present: countPresent(cases.map(({ present }) => present)) };
  }

  nearest({ joint }: StudyVectors, count: number, except?: string): SimilarCase[] {
    const scored: SimilarCase[] = [];
    for (const one of this.cases) {
      if (one.id === except) continue;
      scored.push({ case: one, score: dot(joint, one.joint) });
    }
    return scored.sort((a, b) => b.score - a.score).slice(0, count);
  }

  counts(): CaseCounts {
    return this.#counts;
  }
}

/** In how many of the lists each finding stands. */
export function countPresent(lists: Iterable<Iterable<string>>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const present of lists)
    for (const finding of present) counts.set(finding, (counts.get(finding) ?? 0) + 1);
  return counts;
}
