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
