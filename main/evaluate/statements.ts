/** What sentences state, compared: the same, or the opposite. All by the one finding parser. */
import type { Side, Statement } from '../../preload/values.js';
import { parseFindings } from '../findings/index.js';

const known = new Map<string, readonly Statement[]>();

/** What a text states, remembered: the same sentences come again and again in a measurement. */
export function statementsOf(text: string): readonly Statement[] {
  let statements = known.get(text);
  if (!statements) {
    statements = parseFindings(text);
    known.set(text, statements);
  }
  return statements;
}

/** Ids of the findings that texts state as present. */
export function presentIn(texts: readonly string[]): Set<string> {
  return new Set(
    texts
      .flatMap((text) => statementsOf(text))
      .filter(({ state }) => state === 'present')
      .map(({ finding }) => finding),
  );
}

const oppositeSides = (a?: Side, b?: Side) =>
  (a === 'left' && b === 'right') || (a === 'right' && b === 'left');

/** Whether two statements cannot both hold: one says present and the other absent, or both say present on opposite single sides. */
export function isOpposite(a: Statement, b: Statement): boolean {
  if (a.finding !== b.finding) return false;
  // A denial on one side says nothing of the other.
  if (a.state === 'present' && b.state === 'absent') return !oppositeSides(a.side, b.side);
  if (a.state === 'absent' && b.state === 'present') return !oppositeSides(a.side, b.side);
  return a.state === 'present' && b.state === 'present' && oppositeSides(a.side, b.side);
}

/** Whether any statement of one list is the opposite of one of the other. */
export function contradict(a: readonly Statement[], b: readonly Statement[]): boolean {
  return a.some((one) => b.some((other) => isOpposite(one, other)));
}

/** Whether `said` says of the finding what `wanted` says: the same state, and no other side. */
export function isSame(said: Statement, wanted: Statement): boolean {
  return (
    said.finding === wanted.finding && said.state === wanted.state && !oppositeSides(said.side, wanted.side)
  );
}
