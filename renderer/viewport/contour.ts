import type { Focus } from '../../preload/values.js';

/** A line piece in image fractions: 0…1 across the columns, 0…1 down the rows. */
export type Piece = readonly [x1: number, y1: number, x2: number, y2: number];

/** Weights of four neighbouring samples at `t` between the middle two (Catmull and Rom, 1974): smooth, and true at the samples. */
const weights = (t: number) =>
  [
    ((2 - t) * t - 1) * t * 0.5,
    ((3 * t - 5) * t * t + 2) * 0.5,
    ((4 - 3 * t) * t + 1) * t * 0.5,
    (t - 1) * t * t * 0.5,
  ] as const;

/** The value of a focus grid at a place in image fractions, bicubic between the centres of its cells, 0…1. */
export function valueAt(focus: Focus, x: number, y: number): number {
  const column = Math.max(0, Math.min(focus.columns - 1, x * focus.columns - 0.5));
  const row = Math.max(0, Math.min(focus.rows - 1, y * focus.rows - 0.5));
  const [c, r] = [Math.floor(column), Math.floor(row)];
  const across = weights(column - c);
  const down = weights(row - r);
  let value = 0;
  down.forEach((wr, i) => {
    const sampleRow = Math.max(0, Math.min(focus.rows - 1, r + i - 1));
    across.forEach((wc, j) => {
      const sampleColumn = Math.max(0, Math.min(focus.columns - 1, c + j - 1));
      value += wr * wc * (focus.values[sampleRow * focus.columns + sampleColumn] ?? 0);
    });
  });
  return Math.max(0, Math.min(1, value));
}

/**
 * The contour of a focus grid at `level`: marching squares over a grid `fine` times as fine as the focus. Pieces are
 * not joined; drawn together they make the line.
 */
export function contour(focus: Focus, level: number, fine = 6): Piece[] {
  const [columns, rows] = [focus.columns * fine, focus.rows * fine];
  const samples = new Float32Array((columns + 1) * (rows + 1));
  for (let r = 0; r <= rows; r++)
    for (let c = 0; c <= columns; c++) samples[r * (columns + 1) + c] = valueAt(focus, c / columns, r / rows);
  const pieces: Piece[] = [];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const at = (dc: number, dr: number) => (samples[(r + dr) * (columns + 1) + c + dc] ?? 0) - level;
      const [a, b, d, e] = [at(0, 0), at(1, 0), at(1, 1), at(0, 1)];
      const crossings: [number, number][] = [];
      // Where the level crosses each of the four sides, in order around the cell.
      if (a < 0 !== b < 0) crossings.push([c + a / (a - b), r]);
      if (b < 0 !== d < 0) crossings.push([c + 1, r + b / (b - d)]);
      if (d < 0 !== e < 0) crossings.push([c + e / (e - d), r + 1]);
      if (e < 0 !== a < 0) crossings.push([c, r + a / (a - e)]);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const [p, q] = [crossings[i], crossings[i + 1]];
        if (p && q) pieces.push([p[0] / columns, p[1] / rows, q[0] / columns, q[1] / rows]);
      }
    }
  }
  return pieces;
}
