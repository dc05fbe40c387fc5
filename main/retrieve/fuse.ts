import type { WayScores } from '../../preload/values.js';

/** The ways a row can be found: meaning of the text, likeness of image and text, of image and image, words (BM25). */
export type Way = keyof WayScores;

/**
 * What finds nothing new: `findings`: whether a document is about the findings asked for; `passages`: its best snippet; `feedback`: likeness to
 * what the ways put first.
 */
export type RankedBy = Way | 'findings' | 'passages' | 'feedback';

export interface Hit {
  key: string;
  score: number;
}

/** Best first, ties by key. */
export const byScore = (a: Hit, b: Hit) => b.score - a.score || (a.key < b.key ? -1 : 1);

/** What one way found, best first. */
export interface Ranking {
  way: RankedBy;
  weight: number;
  hits: Hit[];
  /** Whether there may be more that were not asked for; what words did not find at all scores 0. */
  full: boolean;
}

export interface Fused {
  key: string;
  /** 0…1 */
  score: number;
  scores: WayScores;
}

/** What fusion goes by. */
export interface Fusion {
  /** The BM25 score that counts as half certain. */
  bm25Half: number;
  /**
   * 0: a unit of a way's score counts the same whatever is asked, so that a way which tells its hits well apart decides. 1: every way's best
   * hit counts the same. Default: 0.
   */
  evenness?: number;
  /** What else is known of a row: below 1 it scales the score, above 1 it brings it nearer to 1. */
  factor?: (key: string) => number;
}

/**
 * Fuses rankings by a weighted sum of own scores, each counted from the lowest that its way found (Bruch, Gai and Ingber, TOIS 2023, found such
 * sums to rank better than reciprocal ranks), and divided by a power of their range (`evenness`): BM25 grows with the words of a question, and with
 * many words would decide alone. A way that can hardly tell its hits apart still counts less, however many it has. Sums alone
 * cannot tell a good match from the best of a bad lot, so the score is the geometric mean of the sum, as a share of what being best in every way
 * would give, and of the strongest own score of any row; BM25 counts there as s / (s + `bm25Half`). Best first, ties by key.
 */
export function fuse(rankings: Ranking[], { bm25Half, evenness = 0, factor = () => 1 }: Fusion): Fused[] {
  const scores = new Map<string, WayScores>();
  const sums = new Map<string, number>();
  let best = 0;
  for (const { way, weight, hits, full } of rankings) {
    const highest = hits[0]?.score ?? 0;
    const lowest = way === 'bm25' && !full ? 0 : (hits.at(-1)?.score ?? 0);
    const range = highest - lowest;
    const unit = range > 0 ? weight / range ** evenness : 0;
    best += unit * range;
    for (const { key, score } of hits) {
      if (isWay(way)) scores.set(key, { ...scores.get(key), [way]: score });
      sums.set(key, (sums.get(key) ?? 0) + unit * (score - lowest));
    }
  }
  const strongest = Math.max(0, ...[...scores.values()].map((own) => strength(own, bm25Half)));
  const fused = [...scores].map(([key, own]) => {
    // Where nothing tells the hits apart, all are as good as the best.
    const share = best === 0 ? 1 : (sums.get(key) ?? 0) / best;
    return { key, score: scale(Math.sqrt(share * strongest), factor(key)), scores: own };
  });
  return fused.sort(byScore);
}

export const isWay = (by: RankedBy): by is Way => by !== 'findings' && by !== 'passages' && by !== 'feedback';

const scale = (score: number, factor: number) => (factor < 1 ? score * factor : 1 - (1 - score) ** factor);

/** How good a match is by itself, 0…1: unlike texts, images of one kind are all alike, and so are they and the texts on them. */
function strength({ text = 0, image = 0, picture = 0, bm25 = 0 }: WayScores, bm25Half: number): number {
  const beyond = (score: number, usual: number) => (score - usual) / (1 - usual);
  const own = [text, beyond(image, usualImage), beyond(picture, usualPicture), bm25 / (bm25 + bm25Half)];
  return Math.min(1, Math.max(0, ...own));
}

const usualImage = 0.4;
const usualPicture = 0.6;
