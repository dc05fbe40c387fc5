import type { WayScores } from '../../preload/values.js';

/** The ways a row can be found: meaning of the text, likeness of image and text, of image and image, words (BM25). */
export type Way = keyof WayScores;

export interface Hit {
  key: string;
  score: number;
}

/** Best first, ties by key. */
export const byScore = (a: Hit, b: Hit) => b.score - a.score || (a.key < b.key ? -1 : 1);

/** What one way found, best first. */
export interface Ranking {
  way: Way;
  weight: number;
  hits: Hit[];
}

export interface Fused {
  key: string;
  /** 0…1 */
  score: number;
  scores: WayScores;
}

/**
 * Fuses rankings. The order within each comes from reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): a row at rank r adds
 * weight / (k + r), as a share of what being first everywhere would give. Ranks alone cannot tell a good match from the best of a
 * bad lot, so the score is the geometric mean of that share and of the strongest own score; BM25 counts as s / (s + `bm25Half`).
 * `factor` is what else is known of a row: below 1 it scales the score, above 1 it brings it nearer to 1. Best first, ties by key.
 */
export function fuse(
  rankings: Ranking[],
  { k, bm25Half }: { k: number; bm25Half: number },
  factor: (key: string) => number = () => 1,
): Fused[] {
  const scores = new Map<string, WayScores>();
  const ranks = new Map<string, number>();
  let best = 0;
  for (const { way, weight, hits } of rankings) {
    best += weight / (k + 1);
    for (const [at, { key, score }] of hits.entries()) {
      scores.set(key, { ...scores.get(key), [way]: score });
      ranks.set(key, (ranks.get(key) ?? 0) + weight / (k + at + 1));
    }
  }
  const fused = [...scores].map(([key, own]) => {
    const share = best === 0 ? 0 : (ranks.get(key) ?? 0) / best;
    return { key, score: scale(Math.sqrt(share * strength(own, bm25Half)), factor(key)), scores: own };
  });
  return fused.sort(byScore);
}

const scale = (score: number, factor: number) => (factor < 1 ? score * factor : 1 - (1 - score) ** factor);

function strength({ text, image, picture, bm25 }: WayScores, bm25Half: number): number {
  const words = bm25 === undefined ? 0 : bm25 / (bm25 + bm25Half);
  return Math.min(1, Math.max(0, text ?? 0, image ?? 0, picture ?? 0, words));
}
