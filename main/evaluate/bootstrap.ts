/** Intervals by the bootstrap (Efron 1979): studies drawn with replacement, the figure computed anew each time. */

/** Numbers 0…1 that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The value below which a share `p` (0…1) of the values lies, by the nearest rank; undefined without values. */
export function percentile(values: readonly number[], p: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))];
}

/**
 * 95 % interval of a figure that is computed from sums over studies. `rows`: what each study adds, [n][k]; `figure`: from the k sums.
 * Undefined where there are fewer than two studies, or the figure is never a number.
 */
export function interval(
  rows: readonly (readonly number[])[],
  figure: (sums: readonly number[]) => number,
  { resamples = 1000, seed = 1 }: { resamples?: number; seed?: number } = {},
): [low: number, high: number] | undefined {
  if (rows.length < 2) return undefined;
  const width = rows[0]?.length ?? 0;
  const next = seededRandom(seed);
  const values: number[] = [];
  for (let i = 0; i < resamples; i++) {
    const sums = new Array<number>(width).fill(0);
    for (let n = 0; n < rows.length; n++) {
      const row = rows[Math.floor(next() * rows.length)] ?? [];
      for (let k = 0; k < width; k++) sums[k] = (sums[k] ?? 0) + (row[k] ?? 0);
    }
    const value = figure(sums);
    if (Number.isFinite(value)) values.push(value);
  }
  const low = percentile(values, 0.025);
  const high = percentile(values, 0.975);
  return low === undefined || high === undefined ? undefined : [low, high];
}
