import type { StoredFrame } from '../../study/index.js';

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Blackens rectangles of a stored frame, in place: with the value that shows darkest of those in the frame, so that windowing stays as it
 * is. Colour by palette gets the index 0.
 */
export function boxOut(frame: StoredFrame, boxes: readonly Box[]): void {
  const { rows, columns, samples, values, photometric } = frame;
  const black = blackOf(frame);
  for (const { left, top, right, bottom } of boxes)
    for (let y = Math.max(0, top); y < Math.min(rows, bottom); y++)
      for (let x = Math.max(0, left); x < Math.min(columns, right); x++)
        for (let sample = 0; sample < samples; sample++)
          values[(y * columns + x) * samples + sample] =
            photometric.startsWith('YBR') && sample > 0 ? 128 : black;
}

function blackOf({ samples, values, photometric }: StoredFrame): number {
  if (samples > 1 || photometric === 'PALETTE COLOR') return 0;
  const inverted = photometric === 'MONOCHROME1';
  let black = values[0] ?? 0;
  for (let i = 1; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (inverted ? value > black : value < black) black = value;
  }
  return black;
}
