/** The ways a row can be found: meaning of the text, likeness to the image, words (BM25). */
export type Way = 'text' | 'image' | 'bm25';

/** Own scores of the ways: cosine for text and image, raw BM25. Absent: that way did not find it. */
export type WayScores = Partial<Record<Way, number>>;

/** What one way found, best first. */
export interface Ranking {
  way: Way;
  weight: number;
  hits: { id: string; score: number }[];
}

export interface Fused {
  id: string;
  /** 0…1 */
  score: number;
  scores: WayScores;
}

/**
 * Fuses rankings. The order within each comes from reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): a row at rank r adds
 * weight / (k + r), as a share of what being first everywhere would give. Ranks alone cannot tell a good match from the best of a
 * bad lot, so the score is the geometric mean of that share and of the strongest own score; BM25 counts as s / (s + `bm25Half`).
 * `factor` is what else is known of a row: below 1 it scales the score, above 1 it brings it nearer to 1. Best first, ties by id.
 */
export function fuse(
  rankings: Ranking[],
  { k, bm25Half }: { k: number; bm25Half: number },
  factor: (id: string) => number = () => 1,
): Fused[] {
  const scores = new Map<string, WayScores>();
  const ranks = new Map<string, number>();
  let best = 0;
  for (const { way, weight, hits } of rankings) {
    best += weight / (k + 1);
    for (const [at, { id, score }] of hits.entries()) {
      scores.set(id, { ...scores.get(id), [way]: score });
      ranks.set(id, (ranks.get(id) ?? 0) + weight / (k + at + 1));
    }
  }
  const fused = [...scores].map(([id, own]) => {
    const share = best === 0 ? 0 : (ranks.get(id) ?? 0) / best;
    return { id, score: scale(Math.sqrt(share * strength(own, bm25Half)), factor(id)), scores: own };
  });
  return fused.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

const scale = (score: number, factor: number) => (factor < 1 ? score * factor : 1 - (1 - score) ** factor);

function strength({ text, image, bm25 }: WayScores, bm25Half: number): number {
  const words = bm25 === undefined ? 0 : bm25 / (bm25 + bm25Half);
  return Math.min(1, Math.max(0, text ?? 0, image ?? 0, words));
}
