/**
 * Keystrokes that a draft saves against typing the reference report from nothing, counted two ways.
 *
 * `verbatim`: the character edits (Levenshtein) that turn each drafted section into the reference's, at most typing that section.
 *
 * `clinical`: what it takes until the report says what the reference says, whatever its words.
 * - 1 to sign.
 * - 1 to reject each drafted sentence that contradicts the reference, or states a finding as present that neither reference nor coding has.
 *   What is rejected counts as not drafted.
 * - A reference sentence that states findings costs nothing where the draft states them all (finding and state equal, side not opposite). A
 *   side that the draft left unsaid is typed. A finding that an offer beside the draft states costs 1, to accept it. Else the sentence is
 *   typed.
 * - A reference sentence that states no finding costs nothing where a drafted sentence is near in meaning (negation-aware cosine ≥ 0.7), else
 *   it is typed.
 * - Never more than rejecting nothing and typing it all.
 *
 * A sentence is its characters and its full stop. Marks of anonymisation are nobody's to type and are left out.
 */
import type { Statement } from '../../preload/values.js';
import type { Reference } from './reference.js';
import { type Embedded, negationAware } from './similarity.js';
import { isOpposite, isSame, statementsOf } from './statements.js';

export const NEAR = 0.7;

export interface Keystrokes {
  /** Keystrokes with the draft, and characters without. */
  needed: number;
  typed: number;
}

/** Least number of characters to insert, delete or replace (Levenshtein 1966). */
export function editDistance(a: string, b: string): number {
  let row = Uint32Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = new Uint32Array(b.length + 1);
    next[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1);
      next[j] = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

export function verbatimKeystrokes(
  draft: { findings: string; impression: string },
  { sections }: Pick<Reference, 'sections'>,
): Keystrokes {
  let needed = 0;
  let typed = 0;
  for (const section of ['findings', 'impression'] as const) {
    const length = sections[section].length;
    needed += Math.min(length, editDistance(draft[section], sections[section]));
    typed += length;
  }
  return { needed, typed };
}

const lengthOf = (sentence: string) => sentence.length + 1;

export function clinicalKeystrokes(
  draft: readonly string[],
  offers: readonly { finding: string; text: string }[],
  reference: Pick<Reference, 'sentences' | 'present' | 'coding'>,
  embedded: Embedded,
): Keystrokes {
  const truth = reference.sentences.flatMap((sentence) => statementsOf(sentence));
  const coded = reference.coding?.findings ?? new Set<string>();
  const isWrong = (statement: Statement) =>
    statement.state === 'present'
      ? (!coded.has(statement.finding) && !reference.present.has(statement.finding)) ||
        isContradicted(statement, truth)
      : isContradicted(statement, truth) ||
        (statement.state === 'absent' &&
          coded.has(statement.finding) &&
          !truth.some((t) => isSame(t, statement)));
  const kept = draft.filter((sentence) => !statementsOf(sentence).some(isWrong));
  const said = kept.flatMap((sentence) => [...statementsOf(sentence)]);

  let needed = 1 + (draft.length - kept.length);
  let typed = 0;
  const open = [...offers];
  for (const sentence of reference.sentences) {
    typed += lengthOf(sentence);
    const wanted = statementsOf(sentence);
    needed +=
      wanted.length === 0
        ? kept.some((one) => negationAware(one, sentence, embedded) >= NEAR)
          ? 0
          : lengthOf(sentence)
        : costOf(sentence, wanted, said, open);
  }
  return { needed: Math.min(needed, typed + 1), typed };
}

/** A sentence of a report may deny on one side what another states on the other, or deny a large one beside a small one: only what the
 * reference nowhere says itself is contradicted. */
function isContradicted(statement: Statement, truth: readonly Statement[]): boolean {
  return truth.some((one) => isOpposite(one, statement)) && !truth.some((one) => isSame(one, statement));
}

/** Keystrokes until `said` holds all of `wanted`; takes from `open` the offers it accepts, and adds to `said` what is then in the report. */
function costOf(
  sentence: string,
  wanted: readonly Statement[],
  said: Statement[],
  open: { finding: string; text: string }[],
): number {
  let cost = 0;
  const accepted: { finding: string; text: string }[] = [];
  for (const one of wanted) {
    const there = said.filter((other) => isSame(other, one));
    if (there.length > 0) {
      if (one.side && one.state === 'present' && !there.some(({ side }) => side === one.side))
        cost += one.side.length + 1;
      continue;
    }
    const offer = open.find((other) => statementsOf(other.text).some((s) => isSame(s, one)));
    if (!offer) {
      said.push(...wanted);
      return lengthOf(sentence);
    }
    if (!accepted.includes(offer)) accepted.push(offer);
  }
  if (cost + accepted.length >= lengthOf(sentence)) {
    said.push(...wanted);
    return lengthOf(sentence);
  }
  for (const offer of accepted) open.splice(open.indexOf(offer), 1);
  said.push(...accepted.flatMap(({ text }) => [...statementsOf(text)]), ...wanted);
  return cost + accepted.length;
}
