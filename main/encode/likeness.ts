/** Images as vectors that lie near each other where the images look alike, for finding earlier cases. */
import type { View } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import { type GreyImage, type Resize, toInput } from './image.js';
import { floats, int } from './onnx.js';
import type { Pack } from './pack.js';

const CODES: Record<View, number> = { frontal: 0, lateral: 1, unknown: 2 };

/**
 * Embeds images of any modality, each alone, in order: [256] each, of unit length. Unlike `encodeStudy` it asks no gate: likeness to
 * other images of the same kind says nothing of what they show. `view` is `unknown` for all but chest radiographs.
 * Throws `pack-damaged` where the pack's image encoder yields no vector, and an AbortError by `signal`.
 */
export async function embedImages(
  pack: Pack,
  images: readonly { image: GreyImage; view: View }[],
  { resize, signal }: { resize: Resize; signal?: AbortSignal },
): Promise<Float32Array[]> {
  const model = await pack.model('image');
  const vectors: Float32Array[] = [];
  for (const { image, view } of images) {
    signal?.throwIfAborted();
    const input = await toInput([image], pack.manifest.image.size, resize);
    const out = await model.run({ images: input, views: int([CODES[view]], [1]) }, ['embedding']);
    const vector = floats(out, 'embedding');
    if (vector.length !== pack.manifest.text.jointWidth)
      throw new WetreadError('pack-damaged', 'The model pack yields an image vector of another width.');
    vectors.push(new Float32Array(vector));
  }
  return vectors;
}
