/** The closed set of what can go wrong, for the user and for other programs. */
export const errorCodes = [
  'not-found',
  'not-allowed',
  'not-dicom',
  'damaged-file',
  'no-pixels',
  'unsupported-syntax',
  'limit-exceeded',
  'timed-out',
  'cancelled',
  'bad-input',
  'pack-missing',
  'pack-damaged',
  'index-missing',
  'index-damaged',
  'index-away',
  'store-damaged',
  'flag-open',
  'wrong-state',
  'engine-lost',
  'untrusted',
  'locked',
  'role-missing',
  'disk-full',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** The one error of Wetread: a code of the closed set, a sentence for the user (what, which file, what to do), and the cause. */
export class WetreadError extends Error {
  override readonly name = 'WetreadError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Turns anything thrown into a WetreadError; an unknown error becomes `internal`, its text kept only as the cause. */
export function toWetreadError(thrown: unknown): WetreadError {
  if (thrown instanceof WetreadError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return new WetreadError('cancelled', 'Cancelled.', { cause: thrown });
  const options = { cause: thrown };
  switch (systemCode(thrown)) {
    case 'ENOENT':
      return new WetreadError(
        'not-found',
        `${pathOf(thrown) ?? 'A file'} is no longer there. Check that its drive is connected.`,
        options,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new WetreadError(
        'not-allowed',
        `The system refused access to ${pathOf(thrown) ?? 'a file'}. Check its permissions, and that its disk can be written.`,
        options,
      );
    // The quota of the user, and the largest file that the user may write, are as full as a disk.
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new WetreadError('disk-full', diskFull, options);
    default:
      return new WetreadError(
        'internal',
        'Something unexpected went wrong. Your work is saved; try again.',
        options,
      );
  }
}

/** What is said wherever a disk is full. */
export const diskFull = 'The disk is full. Free some space and try again; nothing was lost.';

const pathOf = (thrown: unknown) =>
  thrown instanceof Error && 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : undefined;

/** The numbers of Linux, macOS and Windows that Rust's errors, LanceDB's among them, have in their text: `(os error 28)`. */
const osErrors: Readonly<Record<string, readonly number[]>> =
  process.platform === 'win32'
    ? { ENOSPC: [112, 39, 1295], EACCES: [5, 19] }
    : process.platform === 'darwin'
      ? { ENOSPC: [28, 69, 27], EACCES: [1, 13, 30] }
      : { ENOSPC: [28, 122, 27], EACCES: [1, 13, 30] };

/** The system's own name of what went wrong, of an error of Node or in the text of one of a native library. */
function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if ('code' in thrown && typeof thrown.code === 'string' && /^E[A-Z]+$/.test(thrown.code))
    return thrown.code;
  const [, number] = /\(os error (\d+)\)/.exec(thrown.message) ?? [];
  if (number === undefined) return undefined;
  return Object.entries(osErrors).find(([, numbers]) => numbers.includes(Number(number)))?.[0];
}
