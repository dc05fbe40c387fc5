import type { FailedSignIns } from '../review/index.js';

/** So many tries are free: everybody mistypes. */
const freeTries = 3;
const longestWaitSeconds = 15 * 60;

/**
 * Seconds that still have to pass before the next try: none for the first three failures, then two, doubling up to a quarter of an
 * hour, so that nobody is locked out for good. `now` in milliseconds; a clock that was set back makes no wait longer.
 */
export function waitSeconds({ count, at }: FailedSignIns, now: number): number {
  if (count < freeTries) return 0;
  const wait = Math.min(2 ** (count - freeTries + 1), longestWaitSeconds);
  const passed = Math.max(0, (now - Date.parse(at)) / 1000);
  return Math.max(0, Math.ceil(wait - passed));
}
