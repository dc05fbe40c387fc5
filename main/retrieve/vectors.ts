/** Scalar product; of unit vectors the cosine. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** Weighted mean, of unit length; undefined where there is no vector. */
export function meanOf(
  of: readonly { vector: Float32Array | undefined; weight: number }[],
): Float32Array | undefined {
  let sum: Float32Array | undefined;
  for (const { vector, weight } of of) {
    if (vector === undefined) continue;
    sum ??= new Float32Array(vector.length);
    for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + weight * (vector[at] ?? 0);
  }
  const length = Math.hypot(...(sum ?? [])) || 1;
  return sum?.map((value) => value / length);
}
