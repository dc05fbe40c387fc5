import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import type { Table as ArrowTable } from 'apache-arrow';
import { z } from 'zod';
import { IndexModality, type Progress } from '../../../preload/values.js';
import { toWetreadError, WetreadError } from '../../error.js';
import { connectForWriting, openIfThere } from './connection.js';
import { embedDocuments } from './embed-documents.js';
import { fenceTables } from './fence.js';
import type { Index } from './index-store.js';
import { notePending, type Pending, readPending, removePending, setTables } from './journal.js';
import { type Holder, type Lock, lockFile, takeLock, tryLock, waitingFor } from './lock.js';
import { rowsOf } from './rows.js';
import { type TableKind, tableKinds, tableName, tableSchema } from './schema.js';
import type { SourceDocument } from './source-document.js';
import { anyOf } from './sql.js';
import { compactWhereWorthIt, ensureIndices, isWorthOptimizing } from './table-indices.js';
import { addVersion, keptVersions, readVersions, type TableVersions } from './versions.js';

export interface WriterParts {
  /** Identity of the dataset, the same wherever it is published. */
  uid: string;
  /** Where its lock and its journal are; default: the folder of the index. */
  folder?: string;
  /** false: for readers that index their own copy. */
  indexed?: boolean;
  /** Vouches for a version, before readers see it. */
  seal?: (version: { version: number; at: string }) => Promise<void>;
  signal?: AbortSignal;
  /** Told of whom it waits for. */
  onProgress?: OnProgress;
  onClose?: () => void;
}

export type OnProgress = (progress: Omit<Progress, 'task'>) => void;

/** Writes between two looks at how many fragments there are. */
const lookEvery = 20;

const Identified = z.object({ id: z.string() });
const Hashed = z.object({ id: z.string(), contentHash: z.string() });

/** Writes documents into an own dataset. Holds its lock until `close`: one writer at a time, of whatever process. */
export class DatasetWriter {
  readonly #index: Index;
  readonly #parts: WriterParts;
  readonly #folder: string;
  readonly #lock: Lock;
  readonly #connection: Connection;
  /** By table name; opened when first needed. */
  readonly #tables = new Map<string, Table>();
  /** Of the last `hashesOf`, those that are not stored: what is written next need not be looked up once more. */
  #absent = new Set<string>();
  /** Since it was last looked at how many fragments there are. */
  #writes = 0;
  #closed = false;

  private constructor(index: Index, connection: Connection, folder: string, lock: Lock, parts: WriterParts) {
    this.#index = index;
    this.#parts = parts;
    this.#folder = folder;
    this.#lock = lock;
    this.#connection = connection;
  }

