import type { Connection, Table } from '@lancedb/lancedb';
import type { Schema } from 'apache-arrow';
import { z } from 'zod';
import { IndexModality } from '../../../preload/values.js';
import { WetreadError } from '../../error.js';
import { openIfThere } from './connection.js';
import { rowsDigest } from './row-digest.js';
import { schemaMetadata, type TableKind, tableKinds, tableName, tableSchema } from './schema.js';
import { anyOf } from './sql.js';
import type { TableVersions } from './versions.js';
import type { DatasetWriter, OnProgress } from './writer.js';

/** Documents copied at once: with their images about a megabyte. */
const batchDocuments = 128;

/** Rows are the same where neither content nor time of writing differ: an import with vectors writes what has none anew. */
const Mark = z.object({ id: z.string(), contentHash: z.string(), importedAt: z.string() });

/** A state of a dataset at some location. */
export interface SourceState {
  connection: Connection;
  /** The tables of that state. */
  tables: TableVersions;
}

/** What a copy is written to. */
export interface Target {
  writer: DatasetWriter;
  /** Of the tables that `writer` writes. */
  connection: Connection;
}

export interface CopyParts {
  embedder: string;
  /** Runs each request to the source, with its time limit and its errors. */
  within: <T>(request: Promise<T>) => Promise<T>;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/**
 * Makes `target` equal to `source`, row by row; only documents that differ are read, unless the rows then have another digest than
 * `wanted`: something else wrote there, and all is copied anew. May be stopped and goes on where it was. The caller calls `finish`.
 * @param wanted - as `rowsDigest` has it; undefined: nothing is known of what there should be
 * @returns whether `target` has that digest; where not, it holds nothing
 * @throws WetreadError `index-missing` where the source was made with another version or model pack, `index-damaged` where it is no dataset
 */
export async function copyDataset(
  source: SourceState,
  target: Target,
  wanted: string | undefined,
  parts: CopyParts,
): Promise<boolean> {
  const { connection } = target;
  const { signal, onProgress } = parts;
  const copied = await copyRows(source, target.writer, parts);
  if (wanted === undefined) return true;
  const digest = () =>
    rowsDigest({
      open: (name) => openIfThere(connection, name),
      within: (request) => request,
      signal,
      onProgress,
    });
  if ((await digest()) === wanted) return true;
  await target.writer.clear();
  if (copied.isAll) return false;
  await copyRows(source, target.writer, parts);
  if ((await digest()) === wanted) return true;
  await target.writer.clear();
  return false;
}

/** @returns whether all of it was read, as there was nothing before */
async function copyRows(
  source: SourceState,
  target: DatasetWriter,
  { embedder, within, signal, onProgress }: CopyParts,
): Promise<{ isAll: boolean }> {
  let isAll = true;
  for (const modality of IndexModality.options) {
    const label = `Copying ${modality}`;
    const tables = await openTables(source, modality, embedder, within);
    try {
      const there = await marksOf(tables.documents, within, signal);
      const here = await marksOf(await target.documents(modality), (request) => request, signal);
      const stale = [...there].filter(([id, mark]) => here.get(id) !== mark).map(([id]) => id);
      const gone = [...here.keys()].filter((id) => !there.has(id));
      const total = stale.length + gone.length;
      isAll &&= here.size === 0;
      for (let at = 0; at < gone.length; at += batchDocuments) {
        signal?.throwIfAborted();
        await target.copy(modality, gone.slice(at, at + batchDocuments), {});
      }
      for (let at = 0; at < stale.length; at += batchDocuments) {
        signal?.throwIfAborted();
        onProgress?.({ label, done: gone.length + at, total });
        const ids = stale.slice(at, at + batchDocuments);
        await target.copy(modality, ids, await rowsOf(tables, ids, within));
      }
      if (total > 0) onProgress?.({ label, done: total, total });
    } finally {
      for (const table of Object.values(tables)) table?.close();
    }
  }
  return { isAll };
}

type SourceTables = Partial<Record<TableKind, Table>>;

async function openTables(
  { connection, tables }: SourceState,
  modality: IndexModality,
  embedder: string,
  within: <T>(request: Promise<T>) => Promise<T>,
): Promise<SourceTables> {
  const opened: SourceTables = {};
  for (const kind of tableKinds) {
    const name = tableName(modality, kind);
    const version = tables[name];
    if (version === undefined) continue;
    const table = await within(connection.openTable(name, [], { version }));
    opened[kind] = table;
    const schema = await within(table.schema());
    for (const [key, value] of schemaMetadata(embedder))
      if (schema.metadata.get(key) !== value)
        throw new WetreadError('index-missing', 'It was made with another version of Wetread or model pack.');
    if (columnsOf(schema) !== columnsOf(tableSchema(kind, embedder)))
      throw new WetreadError('index-damaged', 'Its tables have other columns than those of a dataset.');
  }
  return opened;
}

const columnsOf = ({ fields }: Schema): string =>
  fields
    .map(({ name, type }) => `${name} ${type}`)
    .sort()
    .join();

async function marksOf(
  documents: Table | undefined,
  within: <T>(request: Promise<T>) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const marks = new Map<string, string>();
  if (documents === undefined) return marks;
  const rows = documents.query().select(['id', 'contentHash', 'importedAt'])[Symbol.asyncIterator]();
  for (;;) {
    signal?.throwIfAborted();
    const { done, value } = await within(rows.next());
    if (done) return marks;
    for (const row of value) {
      const { id, contentHash, importedAt } = Mark.parse(row);
      marks.set(id, `${contentHash} ${importedAt}`);
    }
  }
}

async function rowsOf(
  { documents, snippets, images }: SourceTables,
  ids: readonly string[],
  within: <T>(request: Promise<T>) => Promise<T>,
) {
  const read = async (table: Table | undefined, column: string) =>
    table && (await within(table.query().where(anyOf(column, ids)).toArrow()));
  return {
    documents: await read(documents, 'id'),
    snippets: await read(snippets, 'document'),
    images: await read(images, 'document'),
  };
}
