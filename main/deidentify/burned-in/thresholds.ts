import type { Thresholds } from './detect.js';

/** Set on the images of `test/bench/burned-in.ts --set tune`. */
export const thresholds: Readonly<Record<'slices' | 'others', Thresholds>> = {
  slices: { long: 0.93, short: 0.96 },
  others: { long: 0.9, short: 0.93 },
};
