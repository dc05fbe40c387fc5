import type { Frame } from '../../preload/values.js';

export interface GreyImage {
  rows: number;
  columns: number;
  data: Uint8Array<ArrayBuffer>;
}

/**
 * 8-bit grey as the frame is shown at first: window applied (PS3.3 C.11.2.1.2), MONOCHROME1 inverted, RGB to luma (BT.601).
 */
export function renderGrey(frame: Frame): GreyImage {
  const { rows, columns, data } = frame;
  const out = new Uint8Array(rows * columns);
  if (frame.kind === 'rgb') {
    for (let i = 0, from = 0; i < out.length; i++, from += 3)
      out[i] = Math.round(
        0.299 * (data[from] ?? 0) + 0.587 * (data[from + 1] ?? 0) + 0.114 * (data[from + 2] ?? 0),
      );
    return { rows, columns, data: out };
  }
  const { center, width } = frame.window;
  const whole = frame.type !== 'float32' && width > 1;
  const low = whole ? center - 0.5 - (width - 1) / 2 : center - width / 2;
  const scale = 255 / (whole ? width - 1 : width);
  const flip = frame.invert ? 255 : 0;
  for (let i = 0; i < out.length; i++) {
    const level = Math.round(((data[i] ?? 0) - low) * scale);
    const shown = level > 0 ? (level < 255 ? level : 255) : 0;
    out[i] = flip ? 255 - shown : shown;
  }
  return { rows, columns, data: out };
}
