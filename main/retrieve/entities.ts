/**
 * Clinical entities of a text, for queries that name the same thing in other words than the articles do: clinical entity augmented retrieval
 * (CLEAR, Lopez et al. 2025). Exact matching of a closed vocabulary: no model, and it can be read why something was found.
 */
import { findingIds, findingNames, type Stem, stemsOf } from '../findings/index.js';
import { clinicalTerms } from './clinical-terms.js';

/** Something clinical that a text names. */
export interface Entity {
  /** What it is called, the usual name first. */
  names: readonly string[];
  /** Where the text names it: characters [from, to). */
  from: number;
  to: number;
  /** Named by an abbreviation. */
  short: boolean;
  /** One of the pack's findings. */
  finding: boolean;
}

interface Phrase {
  concept: readonly string[];
  stems: string[];
  /** Words of a finding may stand in any order with one or two others between; those of a term follow each other. */
  loose: boolean;
}

const phrases: Phrase[] = [
  ...[...findingIds].map(findingNames).flatMap((names) => names.map((name) => phrase(names, name, true))),
  ...clinicalTerms.flatMap(({ names }) => names.map((name) => phrase(names, name, false))),
];

function phrase(concept: readonly string[], name: string, loose: boolean): Phrase {
  return { concept, stems: stemsOf(name).map(({ stem }) => stem), loose };
}

/** Phrases by each of their words where order does not matter, else by the first. */
const byStem = new Map<string, Phrase[]>();
for (const one of phrases)
  for (const stem of one.loose ? new Set(one.stems) : one.stems.slice(0, 1))
    byStem.set(stem, [...(byStem.get(stem) ?? []), one]);

const byShort = new Map(clinicalTerms.flatMap(({ names, short }) => short.map((word) => [word, names])));

/** Words that may stand between those of a finding's name. */
const between = 2;

/**
 * The entities that a text names, in its order; of two that overlap the longer one. A finding of the pack and another entity may share their
 * words: "heart failure" is both a disease and what the pack calls congestion.
 */
export function entitiesOf(text: string): Entity[] {
  const words = stemsOf(text);
  const found: Entity[] = [];
  for (const [at, { stem }] of words.entries())
    for (const one of byStem.get(stem) ?? []) {
      const span = one.loose ? looseSpan(words, at, one.stems) : strictSpan(words, at, one.stems);
      if (span !== undefined) found.push({ names: one.concept, ...span, short: false, finding: one.loose });
    }
  for (const { 0: word, index } of text.matchAll(/[A-Za-z]+(?:\/[A-Za-z])?/g)) {
    // Two letters are too common as words to be read in lower case.
    const names = byShort.get(word.length > 2 ? word.toUpperCase() : word);
    if (names !== undefined)
      found.push({ names, from: index, to: index + word.length, short: true, finding: false });
  }
  found.sort((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from);
  const kept: Entity[] = [];
  for (const entity of found)
    if (!kept.some((other) => other.finding === entity.finding && overlap(other, entity))) kept.push(entity);
  return kept.sort((a, b) => a.from - b.from);
}

const overlap = (a: Entity, b: Entity) => a.from < b.to && b.from < a.to;

function strictSpan(words: Stem[], at: number, stems: string[]): { from: number; to: number } | undefined {
  const [first, last] = [words[at], words[at + stems.length - 1]];
  if (first === undefined || last === undefined) return undefined;
  if (stems.some((stem, n) => words[at + n]?.stem !== stem)) return undefined;
  return { from: first.from, to: last.to };
}

function looseSpan(words: Stem[], at: number, stems: string[]): { from: number; to: number } | undefined {
  const near = words.slice(at, at + stems.length + (stems.length > 1 ? between : 0));
  const last = Math.max(...stems.map((stem) => near.findIndex((word) => word.stem === stem)));
  if (stems.some((stem) => !near.some((word) => word.stem === stem))) return undefined;
  const [from, to] = [near[0], near[last]];
  return from === undefined || to === undefined ? undefined : { from: from.from, to: to.to };
}

/** A text with its abbreviations written out, for an encoder that may not know them: "SOB" becomes "shortness of breath". */
export function writtenOut(text: string): string {
  const short = entitiesOf(text).filter((entity) => entity.short);
  return short.reduceRight(
    (said, { names, from, to }) => `${said.slice(0, from)}${names[0]}${said.slice(to)}`,
    text,
  );
}

/**
 * The other names of the entities, as words to search by beside those of the text. Not those of the pack's findings: these are matched by
 * themselves, and on reports their many names ("volume loss", "failure") found other things (nDCG@10 of BM25 on IU train 0.32 → 0.24).
 */
export function otherNames(text: string): string {
  const said = new Set(stemsOf(text).map(({ stem }) => stem));
  const names = entitiesOf(text).flatMap((entity) => (entity.finding ? [] : entity.names));
  const words = names.flatMap((name) => name.split(' ')).filter((word) => word.length > 2);
  return [...new Set(words)].filter((word) => stemsOf(word).some(({ stem }) => !said.has(stem))).join(' ');
}
