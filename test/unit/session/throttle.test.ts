import { describe, expect, it } from 'vitest';
import { waitSeconds } from '../../../main/session/throttle.js';

const at = '2026-01-02T00:00:00.000Z';
const later = (seconds: number) => Date.parse(at) + 1000 * seconds;
const wait = (count: number, seconds = 0) => waitSeconds({ count, at }, later(seconds));

describe('the wait after failed sign-ins', () => {
  it('begins after the third and doubles up to a quarter of an hour', () => {
    expect([0, 1, 2, 3, 4, 5, 6].map((count) => wait(count))).toEqual([0, 0, 0, 2, 4, 8, 16]);
    expect([12, 13, 500, 10_000].map((count) => wait(count))).toEqual([900, 900, 900, 900]);
  });
  it('passes', () => {
    expect([0, 1, 3.5, 4, 5].map((seconds) => wait(4, seconds))).toEqual([4, 3, 1, 0, 0]);
  });
  it('is no longer for a clock that was set back', () => {
    expect(wait(4, -1_000_000)).toBe(4);
  });
});
