/** Images as vectors that lie near each other where the images look alike, for finding earlier cases. */
import type { View } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import { type GreyImage, type Resize, toInput } from './image.js';
import { floats, int } from './onnx.js';
import type { Pack } from './pack.js';

const CODES: Record<View, number> = { frontal: 0, lateral: 1, unknown: 2 };
/** Parts that the patch grid is divided into, a side: likeness asks where in the image something is. */
const PARTS = 2;

/**
 * Embeds images of any modality, each alone, in order: [256] each, of unit length, to be compared with each other by cosine and with
 * nothing else (the joint embedding of a study is another space: it was trained on chest radiographs and tells other images apart badly).
 * Unlike `encodeStudy` it asks no gate. `view` is `unknown` for all but chest radiographs.
 * Throws `pack-damaged` where the pack's image encoder yields something else, and an AbortError by `signal`.
 */
export async function embedImages(
  pack: Pack,
  images: readonly { image: GreyImage; view: View }[],
  { resize, signal }: { resize: Resize; signal?: AbortSignal },
): Promise<Float32Array[]> {
  const { image: shape, text } = pack.manifest;
  const model = await pack.model('image');
  const vectors: Float32Array[] = [];
  for (const { image, view } of images) {
    signal?.throwIfAborted();
    const input = await toInput([image], shape.size, resize);
    const out = await model.run({ images: input, views: int([CODES[view]], [1]) }, ['features', 'tokens']);
    const features = floats(out, 'features');
    const tokens = floats(out, 'tokens');
    if (features.length !== shape.featureWidth || tokens.length !== shape.grid ** 2 * shape.tokenWidth)
      throw new WetreadError('pack-damaged', 'The model pack yields image features of another size.');
    vectors.push(likenessOf(features, tokens, { ...shape, width: text.jointWidth }));
  }
  return vectors;
}

/**
 * What the encoder sees in all (its backbone's pooled features) and what it sees in each quarter of the image (mean of the patch tokens,
 * evenly spaced channels, as many as fit), each part of unit length, side by side in `width` numbers, the rest zero.
 */
export function likenessOf(
  features: Float32Array,
  tokens: Float32Array,
  { grid, tokenWidth, width }: { grid: number; tokenWidth: number; width: number },
): Float32Array {
  const channels = Math.min(tokenWidth, Math.floor((width - features.length) / PARTS ** 2));
  const step = Math.floor(tokenWidth / channels);
  const quarters = new Float32Array(PARTS ** 2 * channels);
  for (let cell = 0; cell < grid * grid; cell++) {
    const [row, column] = [Math.floor(cell / grid), cell % grid].map((at) => Math.floor((at * PARTS) / grid));
    const first = ((row ?? 0) * PARTS + (column ?? 0)) * channels;
    for (let c = 0; c < channels; c++)
      quarters[first + c] = (quarters[first + c] ?? 0) + (tokens[cell * tokenWidth + c * step] ?? 0);
  }
  const vector = new Float32Array(width);
  vector.set(scaled(features));
  vector.set(scaled(quarters), features.length);
  return vector;
}

/** Of length √½, so that two of them make a unit; zeros stay zeros. */
function scaled(values: Float32Array): Float32Array {
  const length = Math.hypot(...values) * Math.SQRT2 || 1;
  return values.map((value) => value / length);
}
