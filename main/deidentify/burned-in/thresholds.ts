import type { Thresholds } from './detect.js';

/** Set by what `test/bench/burned-in.ts --thresholds` tells: few of a hundred images without text may alarm. */
export const thresholds: Readonly<Record<'slices' | 'others', Thresholds>> = {
  slices: { long: 0.97, short: 0.85 },
  others: { long: 0.95, short: 0.85 },
};
