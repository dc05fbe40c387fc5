import { createHash } from 'node:crypto';
import type { Embed, TextVectors } from '../../../main/retrieve/index.js';

const stopWords = new Set(
  'a an and are as at be by for from in is it its of on or that the this to with'.split(' '),
);

/**
 * A text encoder without a model: each word adds ±1 at a few places that its hash picks, so that texts that share words are
 * near each other. Deterministic.
 */
export function hashingEmbedder(): { embed: Embed; texts: () => number } {
  let texts = 0;
  return {
    embed: async (batch, { signal }) => {
      signal?.throwIfAborted();
      texts += batch.length;
      return batch.map(embedText);
    },
    /** How many texts have been embedded so far. */
    texts: () => texts,
  };
}

export function embedText(text: string): TextVectors {
  const words = (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).filter((word) => !stopWords.has(word));
  return { semantic: project(words, 384), joint: project(words, 256) };
}

function project(words: string[], width: number): Float32Array {
  const vector = new Float32Array(width);
  for (const word of words) {
    const hash = createHash('sha256').update(word.replace(/s$/, '')).digest();
    for (let place = 0; place < 4; place += 1) {
      const at = hash.readUInt16LE(place * 2) % width;
      vector[at] = (vector[at] ?? 0) + ((hash[16 + place] ?? 0) & 1 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
