import type { Index, TextVectors } from './index-store.js';
import type { EmbeddedDocument } from './rows.js';
import type { SourceDocument } from './source-document.js';

/** Texts given to the encoder at once: enough to keep it busy, few enough that a cancel is felt at once. */
const batchTexts = 48;

/** A document's vectors are the mean of its title's and its snippets': the encoder reads sentences, not articles. */
export async function embedDocuments(
  index: Pick<Index, 'embed'>,
  documents: readonly Pick<SourceDocument, 'title' | 'snippets'>[],
  signal: AbortSignal | undefined,
): Promise<EmbeddedDocument[]> {
  const texts = documents.flatMap(({ title, snippets }) => [title, ...snippets.map(({ text }) => text)]);
  const vectors: TextVectors[] = [];
  for (let at = 0; at < texts.length; at += batchTexts)
    vectors.push(...(await index.embed(texts.slice(at, at + batchTexts), { signal })));
  let start = 0;
  return documents.map(({ snippets }) => {
    const own = vectors.slice(start, start + snippets.length + 1);
    start += own.length;
    return {
      document: { semantic: mean(own.map((v) => v.semantic)), joint: mean(own.map((v) => v.joint)) },
      snippets: own.slice(1),
    };
  });
}

/** Mean of vectors of one width, of unit length (zeros stay zeros). */
function mean(vectors: Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (const [at, value] of vector.entries()) sum[at] = (sum[at] ?? 0) + value;
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}
