import type { RemovalKind, Removals } from '../../../preload/values.js';
import { agesAbove89 } from './ages.js';
import { contacts } from './contacts.js';
import { dates } from './dates.js';
import { institutions } from './institutions.js';
import { knownSpans } from './known.js';
import { namesOf } from './names.js';
import { numbers } from './numbers.js';
import { places } from './places.js';
import { findAll, type Rule, type Span, settle } from './spans.js';

/** A text without what identifies people, and what that was. */
export interface Deidentified {
  /** With a placeholder for each part removed: `[name]`, `[date]`, …; ages above 89 read 90. */
  text: string;
  /** The original text in order; what goes carries why. */
  pieces: { text: string; removed?: RemovalKind }[];
  removals: Removals;
}

/** A text with more names is a directory, and each is announced there. */
const mostNames = 40;

const rules: readonly Rule[] = [...contacts, ...dates, ...numbers, ...places];

/**
 * Removes the identifiers of 45 CFR 164.514(b)(2) (HIPAA Safe Harbor) from a text on radiology: names, places below a state, dates but
 * for the year, ages above 89, contacts, numbers of persons, records and devices, and institutions. By rules: what has neither a cue
 * nor the shape of an identifier is not seen.
 * @param options `known`: what the record's own header says (names in any order, ids, institution), removed wherever it stands; a single word
 * that reports use for other things as well (White, Wilson) only behind a title
 */
export function deidentify(text: string, options: { known?: readonly string[] } = {}): Deidentified {
  const people = namesOf(text);
  const spans = settle([
    ...knownSpans(text, options.known ?? []),
    ...findAll(rules, text),
    ...agesAbove89(text),
    ...institutions(text),
    ...people,
    ...repeated(text, people),
  ]);
  const pieces: Deidentified['pieces'] = [];
  const removals: Removals = {};
  let clean = '';
  let at = 0;
  for (const { from, to, kind, instead } of spans) {
    if (from > at) pieces.push({ text: text.slice(at, from) });
    pieces.push({ text: text.slice(from, to), removed: kind });
    clean += text.slice(at, from) + (instead ?? `[${kind}]`);
    removals[kind] = (removals[kind] ?? 0) + 1;
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return { text: clean + text.slice(at), pieces, removals };
}

/** A name that a cue gave away once goes wherever it stands. */
function repeated(text: string, people: readonly Span[]): Span[] {
  const names = new Set(people.map(({ from, to }) => text.slice(from, to)));
  if (names.size === 0 || names.size > mostNames) return [];
  return knownSpans(text, [...names], { doubtful: false }).filter(({ from }) =>
    /\p{Lu}/u.test(text[from] ?? ''),
  );
}
