import { join } from 'node:path';
import { Index as LanceIndex, MatchQuery, type Table } from '@lancedb/lancedb';
import { z } from 'zod';
import { IndexModality, type Problem, type Progress } from '../../preload/values.js';
import { toWetreadError } from '../error.js';
import { takeLock } from './build-lock.js';
import { type KnowledgeDocument, readDocuments } from './documents.js';
import type { Index, Tables, TextVectors } from './index-store.js';
import { anyOf } from './sql.js';

/** Texts a batch: enough to keep the encoder busy, few enough that a cancel is felt at once. */
const batchTexts = 48;

export interface BuildResult {
  /** Documents that the index holds now. */
  documents: number;
  /** Of these, embedded in this run: they are new or changed. */
  embedded: number;
  removed: number;
  /** Documents that could not be used. */
  problems: Problem[];
}

/**
 * Makes the index equal to the documents in `documentsFolder`. Embeds only what is new or changed (by content hash; by the encoder's
 * identity everything), deletes what is gone, and mends damaged tables by building them anew. May be killed at any moment:
 * a document's own row is written after its snippets and deleted before them, so the next run sees what is unfinished.
 * @throws WetreadError `cancelled` when `signal` aborts, `disk-full`, …; the index is then usable as far as it got.
 */
export async function buildIndex(
  index: Index,
  documentsFolder: string,
  {
    signal,
    onProgress,
  }: { signal?: AbortSignal; onProgress?: (progress: Omit<Progress, 'task'>) => void } = {},
): Promise<BuildResult> {
  try {
    const release = await takeLock(join(index.folder, 'build.lock'), signal);
    try {
      return await build(index, documentsFolder, signal, onProgress);
    } finally {
      await release();
    }
  } catch (thrown) {
    throw toWetreadError(thrown);
  }
}

async function build(
  index: Index,
  documentsFolder: string,
  signal: AbortSignal | undefined,
  onProgress: ((progress: Omit<Progress, 'task'>) => void) | undefined,
): Promise<BuildResult> {
  const { documents, problems } = await readDocuments(documentsFolder, { signal });
  const plans: { modality: IndexModality; tables: Tables; changed: KnowledgeDocument[] }[] = [];
  let removed = 0;
  for (const modality of IndexModality.options) {
    const wanted = documents.filter((document) => document.modality === modality);
    if (wanted.length === 0) {
      await index.drop(modality);
      continue;
    }
    const { tables, hashes } = await openOrRecreate(index, modality);
    const changed = wanted.filter((document) => hashes.get(document.id) !== document.contentHash);
    removed += await removeOthers(tables, wanted, hashes);
    plans.push({ modality, tables, changed });
  }

  const embedded = plans.reduce((sum, plan) => sum + plan.changed.length, 0);
  let done = 0;
  for (const { modality, tables, changed } of plans) {
    const label = `Building the ${modality} index`;
    for (const batch of batches(changed)) {
      signal?.throwIfAborted();
      onProgress?.({ label, done, total: embedded });
      await write(tables, batch, await embedDocuments(index, batch, signal));
      done += batch.length;
    }
    signal?.throwIfAborted();
    await ensureIndices(tables, index.settings.vectorIndexFromRows);
  }
  if (embedded > 0) onProgress?.({ label: 'Knowledge index built', done, total: embedded });
  return { documents: documents.length, embedded, removed, problems };
}

const HashRow = z.object({ id: z.string(), contentHash: z.string() });

/** The tables with the content hashes they hold; where they are missing or cannot be read, new empty ones. */
async function openOrRecreate(
  index: Index,
  modality: IndexModality,
): Promise<{ tables: Tables; hashes: Map<string, string> }> {
  if (!index.isDamaged(modality)) {
    try {
      const tables = await index.tables(modality);
      const rows = await tables.documents.query().select(['id', 'contentHash']).toArray();
      const hashes = new Map(
        rows.map((row) => HashRow.parse(row)).map(({ id, contentHash }) => [id, contentHash]),
      );
      await probe(tables);
      return { tables, hashes };
    } catch {
      // Missing, of another encoder or damaged: all are mended the same way.
    }
  }
  return { tables: await index.recreate(modality), hashes: new Map() };
}

/** Reads through every way of searching once, so that damage is found here and not by the first reader. */
async function probe({ documents, snippets }: Tables): Promise<void> {
  for (const table of [documents, snippets]) {
    const { fields } = await table.schema();
    for (const { name, type } of fields) {
      if (name !== 'semantic' && name !== 'joint') continue;
      const unit = new Float32Array(type.listSize).fill(1 / Math.sqrt(type.listSize));
      await table.query().nearestTo(unit).column(name).distanceType('cosine').limit(1).toArray();
    }
    const indices = await table.listIndices();
    if (indices.some(({ columns }) => columns.includes('text')))
      await table.query().fullTextSearch(new MatchQuery('image', 'text')).limit(1).toArray();
  }
}

/** Deletes documents that are gone, and snippets without a document (a run was killed between the two). */
async function removeOthers(
  { documents, snippets }: Tables,
  wanted: KnowledgeDocument[],
  hashes: Map<string, string>,
): Promise<number> {
  const ids = new Set(wanted.map((document) => document.id));
  const gone = [...hashes.keys()].filter((id) => !ids.has(id));
  if (gone.length > 0) await documents.delete(anyOf('id', gone));
  const orphans = `NOT (${anyOf('document', [...ids])})`;
  if ((await snippets.countRows(orphans)) > 0) await snippets.delete(orphans);
  return gone.length;
}

function* batches(documents: KnowledgeDocument[]): Generator<KnowledgeDocument[]> {
  let batch: KnowledgeDocument[] = [];
  let texts = 0;
  for (const document of documents) {
    batch.push(document);
    texts += document.snippets.length + 1;
    if (texts < batchTexts) continue;
    yield batch;
    batch = [];
    texts = 0;
  }
  if (batch.length > 0) yield batch;
}

interface EmbeddedDocument {
  document: TextVectors;
  snippets: TextVectors[];
}

/** A document's vectors are the mean of its title's and its snippets': the encoder reads sentences, not articles. */
async function embedDocuments(
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

async function write(
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

/** Creates the indices that are missing, brings the others up to date and drops old versions. */
async function ensureIndices({ documents, snippets }: Tables, vectorIndexFromRows: number): Promise<void> {
  for (const [table, scalars] of [
    [documents, ['id']],
    [snippets, ['id', 'document']],
  ] as const) {
    const existing = await table.listIndices();
    const has = (column: string) => existing.some(({ columns }) => columns.includes(column));
    if (!has('text'))
      await table.createIndex('text', {
        config: LanceIndex.fts({
          language: 'English',
          stem: true,
          removeStopWords: true,
          asciiFolding: true,
          withPosition: false,
        }),
      });
    for (const column of scalars)
      if (!has(column)) await table.createIndex(column, { config: LanceIndex.btree() });
    if ((await table.countRows()) > vectorIndexFromRows)
      for (const column of ['semantic', 'joint'])
        if (!has(column))
          await table.createIndex(column, { config: LanceIndex.ivfPq({ distanceType: 'cosine' }) });
    if (await isBehind(table)) await table.optimize({ cleanupOlderThan: new Date() });
  }
}

/** Whether rows are outside of an index, or versions lie around. */
async function isBehind(table: Table): Promise<boolean> {
  if ((await table.listVersions()).length > 2) return true;
  for (const { name } of await table.listIndices()) {
    const stats = await table.indexStats(name);
    if (stats !== undefined && stats.numUnindexedRows > 0) return true;
  }
  return false;
}
