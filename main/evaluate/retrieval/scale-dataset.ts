/** The synthetic corpus as a dataset of the product, written by the product's own writer. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { WetreadError } from '../../error.js';
import {
  type Embed,
  type Index,
  type Library,
  openLibrary,
  type SourceDocument,
  type TextVectors,
} from '../../retrieve/index.js';
import type { ScaleCorpus, ScaleDocument } from './scale-corpus.js';

/** How a dataset came about. */
const Made = z.object({
  documents: z.number(),
  snippets: z.number(),
  writeSeconds: z.number(),
  finishSeconds: z.number(),
});
export type Made = z.infer<typeof Made>;

export interface ScaleDataset {
  library: Library;
  index: Index;
  made: Made;
}

const title = 'Scale';
const batchDocuments = 5000;

/** Opens the dataset of the first `count` documents in `folder`, and writes it first where it is not there in full. */
export async function openScaleDataset(
  folder: string,
  corpus: ScaleCorpus,
  count: number,
  {
    embed,
    signal,
    onProgress,
  }: { embed: Embed; signal?: AbortSignal; onProgress?: (done: number, total: number) => void },
): Promise<ScaleDataset> {
  const note = join(folder, 'made.json');
  const known = new Map<string, TextVectors>();
  const library = () =>
    openLibrary({
      folder: join(folder, 'library'),
      embedder: 'scale',
      // What the writer asks for is what the corpus drew; other texts are those of queries.
      embed: async (texts, options) => {
        const found = texts.map((text) => known.get(text)).filter((one) => one !== undefined);
        return found.length === texts.length ? found : await embed(texts, options);
      },
    });
  if (existsSync(note)) {
    const made = Made.parse(JSON.parse(await readFile(note, 'utf8')));
    const opened = await library();
    return { library: opened, index: ownIndex(opened), made };
  }
  // Stopped half way, it goes on where it was.
  const half = join(folder, 'half-made.json');
  const begun = existsSync(half);
  if (!begun) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const opened = await library();
  const id = begun ? ownIndex(opened).id : (await opened.add({ title })).id;
  const writer = await opened.openWriter(id, { signal });
  const made: Made = begun
    ? Made.parse(JSON.parse(await readFile(half, 'utf8')))
    : { documents: 0, snippets: 0, writeSeconds: 0, finishSeconds: 0 };
  try {
    for (let start = made.documents; start < count; start += batchDocuments) {
      signal?.throwIfAborted();
      onProgress?.(start, count);
      const batch: SourceDocument[] = [];
      known.clear();
      for (let n = start; n < Math.min(count, start + batchDocuments); n += 1) {
        const document = corpus.document(n);
        known.set(document.title, document);
        for (const snippet of document.snippets) known.set(snippet.text, snippet);
        made.snippets += document.snippets.length;
        batch.push(asSource(document, n));
      }
      const started = performance.now();
      await writer.write(batch, { vectors: true, signal });
      made.writeSeconds += (performance.now() - started) / 1000;
      made.documents += batch.length;
      await writeFile(half, JSON.stringify(made));
    }
    const started = performance.now();
    await writer.finish('Scale', { signal });
    made.finishSeconds = (performance.now() - started) / 1000;
  } finally {
    await writer.close();
    known.clear();
  }
  await writeFile(note, JSON.stringify(made));
  return { library: opened, index: ownIndex(opened), made };
}

function ownIndex(library: Library): Index {
  const index = library.indices().find((one) => one.title === title);
  if (index === undefined) throw new WetreadError('internal', 'The dataset of the bench is not there.');
  return index;
}

function asSource(document: ScaleDocument, n: number): SourceDocument {
  return {
    id: document.id,
    contentHash: createHash('sha256').update(`${n}`).digest('hex'),
    title: document.title,
    modality: 'XR',
    bodyRegion: document.bodyRegion,
    topic: '',
    findings: document.findings,
    present: document.findings,
    codes: [],
    sources: ['Synthetic'],
    licence: 'synthetic',
    version: '1',
    ageYears: 20 + ((n * 7) % 70),
    sex: n % 2 === 0 ? 'F' : 'M',
    origin: '',
    removals: {},
    snippets: document.snippets.map(({ text, findings }) => ({ kind: 'findings', text, findings })),
    images: [],
  };
}
