import type { Frame } from '../../preload/values.js';
import { float, type Tensor } from './onnx.js';

/** A display image, 8 bit grey, row by row from the top left: VOI applied, white is dense. */
export interface GreyImage {
  rows: number;
  columns: number;
  data: Uint8Array;
  /** Mean chroma 0…255 of the source where it was coloured: a photograph is no radiograph. */
  chroma?: number;
}

/** Scales 8 bit grey from columns × rows to width × height (`resizeGrey` of `main/study`). */
export type Resize = (
  data: Uint8Array,
  columns: number,
  rows: number,
  width: number,
  height: number,
) => Promise<Uint8Array>;

/** Above this mean chroma an image counts as a colour photograph, not as a tinted scan. */
export const PHOTOGRAPH_CHROMA = 12;

/** Images → the encoder's input [V,1,size,size] in 0…1. Whole images are squashed, as in training. */
export async function toInput(images: GreyImage[], size: number, resize: Resize): Promise<Tensor> {
  const data = new Float32Array(images.length * size * size);
  for (const [place, image] of images.entries()) {
    const pixels =
      image.rows === size && image.columns === size
        ? image.data
        : await resize(image.data, image.columns, image.rows, size, size);
    const first = place * size * size;
    for (let i = 0; i < size * size; i++) data[first + i] = (pixels[i] ?? 0) / 255;
  }
  return float(data, [images.length, 1, size, size]);
}

/** Mean chroma 0…255 of a decoded frame: how far its colours are from grey. 0 for a grey frame. */
export function meanChroma({ kind, data }: Pick<Frame, 'kind' | 'data'>): number {
  if (kind === 'grey') return 0;
  let sum = 0;
  for (let i = 0; i + 2 < data.length; i += 3) {
    const [r = 0, g = 0, b = 0] = [data[i], data[i + 1], data[i + 2]];
    sum += Math.max(r, g, b) - Math.min(r, g, b);
  }
  return sum / Math.max(1, data.length / 3);
}
