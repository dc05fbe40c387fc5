import type { Tokenizer } from '@huggingface/tokenizers';
import { floats, int } from './onnx.js';
import type { Pack } from './pack.js';

/** A text as the pack reads it. E semantic width, J joint width, T its tokens. */
export interface TextEmbedding {
  /** [E], unit length: near to texts that mean the same. */
  semantic: Float32Array;
  /** [J], unit length: near to images that show it. */
  joint: Float32Array;
  /** [T,E]: what the decoder attends to. Empty unless asked for. */
  states: Float32Array;
  tokens: number;
}

/** Beyond so many characters a token nothing of a text can be among its first `maxTokens`; tokenizers take their time over megabytes. */
const CHARS_A_TOKEN = 40;

/** Texts a run: larger batches gain nothing on two cores and take more memory. */
const BATCH = 8;

/**
 * Embeds texts, in batches of similar length; results in the order of `texts`. Text beyond the pack's `maxTokens` is cut.
 * `states` (default true): false leaves the token states out, for many texts.
 * Throws `cancelled` by way of `signal`.
 */
export async function embedTexts(
  pack: Pack,
  texts: string[],
  { signal, states = true }: { signal?: AbortSignal; states?: boolean } = {},
): Promise<TextEmbedding[]> {
  const { maxTokens, semanticWidth, jointWidth } = pack.manifest.text;
  const tokenizer = await pack.tokenizer('text');
  const asWords = withoutControls(tokenizer);
  const model = await pack.model('text');
  const encoded = texts.map((text, place) => {
    const ids = tokenizer.encode(asWords(text.slice(0, maxTokens * CHARS_A_TOKEN))).ids;
    // The closing special token stays when a long text is cut.
    return {
      place,
      ids: ids.length > maxTokens ? [...ids.slice(0, maxTokens - 1), ids[ids.length - 1] ?? 0] : ids,
    };
  });
  encoded.sort((a, b) => a.ids.length - b.ids.length);
  const results: TextEmbedding[] = new Array(texts.length);
  for (let start = 0; start < encoded.length; start += BATCH) {
    signal?.throwIfAborted();
    const batch = encoded.slice(start, start + BATCH);
    const length = Math.max(1, ...batch.map((text) => text.ids.length));
    const padded = batch.flatMap(({ ids }) => [...ids, ...new Array<number>(length - ids.length).fill(0)]);
    const mask = batch.flatMap(({ ids }) => Array.from({ length }, (_, i) => (i < ids.length ? 1 : 0)));
    const dims = [batch.length, length];
    const out = await model.run(
      { input_ids: int(padded, dims), attention_mask: int(mask, dims) },
      states ? ['embedding', 'joint', 'states'] : ['embedding', 'joint'],
    );
    const semantic = floats(out, 'embedding');
    const joint = floats(out, 'joint');
    const all = states ? floats(out, 'states') : new Float32Array(0);
    batch.forEach(({ place, ids }, row) => {
      const first = row * length * semanticWidth;
      results[place] = {
        semantic: semantic.slice(row * semanticWidth, (row + 1) * semanticWidth),
        joint: joint.slice(row * jointWidth, (row + 1) * jointWidth),
        states: all.slice(first, first + (states ? ids.length * semanticWidth : 0)),
        tokens: ids.length,
      };
    });
  }
  return results;
}

/** A tokenizer takes `[SEP]` in a text for its own mark; set apart, it is read as the letters that it is. */
function withoutControls(tokenizer: Tokenizer): (text: string) => string {
  const marks = [...tokenizer.get_added_tokens_decoder().values()].map(({ content }) => content);
  if (marks.length === 0) return (text) => text;
  const pattern = new RegExp(
    marks.map((mark) => mark.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
    'gi',
  );
  return (text) => text.replace(pattern, (mark) => `${mark.slice(0, 1)} ${mark.slice(1)}`);
}
