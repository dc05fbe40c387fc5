/** A connected patch of strokes: a glyph, or glyphs that touch. Pixels, the far edges exclusive. */
export interface Component {
  left: number;
  top: number;
  right: number;
  bottom: number;
  area: number;
  /** Horizontal runs of its pixels: about its strokes times its height. */
  runs: number;
}

/** The patches of a mask, neighbours by side or corner. */
export function components(mask: Uint8Array, rows: number, columns: number): Component[] {
  interface Run {
    start: number;
    end: number;
    label: number;
  }
  const parents: number[] = [];
  const root = (label: number): number => {
    let at = label;
    while ((parents[at] ?? at) !== at) at = parents[at] ?? at;
    for (let walk = label; walk !== at; ) {
      const next = parents[walk] ?? at;
      parents[walk] = at;
      walk = next;
    }
    return at;
  };
  const found: (Component | undefined)[] = [];
  let above: Run[] = [];
  for (let y = 0; y < rows; y++) {
    const line: Run[] = [];
    let first = 0;
    for (let x = 0; x < columns; x++) {
      if (mask[y * columns + x] === 0) continue;
      const start = x;
      while (x < columns && mask[y * columns + x] !== 0) x++;
      let label = -1;
      while ((above[first]?.end ?? Number.POSITIVE_INFINITY) < start) first++;
      for (let i = first; (above[i]?.start ?? Number.POSITIVE_INFINITY) <= x; i++) {
        const other = root(above[i]?.label ?? 0);
        if (label < 0) label = other;
        else if (other !== label) {
          const [keep, drop] = label < other ? [label, other] : [other, label];
          parents[drop] = keep;
          merge(found, keep, drop);
          label = keep;
        }
      }
      if (label < 0) {
        label = parents.length;
        parents.push(label);
        found.push({ left: start, top: y, right: x, bottom: y + 1, area: 0, runs: 0 });
      }
      const own = found[label];
      if (own) {
        own.left = Math.min(own.left, start);
        own.right = Math.max(own.right, x);
        own.bottom = y + 1;
        own.area += x - start;
        own.runs++;
      }
      line.push({ start, end: x, label });
    }
    above = line;
  }
  return found.filter((one) => one !== undefined);
}

function merge(found: (Component | undefined)[], keep: number, drop: number): void {
  const a = found[keep];
  const b = found[drop];
  if (a && b) {
    a.left = Math.min(a.left, b.left);
    a.top = Math.min(a.top, b.top);
    a.right = Math.max(a.right, b.right);
    a.bottom = Math.max(a.bottom, b.bottom);
    a.area += b.area;
    a.runs += b.runs;
  }
  found[drop] = undefined;
}
