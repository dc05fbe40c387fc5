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
  const errno = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  switch (errno) {
    case 'ENOENT':
      return new WetreadError('not-found', 'A file is no longer there. Check that its drive is connected.', {
        cause: thrown,
      });
    case 'EACCES':
    case 'EPERM':
      return new WetreadError('not-allowed', 'The system refused access to a file. Check its permissions.', {
        cause: thrown,
      });
    case 'ENOSPC':
      return new WetreadError(
        'disk-full',
        'The disk is full. Free some space and try again; nothing was lost.',
        { cause: thrown },
      );
    default:
      return new WetreadError('internal', 'Something unexpected went wrong. Your work is saved; try again.', {
        cause: thrown,
      });
  }
}
