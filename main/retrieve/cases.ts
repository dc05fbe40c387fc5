/**
 * Earlier studies of the department with their reports, found by how alike their images look: what is retrieved is
 * what radiologists wrote about similar images (MMed-RAG, Xia et al. 2025).
 */

/** One earlier study. */
export interface Case {
  id: string;
  /** Study embedding in the pack's joint space [J], unit length. */
  joint: Float32Array;
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

/** Earlier studies held in memory, searched exactly: a few thousand take about a millisecond. */
export class CaseBank {
  constructor(readonly cases: readonly Case[]) {}

  /** The `count` cases most like `joint` [J] (unit length), most alike first; `except` names one that is left out. */
  nearest(joint: Float32Array, count: number, except?: string): SimilarCase[] {
    const scored: SimilarCase[] = [];
    for (const one of this.cases) {
      if (one.id === except) continue;
      let score = 0;
      for (let i = 0; i < joint.length; i++) score += (joint[i] ?? 0) * (one.joint[i] ?? 0);
      scored.push({ case: one, score });
    }
    return scored.sort((a, b) => b.score - a.score).slice(0, count);
  }
}
