import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Connection, connect, Session, type Table } from '@lancedb/lancedb';
import { AUTHORED, type IndexModality } from '../../../preload/values.js';
import { toWetreadError, WetreadError } from '../../error.js';
import { schemaMetadata, type TableKind, tableName, tableSchema } from './schema.js';
import { type IndexSettings, indexSettings } from './settings.js';

/** LanceDB's own defaults are 6 GB and 1 GB: too much for a workstation that also shows images. */
const indexCacheBytes = 64n * 1024n * 1024n;
const metadataCacheBytes = 32n * 1024n * 1024n;

/** The two vectors of one text, both of unit length: 384 wide for meaning, 256 wide in the space shared with images. */
export interface TextVectors {
  semantic: Float32Array;
  joint: Float32Array;
}

/** Embeds texts in order. */
export type Embed = (texts: string[], options: { signal?: AbortSignal }) => Promise<TextVectors[]>;

export interface Tables {
  documents: Table;
  snippets: Table;
}

/**
 * The open retrieval index: a pair of LanceDB tables a modality in one folder. Opens tables when they are first needed and
 * holds them until `dispose`.
 */
export class Index {
  readonly #open = new Map<IndexModality, Promise<Tables>>();
  readonly #damaged = new Set<IndexModality>();
  #disposed = false;
  readonly #names = new Map<string, TextVectors>();

  constructor(
    /** Of its dataset. */
    readonly id: string,
    readonly folder: string,
    readonly embed: Embed,
    /** Identity of the text encoder, e.g. its SHA-256: vectors of two encoders cannot be compared. */
    readonly embedder: string,
    readonly settings: IndexSettings,
    private readonly connection: Connection,
  ) {}

  /**
   * Runs `use` on the tables of a modality. Another process may have built them anew in the meantime, so what fails is tried
   * once more on freshly opened tables.
   * @throws WetreadError `index-missing` where there is none for this encoder, `index-damaged` where it cannot be read;
   *   `buildIndex` mends both.
   */
  async read<T>(modality: IndexModality, use: (tables: Tables) => Promise<T>): Promise<T> {
    try {
      return await use(await this.tables(modality));
    } catch (first) {
      if (isOwn(first)) throw first;
      await this.#forget(modality);
      try {
        return await use(await this.tables(modality));
      } catch (cause) {
        if (isOwn(cause)) throw cause;
        this.#damaged.add(modality);
        throw new WetreadError(
          'index-damaged',
          `The ${modality} knowledge index cannot be read. Build it again; the documents themselves are safe.`,
          { cause },
        );
      }
    }
  }

  /** The tables of a modality; `index-missing` as `read` says, any other error is LanceDB's own. */
  async tables(modality: IndexModality): Promise<Tables> {
    if (this.#disposed) throw new WetreadError('cancelled', 'The knowledge index is closed.');
    const known = this.#open.get(modality);
    if (known !== undefined) return await known;
    const opening = this.#openTables(modality);
    this.#open.set(modality, opening);
    try {
      return await opening;
    } catch (thrown) {
      this.#open.delete(modality);
      throw thrown;
    }
  }

  async #openTables(modality: IndexModality): Promise<Tables> {
    const missing = (why: string) =>
      new WetreadError(
        'index-missing',
        `The ${modality} knowledge index ${why}. Build it: wetread index add.`,
      );
    const names = await this.connection.tableNames({ limit: 1000 });
    const wanted = [tableName(modality, 'documents'), tableName(modality, 'snippets')] as const;
    if (!wanted.every((name) => names.includes(name))) throw missing('has not been built');
    const tables = {
      documents: await this.connection.openTable(wanted[0]),
      snippets: await this.connection.openTable(wanted[1]),
    };
    for (const table of [tables.documents, tables.snippets]) {
      const { metadata } = await table.schema();
      for (const [key, value] of schemaMetadata(this.embedder))
        if (metadata.get(key) !== value) {
          close(tables);
          throw missing('was built by another version or model pack');
        }
    }
    return tables;
  }

  /** Embeds names of findings, in order. They are few and asked for with every study, so their vectors are kept. */
  async embedNames(names: string[], options: { signal?: AbortSignal }): Promise<(TextVectors | undefined)[]> {
    const fresh = names.filter((name) => !this.#names.has(name));
    const vectors = fresh.length > 0 ? await this.embed(fresh, options) : [];
    for (const [at, name] of fresh.entries()) {
      const own = vectors[at];
      if (own !== undefined) this.#names.set(name, own);
    }
    return names.map((name) => this.#names.get(name));
  }

  /** Whether reading failed since the tables were last created. */
  isDamaged(modality: IndexModality): boolean {
    return this.#damaged.has(modality);
  }

  /** Drops what there is of a modality, readable or not, and creates its two tables empty. */
  async recreate(modality: IndexModality): Promise<Tables> {
    await this.drop(modality);
    const create = (kind: TableKind) =>
      this.connection.createEmptyTable(tableName(modality, kind), tableSchema(kind, this.embedder));
    const tables = { documents: await create('documents'), snippets: await create('snippets') };
    this.#open.set(modality, Promise.resolve(tables));
    return tables;
  }

  /** Removes the tables of a modality. Removes their folders, since LanceDB does not drop what it cannot read. */
  async drop(modality: IndexModality): Promise<void> {
    await this.#forget(modality);
    this.#damaged.delete(modality);
    for (const kind of ['documents', 'snippets'] as const)
      await rm(this.tableFolder(modality, kind), { recursive: true, force: true });
  }

  tableFolder(modality: IndexModality, kind: TableKind): string {
    return join(this.folder, `${tableName(modality, kind)}.lance`);
  }

  async #forget(modality: IndexModality): Promise<void> {
    const opening = this.#open.get(modality);
    this.#open.delete(modality);
    await opening?.then(close, () => undefined);
  }

  /** Closes tables and connection. Queries under way may fail. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    const opened = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    for (const tables of opened) if (tables.status === 'fulfilled') close(tables.value);
    this.connection.close();
  }
}

function close(tables: Tables): void {
  tables.documents.close();
  tables.snippets.close();
}

/** Errors that say what they mean already: ours, and those of an aborted signal. */
function isOwn(thrown: unknown): boolean {
  return thrown instanceof WetreadError || (thrown instanceof Error && thrown.name === 'AbortError');
}

/**
 * Opens the index at `folder`, creating the folder where there is none; tables come with `buildIndex`.
 * @param embed - the text encoder of the model pack
 * @param options.embedder - identity of that encoder (the SHA-256 of its graph); tables built with another one count as missing
 * @param options.settings - default: `indices/settings.json`
 * @throws WetreadError `not-allowed`, `disk-full`, … when the folder cannot be used.
 */
export async function openIndex(
  folder: string,
  embed: Embed,
  { embedder, settings = indexSettings }: { embedder: string; settings?: IndexSettings },
): Promise<Index> {
  try {
    await mkdir(folder, { recursive: true });
    const session = new Session(indexCacheBytes, metadataCacheBytes);
    // The command line may add documents while the window is open: each read looks for a newer version (under 1 ms).
    const connection = await connect(folder, { readConsistencyInterval: 0 }, session);
    return new Index(AUTHORED, folder, embed, embedder, settings, connection);
  } catch (thrown) {
    throw toWetreadError(thrown);
  }
}
