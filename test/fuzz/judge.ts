import { type ErrorCode, WetreadError } from '../../main/error.js';

/** What a reader may answer to bytes that it cannot read. `internal` would be our own fault; the rest have nothing to do with reading. */
const sensible = new Set<ErrorCode>([
  'not-found',
  'not-allowed',
  'not-dicom',
  'damaged-file',
  'no-pixels',
  'unsupported-syntax',
  'limit-exceeded',
  'bad-input',
  'pack-missing',
  'index-missing',
  'store-damaged',
  'flag-open',
  'wrong-state',
  'locked',
  'role-missing',
  'untrusted',
  'engine-lost',
  'cancelled',
]);

/** Of a coded refusal nothing; of all else what tells one fault from another: its kind, its words without their numbers, and where it was thrown. */
export function faultOf(thrown: unknown): string | undefined {
  if (thrown instanceof WetreadError)
    return sensible.has(thrown.code)
      ? undefined
      : `${thrown.code}: ${plain(thrown.message)}${thrown.cause === undefined ? '' : ` ← ${describe(thrown.cause)}`}`;
  return describe(thrown);
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return plain(`${typeof thrown} ${String(thrown)}`);
  const place = /^\s*at (?:async )?(?:new )?([\w.#<>[\] ]+?)(?: \(|$)/m.exec(thrown.stack ?? '')?.[1];
  return `${thrown.name}: ${plain(thrown.message)}${place === undefined ? '' : ` in ${place}`}`;
}

const plain = (text: string) => text.replace(/\d+/g, '#').slice(0, 200);
