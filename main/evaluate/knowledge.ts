import { join } from 'node:path';
import { embedTexts, type Pack } from '../encode/index.js';
import { buildIndex, type Index, openIndex } from '../retrieve/index.js';
import type { EvaluateEvents } from './measured.js';

/** The index of the knowledge base, built anew only where it or the text encoder changed. */
export async function openKnowledge(
  pack: Pack,
  { cacheFolder, documentsFolder }: { cacheFolder: string; documentsFolder: string },
  { signal, onProgress }: EvaluateEvents,
): Promise<Index> {
  const embedder = pack.manifest.files['text-encoder.onnx']?.sha256 ?? pack.manifest.version;
  const index = await openIndex(
    join(cacheFolder, `indices-${embedder.slice(0, 16)}`),
    (texts, { signal: stop }) => embedTexts(pack, texts, { signal: stop, states: false }),
    { embedder },
  );
  try {
    await buildIndex(index, documentsFolder, {
      signal,
      onProgress: ({ done, total }) => onProgress?.('Building the index', done, total),
    });
    return index;
  } catch (thrown) {
    await index.dispose();
    throw thrown;
  }
}
