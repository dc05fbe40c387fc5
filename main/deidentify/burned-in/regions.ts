/** A connected patch of cells: their places, row by row. */
export interface Region {
  cells: number[];
  left: number;
  top: number;
  /** The far edges exclusive. */
  right: number;
  bottom: number;
}

/** The patches of cells of at least `least`, neighbours by side or corner. */
export function regionsOf(
  { rows, columns, likelihoods }: { rows: number; columns: number; likelihoods: Float32Array },
  least: number,
): Region[] {
  const seen = new Uint8Array(rows * columns);
  const found: Region[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] !== 0 || (likelihoods[start] ?? 0) < least) continue;
    const cells = [start];
    seen[start] = 1;
    for (let next = 0; next < cells.length; next++) {
      const cell = cells[next] ?? 0;
      const x = cell % columns;
      const y = (cell - x) / columns;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny++)
        for (let nx = Math.max(0, x - 1); nx <= Math.min(columns - 1, x + 1); nx++) {
          const at = ny * columns + nx;
          if (seen[at] !== 0 || (likelihoods[at] ?? 0) < least) continue;
          seen[at] = 1;
          cells.push(at);
        }
    }
    found.push(bounded(cells, columns));
  }
  return found;
}

function bounded(cells: number[], columns: number): Region {
  const region = { cells, left: columns, top: Number.POSITIVE_INFINITY, right: 0, bottom: 0 };
  for (const cell of cells) {
    const x = cell % columns;
    const y = (cell - x) / columns;
    region.left = Math.min(region.left, x);
    region.right = Math.max(region.right, x + 1);
    region.top = Math.min(region.top, y);
    region.bottom = Math.max(region.bottom, y + 1);
  }
  return region;
}

/**
 * A patch in parts that fill their rectangles by half: lines that meet at a corner, or lean, would have the rectangle between them
 * blackened too.
 */
export function compact(region: Region, columns: number): Region[] {
  const { cells, left, top, right, bottom } = region;
  const wide = right - left;
  const tall = bottom - top;
  if (cells.length >= 0.5 * wide * tall || Math.max(wide, tall) <= 4) return [region];
  const across = wide >= tall;
  const middle = across ? left + (wide >> 1) : top + (tall >> 1);
  const before = (cell: number) => (across ? cell % columns : Math.floor(cell / columns)) < middle;
  return [cells.filter(before), cells.filter((cell) => !before(cell))]
    .filter(({ length }) => length > 0)
    .flatMap((half) => compact(bounded(half, columns), columns));
}
