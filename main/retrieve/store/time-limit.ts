import { WetreadError } from '../../error.js';

/**
 * The result of `work`, or `timed-out` when it takes longer: LanceDB itself retries what it cannot reach for minutes. The work is left to
 * end on its own.
 */
export async function withinTime<T>(work: Promise<T>, limitMs: number, signal?: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const limit = new Promise<never>((_, reject) => {
    const timer = setTimeout(
      () => reject(new WetreadError('timed-out', 'The location did not answer in time.')),
      limitMs,
    );
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  try {
    signal?.throwIfAborted();
    return await Promise.race([work, limit]);
  } finally {
    stop?.();
  }
}
