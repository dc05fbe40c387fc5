/**
 * METEOR (Denkowski and Lavie 2014) with the English parameters of METEOR 1.5 for ranking, matching words exactly and by Porter stem.
 * Without synonyms, paraphrases and the discount of function words, so somewhat below what the Java program gives.
 */
import { stemmer } from 'stemmer';

const ALPHA = 0.85;
const BETA = 0.2;
const GAMMA = 0.6;
const STEM_WEIGHT = 0.6;
/** Alignments followed at once. */
const BEAM = 32;

/** What one study adds to METEOR. */
export interface MeteorCounts {
  /** Matched words, an exact match 1, one by stem 0.6. */
  weight: number;
  matched: number;
  /** Runs of matches that stand together in both texts. */
  chunks: number;
  draftLength: number;
  referenceLength: number;
}

interface Alignment {
  used: ReadonlySet<number>;
  weight: number;
  matched: number;
  chunks: number;
  /** Place in the reference that the last word of the draft was matched with; −2: it was not. */
  last: number;
}

/** The alignment with the most matches, and of these the one with the fewest chunks. */
export function meteorCounts(draft: readonly string[], reference: readonly string[]): MeteorCounts {
  const places = new Map<string, number[]>();
  const stems = reference.map(stemmer);
  const put = (key: string, place: number) => places.set(key, [...(places.get(key) ?? []), place]);
  for (const [place, stem] of stems.entries()) put(stem, place);

  let live: Alignment[] = [{ used: new Set(), weight: 0, matched: 0, chunks: 0, last: -2 }];
  for (const word of draft) {
    const options = places.get(stemmer(word)) ?? [];
    const next: Alignment[] = [];
    for (const from of live) {
      next.push({ ...from, last: -2 });
      for (const place of options) {
        if (from.used.has(place)) continue;
        next.push({
          used: new Set([...from.used, place]),
          weight: from.weight + (reference[place] === word ? 1 : STEM_WEIGHT),
          matched: from.matched + 1,
          chunks: from.chunks + (place === from.last + 1 ? 0 : 1),
          last: place,
        });
      }
    }
    live = next.length === 1 ? next : next.sort(better).slice(0, BEAM);
  }
  const [best] = live.sort(better);
  return {
    weight: best?.weight ?? 0,
    matched: best?.matched ?? 0,
    chunks: best?.chunks ?? 0,
    draftLength: draft.length,
    referenceLength: reference.length,
  };
}

const better = (a: Alignment, b: Alignment) => b.weight - a.weight || a.chunks - b.chunks;

/** METEOR of a corpus from its summed counts, as the program itself adds up its segments. */
export function meteor({ weight, matched, chunks, draftLength, referenceLength }: MeteorCounts): number {
  if (matched === 0) return 0;
  const precision = weight / draftLength;
  const recall = weight / referenceLength;
  const mean = (precision * recall) / (ALPHA * precision + (1 - ALPHA) * recall);
  return mean * (1 - GAMMA * (chunks / matched) ** BETA);
}

export function sumMeteor(counts: readonly MeteorCounts[]): MeteorCounts {
  const sum: MeteorCounts = { weight: 0, matched: 0, chunks: 0, draftLength: 0, referenceLength: 0 };
  for (const one of counts) {
    sum.weight += one.weight;
    sum.matched += one.matched;
    sum.chunks += one.chunks;
    sum.draftLength += one.draftLength;
    sum.referenceLength += one.referenceLength;
  }
  return sum;
}
