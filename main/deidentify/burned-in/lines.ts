import type { Component } from './components.js';

/** Patches side by side that may be a line of text. */
export interface Line {
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** From left to right. */
  parts: Component[];
}

const height = ({ top, bottom }: Component | Line) => bottom - top;

/** Smallest and largest height of letters, in pixels of the searched image. */
export const letterHeights = { min: 4, max: 72 };

/** A patch that may be a glyph, or a few that touch. */
export function isGlyphLike(part: Component): boolean {
  const tall = height(part);
  const wide = part.right - part.left;
  if (tall < letterHeights.min || tall > letterHeights.max || wide > 14 * tall || wide * 8 < tall)
    return false;
  const fill = part.area / (tall * wide);
  return fill > 0.12 && (fill < 0.92 || wide * 2 < tall);
}

/** Joins neighbours of like height on like level into lines. */
export function linesOf(parts: readonly Component[]): Line[] {
  const sorted = [...parts].sort((a, b) => a.left - b.left);
  const lines: Line[] = [];
  const open: Line[] = [];
  for (const part of sorted) {
    let best: Line | undefined;
    let bestGap = Number.POSITIVE_INFINITY;
    for (let i = open.length - 1; i >= 0; i--) {
      const line = open[i];
      const last = line?.parts.at(-1);
      if (!line || !last) continue;
      const tall = Math.max(height(last), height(part));
      const gap = part.left - last.right;
      if (part.left - line.right > 3 * letterHeights.max) open.splice(i, 1);
      const shared = Math.min(last.bottom, part.bottom) - Math.max(last.top, part.top);
      const alike = Math.min(height(last), height(part)) >= 0.45 * tall;
      if (
        alike &&
        shared >= 0.5 * Math.min(height(last), height(part)) &&
        gap > -0.4 * tall &&
        gap < 1.3 * tall &&
        gap < bestGap
      ) {
        best = line;
        bestGap = gap;
      }
    }
    if (best) {
      best.parts.push(part);
      best.right = Math.max(best.right, part.right);
      best.top = Math.min(best.top, part.top);
      best.bottom = Math.max(best.bottom, part.bottom);
    } else {
      const line = { ...part, parts: [part] };
      lines.push(line);
      open.push(line);
    }
  }
  return lines;
}
