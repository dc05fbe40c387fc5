/** Meanings of the sentences of a measurement, each embedded once. */
import { embedTexts, type Pack } from '../encode/index.js';
import { WetreadError } from '../error.js';
import type { Embedded } from './similarity.js';

const BATCH = 256;

/** Embeds `texts` with the pack's text encoder, and looks them up afterwards. Throws `cancelled` by way of `signal`. */
export class SentenceEmbedder {
  private readonly vectors = new Map<string, Float32Array>();

  constructor(private readonly pack: Pack) {}

  async add(
    texts: Iterable<string>,
    { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
  ): Promise<void> {
    const fresh = [...new Set(texts)].filter((text) => !this.vectors.has(text));
    for (let start = 0; start < fresh.length; start += BATCH) {
      onProgress?.(start, fresh.length);
      const batch = fresh.slice(start, start + BATCH);
      const embedded = await embedTexts(this.pack, batch, { signal, states: false });
      for (const [i, text] of batch.entries()) {
        const vector = embedded[i]?.semantic;
        if (vector) this.vectors.set(text, vector);
      }
    }
  }

  readonly embedded: Embedded = (text) => {
    const vector = this.vectors.get(text);
    if (!vector)
      throw new WetreadError('internal', `A sentence was measured that was not embedded: "${text}"`);
    return vector;
  };
}
