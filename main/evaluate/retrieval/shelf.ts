/** The indices that a measurement searches, filled by the writer that an import fills a dataset with. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { embedTexts, type Pack } from '../../encode/index.js';
import {
  type Embed,
  type Index,
  type Library,
  openLibrary,
  type SourceDocument,
  type TextVectors,
} from '../../retrieve/index.js';
import type { EvaluateEvents } from '../measured.js';

const BATCH = 100;

/** Rises when the same documents are to be stored anew. */
const FORMAT = '1';

export interface Shelf {
  /** The index of these documents, built where there is none yet; `name` is for the reader of its folder. */
  index(name: string, documents: readonly SourceDocument[], events: EvaluateEvents): Promise<Index>;
  dispose(): Promise<void>;
}

/** Opens the indices of measurements below `cacheFolder`. Texts that come again are embedded once. */
export async function openShelf(pack: Pack, cacheFolder: string): Promise<Shelf> {
  const embedder = pack.manifest.files['text-encoder.onnx']?.sha256 ?? pack.manifest.version;
  const embed = remembering((texts, { signal }) => embedTexts(pack, texts, { signal, states: false }));
  const folder = join(cacheFolder, `shelf-${FORMAT}-${embedder.slice(0, 16)}`);
  const library = await openLibrary({ folder, embed, embedder });
  return {
    async index(name, documents, events) {
      const hash = createHash('sha256');
      for (const { id, contentHash } of documents) hash.update(`${id} ${contentHash}\n`);
      const title = `${name} ${hash.digest('hex').slice(0, 12)}`;
      return library.index(await fill(library, title, documents, events));
    },
    dispose: () => library.dispose(),
  };
}

async function fill(
  library: Library,
  title: string,
  documents: readonly SourceDocument[],
  { signal, onProgress }: EvaluateEvents,
): Promise<string> {
  const known = (await library.list()).find((one) => one.title === title);
  const { id } = known ?? (await library.add({ title }));
  const writer = await library.openWriter(id, { signal });
  try {
    const stored = await writer.hashesOf(documents.map((document) => document.id));
    const fresh = documents.filter((document) => stored.get(document.id) !== document.contentHash);
    for (let start = 0; start < fresh.length; start += BATCH) {
      onProgress?.(`Indexing ${title}`, start, fresh.length);
      await writer.write(fresh.slice(start, start + BATCH), { vectors: true, signal });
    }
    await writer.finish(title, { signal });
  } finally {
    await writer.close();
  }
  return id;
}

/** So many vectors are kept: about 100 MB. */
const KEPT = 40_000;

function remembering(embed: Embed): Embed {
  const known = new Map<string, TextVectors>();
  return async (texts, options) => {
    const fresh = [...new Set(texts)].filter((text) => !known.has(text));
    const vectors = fresh.length > 0 ? await embed(fresh, options) : [];
    const made = new Map(fresh.flatMap((text, i) => (vectors[i] ? [[text, vectors[i]]] : [])));
    for (const [text, vector] of made) if (known.size < KEPT) known.set(text, vector);
    return texts.flatMap((text) => known.get(text) ?? made.get(text) ?? []);
  };
}
