import { describe, expect, it } from 'vitest';
import type { Focus } from '../../../preload/values.js';
import { contour, valueAt } from '../../../renderer/viewport/contour.js';
import { edgeLetters } from '../../../renderer/viewport/orientation.js';

/** A focus that is high around a centre (in image fractions). */
const spot = (cx: number, cy: number): Focus => ({
  instance: 'pa',
  rows: 8,
  columns: 8,
  values: Array.from({ length: 64 }, (_, i) =>
    Math.exp(-((((i % 8) + 0.5) / 8 - cx) ** 2 + ((Math.floor(i / 8) + 0.5) / 8 - cy) ** 2) / 0.03),
  ),
});

describe('valueAt', () => {
  it('is true at the centres of the cells and stays within 0…1 between them', () => {
    const focus = spot(0.3, 0.65);
    for (let r = 0; r < 8; r++)
      for (let c = 0; c < 8; c++)
        expect(valueAt(focus, (c + 0.5) / 8, (r + 0.5) / 8)).toBeCloseTo(focus.values[r * 8 + c] ?? -1, 6);
    for (let i = 0; i <= 50; i++) {
      const value = valueAt(focus, i / 50, 1 - i / 50);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
  });
});

describe('contour', () => {
  it('lies around the place the model looked at, on the level', () => {
    const focus = spot(0.3, 0.65);
    const pieces = contour(focus, 0.5);
    expect(pieces.length).toBeGreaterThan(8);
    const xs = pieces.flatMap(([x1, , x2]) => [x1, x2]);
    const ys = pieces.flatMap(([, y1, , y2]) => [y1, y2]);
    expect((Math.min(...xs) + Math.max(...xs)) / 2).toBeCloseTo(0.3, 1);
    expect((Math.min(...ys) + Math.max(...ys)) / 2).toBeCloseTo(0.65, 1);
    for (const [x1, y1] of pieces) expect(Math.abs(valueAt(focus, x1, y1) - 0.5)).toBeLessThan(0.05);
  });
  it('is empty where the model looked nowhere', () => {
    expect(contour({ instance: 'pa', rows: 2, columns: 2, values: [0, 0, 0, 0] }, 0.5)).toEqual([]);
  });
});

describe('edgeLetters', () => {
  it('names the directions of axial, coronal and sagittal slices', () => {
    expect(edgeLetters([1, 0, 0, 0, 1, 0])).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
    expect(edgeLetters([1, 0, 0, 0, 0, -1])).toEqual({ left: 'R', right: 'L', top: 'H', bottom: 'F' });
    expect(edgeLetters([0, 1, 0, 0, 0, -1])).toEqual({ left: 'A', right: 'P', top: 'H', bottom: 'F' });
  });
  it('says nothing without an orientation', () => {
    expect(edgeLetters(undefined)).toBeUndefined();
  });
});
