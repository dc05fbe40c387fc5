import type { Pack, Tensor } from '../encode/index.js';
import { WetreadError } from '../error.js';

/** The low-rank update of the decoder (LoRA, Hu et al. 2021), as inputs of its graph. */
export interface Adapter {
  /** Id in the manifest; null: the decoder as trained. */
  id: string | null;
  /** [L,4,D,R] and [L,4,R,D], already scaled; zeros switch it off. */
  a: Tensor & { data: Float32Array };
  b: Tensor & { data: Float32Array };
}

/**
 * Loads an adapter of the pack: float32 little endian, all of A, then all of B. `id` null, `none`: one that changes nothing.
 * Throws `bad-input` for an id the pack does not have, `pack-damaged` where its file is not of the pack's geometry.
 */
export async function loadAdapter(pack: Pack, id: string | null): Promise<Adapter> {
  const { decoder, lora, adapters } = pack.manifest;
  const a = [decoder.layers, lora.targets, decoder.width, lora.rank];
  const b = [decoder.layers, lora.targets, lora.rank, decoder.width];
  const size = decoder.layers * lora.targets * decoder.width * lora.rank;
  if (id === null || id === 'none')
    return {
      id: null,
      a: { data: new Float32Array(size), dims: a },
      b: { data: new Float32Array(size), dims: b },
    };

  const listed = adapters.find((adapter) => adapter.id === id);
  if (!listed)
    throw new WetreadError(
      'bad-input',
      `The pack ${pack.manifest.id} has no adapter "${id}". It has: ${['none', ...adapters.map((x) => x.id)].join(', ')}.`,
    );
  const bytes = await pack.read(listed.file);
  if (bytes.byteLength !== size * 2 * Float32Array.BYTES_PER_ELEMENT)
    throw new WetreadError(
      'pack-damaged',
      `The adapter ${listed.file} does not fit its pack. Install it again.`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = Float32Array.from({ length: size * 2 }, (_, i) => view.getFloat32(i * 4, true));
  return {
    id,
    a: { data: values.slice(0, size), dims: a },
    b: { data: values.slice(size), dims: b },
  };
}