  /**
   * Waits for another writer to close. What a killed one left half done is undone first.
   * @throws WetreadError `index-missing` where its tables were made with another model pack, `index-damaged`, `cancelled`, …
   */
  static async open(index: Index, parts: WriterParts): Promise<DatasetWriter> {
    const folder = parts.folder ?? index.folder;
    try {
      const { signal, onProgress } = parts;
      const onWait = onProgress && ((holder: Holder) => onProgress(waitingFor(index.title, holder)));
      return await DatasetWriter.#start(
        index,
        folder,
        await takeLock(lockFile(folder), { signal, onWait }),
        parts,
      );
    } catch (thrown) {
      throw toWetreadError(thrown);
    }
  }

  /** Undoes what a killed writer left half done, unless there is nothing or another one is writing. */
  static async mend(index: Index, uid: string): Promise<void> {
    const { folder } = index;
    if ((await readPending(folder)) === undefined && (await halfMadeTables(folder)).length === 0) return;
    const lock = await tryLock(lockFile(index.folder));
    if (lock === undefined) return;
    const writer = await DatasetWriter.#start(index, index.folder, lock, { uid });
    await writer.close();
  }

  static async #start(index: Index, folder: string, lock: Lock, parts: WriterParts) {
    // Where others keep it, it is connected to once.
    const connection = index.isRemote ? index.connection : await connectForWriting(index.folder);
    const writer = new DatasetWriter(index, connection, folder, lock, parts);
    try {
      for (const table of await halfMadeTables(folder)) await rm(table, { recursive: true, force: true });
      await writer.#recover();
      if (lock.isTakenOver) await fenceTables(connection);
      await writer.#openTables();
      return writer;
    } catch (thrown) {
      await writer.close();
      throw thrown;
    }
  }

  /**
   * Content hashes of those of these documents that are stored.
   * @param options.vectors - true: a document that was stored without vectors counts as not stored
   */
  async hashesOf(
    ids: readonly string[],
    { vectors = false }: { vectors?: boolean } = {},
  ): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const where = `${anyOf('id', ids)}${vectors ? ' AND semantic IS NOT NULL' : ''}`;
    for (const table of this.#all('documents'))
      for (const row of await table.query().where(where).select(['id', 'contentHash']).toArray()) {
        const { id, contentHash } = Hashed.parse(row);
        found.set(id, contentHash);
      }
    if (!vectors) this.#absent = new Set(ids.filter((id) => !found.has(id)));
    return found;
  }

  /** Which of these contents are stored, under whatever id. */
  async holds(contentHashes: readonly string[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (const table of this.#all('documents')) {
      const query = table.query().where(anyOf('contentHash', contentHashes));
      for (const row of await query.select(['id', 'contentHash']).toArray())
        found.add(Hashed.parse(row).contentHash);
    }
    return found;
  }

  /**
   * Stores documents, in place of those of the same ids. All of them are on disk when it returns, and none if it throws or the
   * process is killed. Batches of a hundred to a few hundred are the fastest.
   * @param options.vectors - false: words only
   */
  async write(
    documents: readonly SourceDocument[],
    { vectors, signal }: { vectors: boolean; signal?: AbortSignal },
  ): Promise<void> {
    // The last of the same id counts, as it would if they came one after the other.
    const unique = [...new Map(documents.map((document) => [document.id, document])).values()];
    if (unique.length === 0) return;
    const { embedder } = this.#index;
    await this.#guarded(async () => {
      const embedded = vectors ? await embedDocuments(this.#index, unique, signal) : undefined;
      signal?.throwIfAborted();
      const importedAt = new Date().toISOString();
      const batches: { modality: IndexModality; rows: ReturnType<typeof rowsOf> }[] = [];
      for (const modality of IndexModality.options) {
        const places = [...unique.keys()].filter((at) => unique[at]?.modality === modality);
        if (places.length === 0) continue;
        const of = <T>(list: readonly T[]): T[] =>
          places.flatMap((at) => {
            const one = list[at];
            return one === undefined ? [] : [one];
          });
        const rows = rowsOf(of(unique), embedded && of(embedded), { embedder, importedAt });
        for (const kind of ['images', 'snippets', 'documents'] as const)
          if (kind !== 'images' || rows.images.numRows > 0) await this.#ensureTable(modality, kind);
        batches.push({ modality, rows });
      }
      await this.#atomically(async () => {
        await this.#delete(unique.map(({ id }) => id));
        for (const { modality, rows } of batches)
          for (const kind of ['snippets', 'images', 'documents'] as const)
            await this.#add(modality, kind, rows[kind]);
      });
      await this.#optimizeWhereWorthIt();
    });
  }

  /** The tables of a modality as they are now, for what is compared with them. */
  async documents(modality: IndexModality): Promise<Table | undefined> {
    const table = this.#table(modality, 'documents');
    await table?.checkoutLatest();
    return table;
  }

  /** Puts rows of another dataset of the same format in the place of the documents `ids`, all or none. */
  async copy(
    modality: IndexModality,
    ids: readonly string[],
    rows: Readonly<Partial<Record<TableKind, ArrowTable>>>,
  ): Promise<void> {
    await this.#guarded(async () => {
      if (rows.images !== undefined && rows.images.numRows > 0) await this.#ensureTable(modality, 'images');
      for (const kind of ['snippets', 'documents'] as const) await this.#ensureTable(modality, kind);
      await this.#atomically(async () => {
        await this.#delete(ids, [modality]);
        for (const kind of ['snippets', 'images', 'documents'] as const) {
          const own = rows[kind];
          if (own !== undefined) await this.#add(modality, kind, own);
        }
      });
      await this.#optimizeWhereWorthIt();
    });
  }

  /** Deletes documents; returns how many there were. */
  async remove(ids: readonly string[]): Promise<number> {
    return await this.#guarded(() => this.#atomically(() => this.#delete(ids)));
  }

  /**
   * Brings the indices up to date and makes what is stored a version that can be brought back; returns its number. Where nothing
   * changed since the last one, it is that one's.
   */
  async finish(
    note: string,
    { signal, onProgress }: { signal?: AbortSignal; onProgress?: OnProgress } = {},
  ): Promise<number> {
    return await this.#guarded(async () => {
      const [last] = await readVersions(this.#index.connection);
      if (last !== undefined && sameVersions(last.tables, await this.#tableVersions())) return last.version;
      const version = (last?.version ?? 0) + 1;
      await this.#addVersion({ version, note }, { signal, onProgress });
      return version;
    });
  }

  async #addVersion(
    made: { version: number; note: string },
    { signal, onProgress }: { signal?: AbortSignal; onProgress?: OnProgress },
  ): Promise<void> {
    const { connection } = this.#index;
    // One of the kept ones makes room for the new one.
    const kept = (await readVersions(connection)).slice(0, keptVersions - 1);
    const tables = [...this.#tables];
    for (const [done, [name, table]] of tables.entries()) {
      signal?.throwIfAborted();
      onProgress?.({ label: 'Indexing', done, total: tables.length });
      await this.#bringUpToDate(table, neededOf(kept, name));
    }
    onProgress?.({ label: 'Indexing', done: tables.length, total: tables.length });
    const at = new Date().toISOString();
    await this.#parts.seal?.({ version: made.version, at });
    const row = {
      ...made,
      dataset: this.#parts.uid,
      at,
      documents: await count(this.#all('documents')),
      snippets: await count(this.#all('snippets')),
      tables: await this.#tableVersions(),
    };
    await addVersion(this.#connection, row, (table) => this.#mayWrite(table));
  }

  /** Deletes all rows, in one step. What is pinned to an earlier state goes on reading that. */
  async clear(): Promise<void> {
    await this.#guarded(async () => {
      await this.#note({ tables: {}, empty: [...this.#tables.keys()] });
      await this.#recover();
    });
  }

  /** Brings the dataset back to one of its versions, which makes a new one; returns its number. */
  async rollback(version: number): Promise<number> {
    return await this.#guarded(async () => {
      const versions = await readVersions(this.#index.connection);
      const wanted = versions.find((one) => one.version === version);
      if (wanted === undefined)
        throw new WetreadError(
          'not-found',
          `Version ${version} of ${this.#index.title} is not kept any more.`,
        );
      const becomes = { version: (versions[0]?.version ?? 0) + 1, note: `Back to version ${version}` };
      // Tables that came later had no rows then.
      const empty = [...this.#tables.keys()].filter((name) => wanted.tables[name] === undefined);
      await this.#note({ tables: wanted.tables, empty, becomes });
      await this.#recover();
      return becomes.version;
    });
  }

  /** Releases the dataset. May be called more than once. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#closeTables();
    if (this.#connection !== this.#index.connection) this.#connection.close();
    await this.#lock.release();
    this.#parts.onClose?.();
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new WetreadError('wrong-state', 'The dataset is not open for writing any more.');
    try {
      for (const table of this.#tables.values()) await table.checkoutLatest();
      return await work();
    } catch (thrown) {
      const error = toWetreadError(thrown);
      // What was begun before the lock was lost fails in LanceDB.
      if (error.code === 'internal') await this.#lock.requireHeld();
      throw error;
    }
  }

  /** Runs a write over several tables as one: what fails or is killed half way is undone. */
  async #atomically<T>(work: () => Promise<T>): Promise<T> {
    await this.#note({ tables: await this.#tableVersions(), empty: [] });
    try {
      const result = await work();
      await this.#lock.requireHeld();
      await removePending(this.#folder);
      return result;
    } catch (thrown) {
      await this.#recover();
      throw thrown;
    }
  }

  async #note(pending: Pending): Promise<void> {
    await notePending(this.#folder, pending, () => this.#lock.requireHeld());
  }

  /** Carries out what the journal says, if anything. */
  async #recover(): Promise<void> {
    await this.#lock.requireHeld();
    const pending = await readPending(this.#folder);
    if (pending === undefined) return;
    const connection = this.#connection;
    const [last] = await readVersions(connection);
    const { becomes } = pending;
    if (becomes === undefined || last === undefined || last.version < becomes.version) {
      this.#closeTables();
      await setTables(connection, pending);
      await this.#openTables();
      if (becomes !== undefined) await this.#addVersion(becomes, {});
    }
    await removePending(this.#folder);
  }

  /**
   * Asked before each write to a table. The table first: whoever takes over from here on fences what follows, as the table stays as it
   * is now until it was written.
   */
  async #mayWrite(table: Table): Promise<void> {
    await table.checkoutLatest();
    await this.#lock.requireHeld();
  }

  async #add(modality: IndexModality, kind: TableKind, rows: ArrowTable): Promise<void> {
    if (rows.numRows === 0) return;
    const table = this.#table(modality, kind);
    if (table === undefined) return;
    await this.#mayWrite(table);
    await table.add(rows);
  }

  /** Deletes the rows of documents wherever they are, their own first. */
  async #delete(
    unwanted: readonly string[],
    modalities: readonly IndexModality[] = IndexModality.options,
  ): Promise<number> {
    const ids = unwanted.filter((id) => !this.#absent.has(id));
    this.#absent.clear();
    if (ids.length === 0) return 0;
    let deleted = 0;
    for (const modality of modalities) {
      const documents = this.#table(modality, 'documents');
      if (documents === undefined) continue;
      const rows = await documents.query().where(anyOf('id', ids)).select(['id']).toArray();
      if (rows.length === 0) continue;
      const here = rows.map((row) => Identified.parse(row).id);
      deleted += here.length;
      await this.#mayWrite(documents);
      await documents.delete(anyOf('id', here));
      for (const kind of ['snippets', 'images'] as const) {
        const table = this.#table(modality, kind);
        if (table === undefined) continue;
        await this.#mayWrite(table);
        await table.delete(anyOf('document', here));
      }
    }
    return deleted;
  }

  async #optimizeWhereWorthIt(): Promise<void> {
    this.#writes += 1;
    if (this.#writes % lookEvery !== 0) return;
    for (const [name, table] of this.#tables) {
      if (!(await isWorthOptimizing(table))) continue;
      const versions = await readVersions(this.#index.connection);
      await this.#bringUpToDate(table, neededOf(versions, name));
    }
  }

  async #bringUpToDate(table: Table, kept: readonly number[] = []): Promise<void> {
    const before = () => this.#mayWrite(table);
    if (this.#parts.indexed === false) await compactWhereWorthIt(table, kept, before);
    else await ensureIndices(table, this.#index.settings, kept, before);
  }

  async #tableVersions(): Promise<TableVersions> {
    const versions = await Promise.all(
      [...this.#tables].map(async ([name, table]) => [name, await table.version()] as const),
    );
    return Object.fromEntries(versions);
  }

  #table(modality: IndexModality, kind: TableKind): Table | undefined {
    return this.#tables.get(tableName(modality, kind));
  }

  #all(kind: TableKind): Table[] {
    return IndexModality.options.flatMap((modality) => this.#table(modality, kind) ?? []);
  }

  async #openTables(): Promise<void> {
    const connection = this.#connection;
    const names = await connection.tableNames({ limit: 1000 });
    // Refuses tables of another encoder.
    for (const modality of await this.#index.modalities()) await this.#index.tables(modality);
    // Of all modalities: killed while they were made, images or snippets are there and documents are not.
    for (const modality of IndexModality.options) {
      for (const kind of tableKinds) {
        const name = tableName(modality, kind);
        if (!names.includes(name)) continue;
        const table = await openIfThere(connection, name);
        if (table !== undefined) this.#tables.set(name, table);
      }
    }
  }

  /** Creates a table where there is none; that of the documents last, since it makes the modality seen. */
  async #ensureTable(modality: IndexModality, kind: TableKind): Promise<void> {
    const name = tableName(modality, kind);
    if (this.#tables.has(name)) return;
    const schema = tableSchema(kind, this.#index.embedder);
    await this.#lock.requireHeld();
    const table = await this.#connection.createEmptyTable(name, schema);
    // Before the rows too: while they arrive, words are only stemmed and matched where the index is there.
    await this.#bringUpToDate(table);
    this.#tables.set(name, table);
    await this.#index.reopen();
  }

  #closeTables(): void {
    for (const table of this.#tables.values()) table.close();
    this.#tables.clear();
  }
}

/** Folders of tables that were being created when their process was killed: without a first version. */
async function halfMadeTables(folder: string): Promise<string[]> {
  const halfMade: string[] = [];
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.lance')) continue;
    const versions = await readdir(join(folder, name, '_versions')).catch(() => []);
    if (!versions.some((file) => file.endsWith('.manifest'))) halfMade.push(join(folder, name));
  }
  return halfMade;
}

const sameVersions = (a: TableVersions, b: TableVersions) =>
  Object.keys(b).length === Object.keys(a).length &&
  Object.entries(b).every(([name, version]) => a[name] === version);

/** The versions of a table that kept states need. */
const neededOf = (kept: readonly { tables: TableVersions }[], name: string): number[] =>
  kept.flatMap(({ tables }) => tables[name] ?? []);

async function count(tables: readonly Table[]): Promise<number> {
  const counts = await Promise.all(tables.map((table) => table.countRows()));
  return counts.reduce((sum, one) => sum + one, 0);
}
