/** Area under the ROC curve by the Mann–Whitney statistic, ties counting half; NaN without both classes. */
export function auroc(pairs: readonly { p: number; truth: boolean }[]): number {
  const sorted = [...pairs].sort((a, b) => a.p - b.p);
  let ranks = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end]?.p === sorted[start]?.p) end += 1;
    const rank = (start + 1 + end) / 2;
    ranks += rank * sorted.slice(start, end).filter(({ truth }) => truth).length;
    start = end;
  }
  const positives = pairs.filter(({ truth }) => truth).length;
  const negatives = pairs.length - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
