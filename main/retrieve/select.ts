import { dot } from './vectors.js';

/** A candidate for the context. `semantic` has unit length; absent where the dataset was filled without vectors. */
export interface Candidate {
  score: number;
  text: string;
  semantic?: Float32Array;
}

/** As many of the ranked rows as their scores justify: those within `ratio` of the best, at least one. */
export function adaptiveCut<T extends { score: number }>(ranked: T[], ratio: number): T[] {
  const floor = ratio * (ranked[0]?.score ?? 0);
  return ranked.filter(({ score }, at) => at === 0 || score >= floor);
}

/**
 * Picks up to `max` of the ranked candidates by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): each next one has the
 * best score less its likeness to what is picked, weighted by `diversity` (0: by score alone). What nearly repeats one
 * that is picked, by vector (cosine from `nearDuplicate`) or by words, is left out.
 */
export function pickDiverse<T extends Candidate>(
  ranked: T[],
  { max, diversity, nearDuplicate }: { max: number; diversity: number; nearDuplicate: number },
): T[] {
  const picked: T[] = [];
  let rest = ranked.map((candidate) => ({ candidate, words: wordsOf(candidate.text), likeness: 0 }));
  while (picked.length < max) {
    const value = (of: (typeof rest)[number]) =>
      (1 - diversity) * of.candidate.score - diversity * of.likeness;
    const [first, ...others] = rest;
    if (first === undefined) break;
    const best = others.reduce((top, other) => (value(other) > value(top) ? other : top), first);
    picked.push(best.candidate);
    rest = rest.filter((other) => {
      if (other === best) return false;
      const likeness = alike(other.candidate, best.candidate);
      other.likeness = Math.max(other.likeness, likeness);
      return likeness < nearDuplicate && overlap(other.words, best.words) < sameWords;
    });
  }
  return picked;
}

/** Share of words in common from which two texts say the same. */
const sameWords = 0.8;

const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[a-z0-9]+/g) ?? []);

/** Jaccard index of two sets of words. */
function overlap(a: Set<string>, b: Set<string>): number {
  let both = 0;
  for (const word of a) if (b.has(word)) both += 1;
  return both === 0 ? 0 : both / (a.size + b.size - both);
}

/** Cosine of what two candidates mean, 0 where one has no vector. */
const alike = ({ semantic: a }: Candidate, { semantic: b }: Candidate): number =>
  a === undefined || b === undefined ? 0 : dot(a, b);
