/** A candidate for the context. `vector` has unit length. */
export interface Candidate {
  id: string;
  score: number;
  text: string;
  vector: Float32Array;
}

/** As many of the ranked rows as their scores justify: those within `ratio` of the best, at least one, at most `max`. */
export function adaptiveCut<T extends { score: number }>(ranked: T[], ratio: number, max: number): T[] {
  const floor = ratio * (ranked[0]?.score ?? 0);
  return ranked.filter(({ score }, at) => at === 0 || score >= floor).slice(0, max);
}

/** Leaves out what a better candidate says already: nearly the same vector, or nearly the same words. */
export function withoutNearDuplicates<T extends Candidate>(ranked: T[], cosineFrom: number): T[] {
  const kept: T[] = [];
  for (const candidate of ranked)
    if (!kept.some((other) => isNearDuplicate(candidate, other, cosineFrom))) kept.push(candidate);
  return kept;
}

export function isNearDuplicate(a: Candidate, b: Candidate, cosineFrom: number): boolean {
  return dot(a.vector, b.vector) >= cosineFrom || overlap(words(a.text), words(b.text)) >= 0.8;
}

/**
 * Picks up to `max` by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): each next one has the best score less its
 * likeness to what is picked, weighted by `diversity` (0: by score alone).
 */
export function pickDiverse<T extends Candidate>(candidates: T[], max: number, diversity: number): T[] {
  const rest = [...candidates];
  const picked: T[] = [];
  while (picked.length < max && rest.length > 0) {
    let bestAt = 0;
    let bestValue = Number.NEGATIVE_INFINITY;
    for (const [at, candidate] of rest.entries()) {
      const likeness = picked.reduce((most, other) => Math.max(most, dot(candidate.vector, other.vector)), 0);
      const value = (1 - diversity) * candidate.score - diversity * likeness;
      if (value > bestValue) [bestAt, bestValue] = [at, value];
    }
    picked.push(...rest.splice(bestAt, 1));
  }
  return picked;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (const [at, value] of a.entries()) sum += value * (b[at] ?? 0);
  return sum;
}

const words = (text: string) => new Set(text.toLowerCase().match(/[a-z0-9]+/g) ?? []);

/** Jaccard index of two sets of words. */
function overlap(a: Set<string>, b: Set<string>): number {
  const both = [...a].filter((word) => b.has(word)).length;
  return both === 0 ? 0 : both / (a.size + b.size - both);
}
