import { regionsOf } from './regions.js';

interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Whether the ink within a rectangle is one patch, about as wide as tall, that keeps away from its edges: a letter alone, as side markers are.
 * Where that cannot be told from the ground (Otsu's threshold parts something else), it is not.
 * @param image 8-bit
 */
export function isOneLetter(
  { rows, columns, data }: { rows: number; columns: number; data: Uint8Array },
  found: Rectangle,
): boolean {
  // A rectangle that is close to its letter may cut a stroke.
  const margin = Math.ceil(0.15 * Math.min(found.right - found.left, found.bottom - found.top));
  const left = Math.max(0, found.left - margin);
  const top = Math.max(0, found.top - margin);
  const right = Math.min(columns, found.right + margin);
  const bottom = Math.min(rows, found.bottom + margin);
  const size = { rows: bottom - top, columns: right - left };
  const part = new Uint8Array(size.rows * size.columns);
  for (let y = 0; y < size.rows; y++)
    part.set(data.subarray((top + y) * columns + left, (top + y) * columns + right), y * size.columns);
  const threshold = otsu(part);
  const bright = part.reduce((sum, value) => sum + (value > threshold ? 1 : 0), 0);
  const likelihoods = Float32Array.from(part, (value) =>
    Number(value > threshold === bright * 2 <= part.length),
  );
  const patches = regionsOf({ ...size, likelihoods }, 0.5).sort((a, b) => b.cells.length - a.cells.length);
  const [largest, second] = patches;
  if (!largest || (second && second.cells.length > 0.15 * largest.cells.length)) return false;
  const wide = largest.right - largest.left;
  const tall = largest.bottom - largest.top;
  const apart =
    largest.left > 0 && largest.top > 0 && largest.right < size.columns && largest.bottom < size.rows;
  return apart && Math.max(wide, tall) <= 1.9 * Math.min(wide, tall);
}

/** The grey that parts values into the two classes that are farthest apart (Otsu 1979). */
function otsu(values: Uint8Array): number {
  const counts = new Uint32Array(256);
  let total = 0;
  for (const value of values) {
    counts[value] = (counts[value] ?? 0) + 1;
    total += value;
  }
  let best = 0;
  let threshold = 0;
  let below = 0;
  let sum = 0;
  for (let grey = 0; grey < 255; grey++) {
    const count = counts[grey] ?? 0;
    below += count;
    sum += grey * count;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const apart = below * above * (sum / below - (total - sum) / above) ** 2;
    if (apart > best) {
      best = apart;
      threshold = grey;
    }
  }
  return threshold;
}
