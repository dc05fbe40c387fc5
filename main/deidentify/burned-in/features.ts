import type { Line } from './lines.js';

/** What tells a line of text from ribs, vessels and edges; each about 0 to 1. */
export const featureNames = [
  'parts',
  'letters',
  'heights',
  'baseline',
  'contrast',
  'ground',
  'ink',
  'sharp',
  'stroke',
  'strokes',
  'fill',
  'size',
] as const;

const spread = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    mean,
    deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
  };
};

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** About how many letters a line has: a patch of letters that touch counts by its width. */
export function lettersIn({ parts }: Line): number {
  const tall = median(parts.map(({ top, bottom }) => bottom - top));
  return parts.reduce(
    (sum, { left, right }) => sum + Math.max(1, Math.round((right - left) / (0.7 * tall))),
    0,
  );
}

/**
 * @param image 8-bit, text brighter than its ground
 * @param mask the strokes
 */
export function featuresOf(
  line: Line,
  image: Uint8Array,
  mask: Uint8Array,
  rows: number,
  columns: number,
): number[] {
  const { parts } = line;
  const heights = parts.map(({ top, bottom }) => bottom - top);
  const tall = median(heights);
  const level = Math.max(1, 0.13 * tall);
  const near = (values: number[]) => {
    const middle = median(values);
    return values.filter((value) => Math.abs(value - middle) <= level).length / values.length;
  };
  const ink: number[] = [];
  const ground: number[] = [];
  let steep = 0;
  let edges = 0;
  const top = Math.max(0, line.top - 2);
  const bottom = Math.min(rows, line.bottom + 2);
  const left = Math.max(0, line.left - 2);
  const right = Math.min(columns, line.right + 2);
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const at = y * columns + x;
      const value = image[at] ?? 0;
      const inked = mask[at] !== 0;
      const touches =
        mask[at - 1] !== 0 || mask[at + 1] !== 0 || mask[at - columns] !== 0 || mask[at + columns] !== 0;
      if (inked) ink.push(value);
      else if (!touches) ground.push(value);
      const next = image[at + 1] ?? value;
      const across = mask[at + 1] !== 0;
      if (inked !== across && x + 1 < right) {
        edges++;
        // The step over three pixels, which antialiasing takes.
        steep += Math.abs((image[at + 2] ?? next) - (image[at - 1] ?? value));
      }
    }
  const of = (values: number[]) => (values.length > 0 ? spread(values) : { mean: 0, deviation: 64 });
  const inks = of(ink);
  const grounds = of(ground);
  const contrast = Math.max(1, inks.mean - grounds.mean);
  const strokes = parts.map(({ area, runs }) => area / Math.max(1, runs));
  const stroke = of(strokes);
  const density = parts.reduce((sum, { runs }) => sum + runs, 0) / Math.max(1, tall);
  const letters = lettersIn(line);
  return [
    Math.min(1, Math.log2(parts.length) / 4),
    Math.min(1, Math.log2(letters) / 5),
    Math.min(1, of(heights).deviation / tall),
    Math.max(near(parts.map((one) => one.bottom)), near(parts.map((one) => one.top))),
    contrast / 255,
    Math.min(1.5, grounds.deviation / contrast),
    Math.min(1.5, inks.deviation / contrast),
    Math.min(1.5, steep / Math.max(1, edges) / contrast),
    Math.min(1, stroke.mean / tall),
    Math.min(1, stroke.deviation / Math.max(1, stroke.mean)),
    Math.min(1, density / letters / 3),
    Math.min(1, Math.log2(tall) / 6),
  ];
}
