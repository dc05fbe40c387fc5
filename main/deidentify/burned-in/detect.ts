import { cellPx, type TextMap, textMap } from './network.js';
import { isOneLetter } from './one-letter.js';
import { compact, type Region, regionsOf } from './regions.js';

/** A line that is likely text, in pixels of the image, the far edges exclusive. */
export interface TextBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** About how many; one is more often a side marker than a name. */
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

/** Cells less likely than this are no part of a line. */
const least = 0.35;

/** Images of sides up to this are looked at doubled, unless less will do: their letters may be few pixels high. */
const doubledUpToPx = 700;

/**
 * Lines that may be text, upright or turned, bright or dark: looked for as the image is and at half its sides, or, where it is small, doubled and
 * as it is. Costs about 400 multiplications a pixel, 1,700 where it is small.
 */
export function candidates(image: GreyPixels, largestDoubledPx = doubledUpToPx): TextBox[] {
  const small = Math.max(image.rows, image.columns) <= largestDoubledPx;
  const sizes = small
    ? ([
        [doubled(image), 0.5],
        [image, 1],
      ] as const)
    : ([
        [image, 1],
        [halved(image), 2],
      ] as const);
  return sizes.flatMap(([sized, scale]) => linesIn(sized).map((box) => scaled(box, scale, image)));
}

/** Likelihoods from which on a line is taken for text. */
export interface Thresholds {
  /** Of lines of four letters and more. */
  long: number;
  /** Of shorter ones, which chance makes sooner. */
  short: number;
}

/**
 * Finds text that is burned into an image; no characters are read. Boxes that cover one another are one.
 * @param image as it is shown; larger ones than about 1,500 pixels a side are better made smaller first
 * @param options `largestDoubledPx`: images of longer sides are not looked at doubled, which takes four times as long and finds letters of less than
 * about ten pixels. Default 700
 */
export function detectText(
  image: GreyPixels,
  thresholds: Thresholds,
  { largestDoubledPx }: { largestDoubledPx?: number | undefined } = {},
): TextBox[] {
  return distinct(
    candidates(image, largestDoubledPx).filter(
      ({ likelihood, letters }) => likelihood >= (letters < 4 ? thresholds.short : thresholds.long),
    ),
  );
}

function linesIn(image: GreyPixels): TextBox[] {
  const map = textMap(image);
  return regionsOf(map, least).flatMap((region) => {
    if (region.cells.length < 4) return [];
    const likelihood = likelihoodOf(region, map);
    const thick = thickness(region, map.columns);
    const letters = Math.max(2, Math.round(region.cells.length / (0.62 * thick ** 2)));
    const boxes = compact(region, map.columns).map(({ left, top, right, bottom }) => ({
      left: left * cellPx,
      top: top * cellPx,
      right: Math.min(image.columns, right * cellPx),
      bottom: Math.min(image.rows, bottom * cellPx),
    }));
    const [only, ...others] = boxes;
    const alone = only && others.length === 0 && letters <= 4 && isOneLetter(image, only);
    return boxes.map((box) => ({ ...box, letters: alone ? 1 : letters, likelihood }));
  });
}

/** The mean of the likelier half of its cells, of twelve at least: few or doubtful ones are no line. */
function likelihoodOf({ cells }: Region, { likelihoods }: TextMap): number {
  const values = cells.map((cell) => likelihoods[cell] ?? 0).sort((a, b) => b - a);
  const counted = Math.max(12, values.length >> 1);
  return values.slice(0, counted).reduce((sum, value) => sum + value, 0) / counted;
}

/** Cells across a line, whichever way it runs: the shorter of its mean runs. */
function thickness({ cells }: Region, columns: number): number {
  const own = new Set(cells);
  let across = 0;
  let down = 0;
  for (const cell of cells) {
    if (!own.has(cell - 1) || cell % columns === 0) across++;
    if (!own.has(cell - columns)) down++;
  }
  return cells.length / Math.max(across, down);
}

function scaled(box: TextBox, scale: number, { rows, columns }: GreyPixels): TextBox {
  return {
    ...box,
    left: Math.max(0, Math.floor(box.left * scale)),
    top: Math.max(0, Math.floor(box.top * scale)),
    right: Math.min(columns, Math.ceil(box.right * scale)),
    bottom: Math.min(rows, Math.ceil(box.bottom * scale)),
  };
}

/** Each pixel for four, blended with its neighbours (bilinear). */
function doubled({ rows, columns, data }: GreyPixels): GreyPixels {
  const out = new Uint8Array(4 * rows * columns);
  for (let y = 0; y < 2 * rows; y++) {
    const near = (y >> 1) * columns;
    const far = Math.min(rows - 1, Math.max(0, (y >> 1) + (y % 2 === 0 ? -1 : 1))) * columns;
    for (let x = 0; x < 2 * columns; x++) {
      const own = x >> 1;
      const side = Math.min(columns - 1, Math.max(0, own + (x % 2 === 0 ? -1 : 1)));
      out[y * 2 * columns + x] = Math.round(
        (9 * (data[near + own] ?? 0) +
          3 * (data[near + side] ?? 0) +
          3 * (data[far + own] ?? 0) +
          (data[far + side] ?? 0)) /
          16,
      );
    }
  }
  return { rows: 2 * rows, columns: 2 * columns, data: out };
}

function halved({ rows, columns, data }: GreyPixels): GreyPixels {
  const out = { rows: rows >> 1, columns: columns >> 1 };
  const means = new Uint8Array(out.rows * out.columns);
  for (let y = 0; y < out.rows; y++)
    for (let x = 0; x < out.columns; x++) {
      const at = 2 * y * columns + 2 * x;
      means[y * out.columns + x] =
        ((data[at] ?? 0) +
          (data[at + 1] ?? 0) +
          (data[at + columns] ?? 0) +
          (data[at + columns + 1] ?? 0) +
          2) >>
        2;
    }
  return { ...out, data: means };
}

/** Of boxes that cover each other by half one around both: the whole line. */
function distinct(boxes: readonly TextBox[]): TextBox[] {
  const kept: TextBox[] = [];
  for (const box of [...boxes].sort((a, b) => b.likelihood - a.likelihood)) {
    const other = kept.find((one) => Math.max(covered(box, one), covered(one, box)) > 0.5);
    if (!other) kept.push({ ...box });
    else {
      other.left = Math.min(other.left, box.left);
      other.top = Math.min(other.top, box.top);
      other.right = Math.max(other.right, box.right);
      other.bottom = Math.max(other.bottom, box.bottom);
      other.letters = Math.max(other.letters, box.letters);
    }
  }
  return kept;
}

/** The share of `a` that `b` covers. */
function covered(a: TextBox, b: TextBox): number {
  const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return wide > 0 && tall > 0 ? (wide * tall) / ((a.right - a.left) * (a.bottom - a.top)) : 0;
}
