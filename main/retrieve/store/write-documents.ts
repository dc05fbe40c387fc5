import type { Table } from '@lancedb/lancedb';
import type { KnowledgeDocument } from './documents.js';
import type { Index, Tables, TextVectors } from './index-store.js';
import { anyOf } from './sql.js';

/** The vectors of a document and of its snippets, in their order. */
export interface EmbeddedDocument {
  document: TextVectors;
  snippets: TextVectors[];
}

/** A document's vectors are the mean of its title's and its snippets': the encoder reads sentences, not articles. */
export async function embedDocuments(
  index: Index,
  batch: KnowledgeDocument[],
  signal: AbortSignal | undefined,
): Promise<EmbeddedDocument[]> {
  const texts = batch.flatMap(({ title, snippets }) => [title, ...snippets.map((snippet) => snippet.text)]);
  const vectors = await index.embed(texts, { signal });
  let start = 0;
  return batch.map(({ snippets }) => {
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

/** Replaces the rows of the documents in `batch`: their own rows go first and come back last. */
export async function writeDocuments(
  tables: Tables,
  batch: KnowledgeDocument[],
  embedded: EmbeddedDocument[],
): Promise<void> {
  const ids = batch.map((document) => document.id);
  await deleteWhere(tables.documents, anyOf('id', ids));
  await deleteWhere(tables.snippets, anyOf('document', ids));
  const rows = batch.flatMap((document, at) => {
    const vectors = embedded[at];
    return vectors === undefined ? [] : [{ document, vectors }];
  });
  await tables.snippets.add(
    rows.flatMap(({ document, vectors }) =>
      document.snippets.map((snippet, at) => ({
        ...snippet,
        document: document.id,
        title: document.title,
        modality: document.modality,
        bodyRegion: document.bodyRegion,
        source: document.sources.join('; '),
        licence: document.licence,
        version: document.version,
        ...plainVectors(vectors.snippets[at]),
      })),
    ),
  );
  await tables.documents.add(
    rows.map(({ document, vectors }) => ({
      id: document.id,
      title: document.title,
      text: [document.title, ...document.snippets.map((snippet) => snippet.text)].join('\n'),
      modality: document.modality,
      bodyRegion: document.bodyRegion,
      topic: document.topic,
      findings: document.findings,
      sources: document.sources,
      licence: document.licence,
      version: document.version,
      contentHash: document.contentHash,
      ...plainVectors(vectors.document),
    })),
  );
}

/** LanceDB's row conversion takes plain arrays for vectors. */
function plainVectors(vectors: TextVectors | undefined): { semantic: number[]; joint: number[] } {
  return { semantic: [...(vectors?.semantic ?? [])], joint: [...(vectors?.joint ?? [])] };
}

/** A delete that matches nothing would still write a version. */
async function deleteWhere(table: Table, predicate: string): Promise<void> {
  if ((await table.countRows(predicate)) > 0) await table.delete(predicate);
}
