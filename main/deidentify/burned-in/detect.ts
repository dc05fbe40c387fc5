import { components } from './components.js';
import { featuresOf, lettersIn } from './features.js';
import { isGlyphLike, type Line, linesOf } from './lines.js';
import { topHat } from './top-hat.js';
import { weights } from './weights.js';

/** A line that is likely text, in pixels of the image, the far edges exclusive. */
export interface TextBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** About how many; one to three are more often a side marker than a name. */
  letters: number;
  /** 0 to 1. */
  likelihood: number;
}

export interface GreyPixels {
  rows: number;
  columns: number;
  /** 8-bit. */
  data: Uint8Array;
}

/** A line with what it looks like, before it is judged. */
export interface Candidate extends Line {
  features: number[];
}

/** Strokes are thinner than this many pixels, and this much brighter than their ground. */
const strokeSides = [7, 15];
const leastContrast = 34;

/** Lines that may be text, bright on dark and dark on bright. */
export function candidates({ rows, columns, data }: GreyPixels): Candidate[] {
  const found: Candidate[] = [];
  for (const image of [data, inverted(data)])
    for (const side of strokeSides) {
      const mask = topHat(image, rows, columns, side);
      for (let i = 0; i < mask.length; i++) mask[i] = (mask[i] ?? 0) >= leastContrast ? 1 : 0;
      for (const line of linesOf(components(mask, rows, columns).filter(isGlyphLike)))
        if (lettersIn(line) >= 2)
          found.push({ ...line, features: featuresOf(line, image, mask, rows, columns) });
    }
  return found;
}

function inverted(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < out.length; i++) out[i] = 255 - (data[i] ?? 0);
  return out;
}

function likelihoodOf(features: readonly number[]): number {
  const sum = features.reduce((total, value, i) => total + value * (weights.of[i] ?? 0), weights.bias);
  return 1 / (1 + Math.exp(-sum));
}

/**
 * Finds text that is burned into an image: lines of thin, sharp, even strokes of like height on one level (no characters are read). Turned and
 * handwritten text is not found.
 * @param image as it is shown; larger ones than about 1,500 pixels a side are better made smaller first
 * @param threshold of the likelihood
 */
export function detectText(image: GreyPixels, threshold: number = weights.threshold): TextBox[] {
  const boxes = candidates(image).flatMap((line): TextBox[] => {
    const likelihood = likelihoodOf(line.features);
    const { left, top, right, bottom } = line;
    return likelihood >= threshold
      ? [{ left, top, right, bottom, letters: lettersIn(line), likelihood }]
      : [];
  });
  return distinct(boxes);
}

/** Of boxes that cover each other the likeliest. */
function distinct(boxes: readonly TextBox[]): TextBox[] {
  const kept: TextBox[] = [];
  for (const box of [...boxes].sort((a, b) => b.likelihood - a.likelihood))
    if (!kept.some((other) => covered(box, other) > 0.6)) kept.push(box);
  return kept;
}

function covered(a: TextBox, b: TextBox): number {
  const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return wide > 0 && tall > 0 ? (wide * tall) / ((a.right - a.left) * (a.bottom - a.top)) : 0;
}
