import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import { AUTHORED, IndexModality } from '../../../preload/values.js';
import { toWetreadError, WetreadError } from '../../error.js';
import { connectFolder, openIfThere } from './connection.js';
import { HeldDocuments } from './held-documents.js';
import { schemaMetadata, type TableKind, tableKinds, tableName, tableSchema } from './schema.js';
import { type IndexSettings, indexSettings } from './settings.js';
import { withinTime } from './time-limit.js';

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
  /** Only where the dataset holds images of this modality. */
  images?: Table;
  /** The authored ones are few, and may be made anew under the window; a server's are not ours to read whole. */
  held?: HeldDocuments;
}

/** All tables of a modality. */
export function tablesOf({ documents, snippets, images }: Tables): Table[] {
  return images === undefined ? [documents, snippets] : [documents, snippets, images];
}

export interface IndexParts {
  /** Id and title of its dataset. */
  id: string;
  title: string;
  connection: Connection;
  embed: Embed;
  /** Identity of the text encoder, e.g. its SHA-256: vectors of two encoders cannot be compared. */
  embedder: string;
  settings: IndexSettings;
  /** Where its tables lie on this disk; absent for `db://`. */
  folder?: string;
  /** A server that does not answer in this time counts as away. */
  timeLimitMs?: number;
}

/**
 * The open retrieval index of one dataset: up to three LanceDB tables a modality in one connection. Opens tables when they are
 * first needed and holds them until `dispose`.
 */
export class Index {
  readonly id: string;
  readonly title: string;
  readonly embed: Embed;
  readonly embedder: string;
  readonly settings: IndexSettings;
  readonly connection: Connection;
  readonly #folder: string | undefined;
  readonly #timeLimitMs: number | undefined;
  readonly #open = new Map<IndexModality, Promise<Tables>>();
  readonly #damaged = new Set<IndexModality>();
  readonly #names = new Map<string, TextVectors>();
  #pinned: Readonly<Record<string, number>> | undefined;
  #away: WetreadError | undefined;
  #disposed = false;

  constructor(parts: IndexParts) {
    this.id = parts.id;
    this.title = parts.title;
    this.embed = parts.embed;
    this.embedder = parts.embedder;
    this.settings = parts.settings;
    this.connection = parts.connection;
    this.#folder = parts.folder;
    this.#timeLimitMs = parts.timeLimitMs;
  }

  /**
   * Runs `use` on the tables of a modality. Another process may have built them anew in the meantime, so what fails is tried
   * once more on freshly opened tables.
   * @throws WetreadError `index-missing` where there is none for this encoder, `index-damaged` where it cannot be read (building it
   *   again or `Library.refresh` mends both), `index-away` where a server does not answer.
   */
  async read<T>(modality: IndexModality, use: (tables: Tables) => Promise<T>): Promise<T> {
    if (this.#away !== undefined) throw this.#away;
    const attempt = async () => await use(await this.tables(modality));
    if (this.#timeLimitMs !== undefined) return await this.#ask(attempt);
    try {
      return await attempt();
    } catch (first) {
      if (isOwn(first)) throw first;
      await this.#forget(modality);
      try {
        return await attempt();
      } catch (cause) {
        if (isOwn(cause)) throw cause;
        this.#damaged.add(modality);
        throw new WetreadError(
          'index-damaged',
          `The ${modality} index of ${this.title} cannot be read. Build it again; the documents themselves are safe.`,
          { cause },
        );
      }
    }
  }

  /** A server's answer, or `index-away`. */
  async #ask<T>(attempt: () => Promise<T>): Promise<T> {
    const away = (why: string, cause: unknown) =>
      new WetreadError('index-away', `${this.title} ${why}. The other indices were searched.`, { cause });
    try {
      return await withinTime(attempt(), this.#timeLimitMs ?? 0);
    } catch (thrown) {
      if (thrown instanceof WetreadError && thrown.code === 'timed-out')
        throw away('does not answer', thrown);
      if (isOwn(thrown)) throw thrown;
      throw away('cannot be reached', thrown);
    }
  }

  /** Whether it has tables of a modality, readable or not. What `read` throws of a modality it does not hold is no problem. */
  async holds(modality: IndexModality): Promise<boolean> {
    return (await this.modalities()).includes(modality);
  }

  /** The modalities it has tables of, readable or not; all where its location is away and nobody knows. */
  async modalities(): Promise<IndexModality[]> {
    if (this.#away !== undefined) return [...IndexModality.options];
    const names = await this.#tableNames();
    return IndexModality.options.filter((modality) => names.has(tableName(modality, 'documents')));
  }

  async #tableNames(): Promise<Set<string>> {
    if (this.#disposed) throw new WetreadError('cancelled', 'The knowledge index is closed.');
    if (this.#pinned !== undefined) return new Set(Object.keys(this.#pinned));
    const names = () => this.connection.tableNames({ limit: 1000 });
    return new Set(this.#timeLimitMs === undefined ? await names() : await this.#ask(names));
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
        this.id === AUTHORED
          ? `The ${modality} knowledge index ${why}. Build it: wetread index add.`
          : `The ${modality} index of ${this.title} ${why}.`,
      );
    const names = await this.#tableNames();
    const pinned = this.#pinned;
    const open = async (kind: TableKind) => {
      const name = tableName(modality, kind);
      if (!names.has(name)) return undefined;
      const table = await openIfThere(this.connection, name, pinned?.[name]);
      if (table !== undefined) opened.push(table);
      return table;
    };
    const opened: Table[] = [];
    try {
      const [documents, snippets, images] = [
        await open('documents'),
        await open('snippets'),
        await open('images'),
      ];
      if (documents === undefined || snippets === undefined) throw missing('has not been built');
      for (const table of opened) {
        const { metadata } = await table.schema();
        for (const [key, value] of schemaMetadata(this.embedder))
          if (metadata.get(key) !== value) throw missing('was built by another version or model pack');
      }
      return {
        ...{ documents, snippets },
        ...(images !== undefined && { images }),
        ...(this.id !== AUTHORED &&
          !this.isRemote && { held: new HeldDocuments(documents, this.settings.vectorIndexFromRows) }),
      };
    } catch (thrown) {
      for (const table of opened) table.close();
      throw thrown;
    }
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

  /**
   * From now on reads these versions of these tables and no others, whatever is written meanwhile; queries under way are
   * repeated on them.
   */
  async pin(versions: Readonly<Record<string, number>>): Promise<void> {
    this.#pinned = versions;
    await this.reopen();
  }

  /** From now on every reading fails with this error; undefined: it is there again. */
  setAway(error: WetreadError | undefined): void {
    this.#away = error;
  }

  /** Opens tables anew when they are next needed. */
  async reopen(): Promise<void> {
    this.#damaged.clear();
    for (const modality of [...this.#open.keys()]) await this.#forget(modality);
  }

  /** Drops what there is of a modality, readable or not, and creates its two tables of text empty. */
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
    for (const kind of tableKinds)
      await rm(this.tableFolder(modality, kind), { recursive: true, force: true });
  }

  /** Whether its tables lie on a server (`db://`), which is asked directly. */
  get isRemote(): boolean {
    return this.#folder === undefined;
  }

  /** @throws WetreadError `wrong-state` where its tables lie on a server. */
  get folder(): string {
    if (this.#folder === undefined)
      throw new WetreadError('wrong-state', `${this.title} is on a server and is only read.`);
    return this.#folder;
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
  for (const table of tablesOf(tables)) table.close();
}

/** Errors that say what they mean already: ours, and those of an aborted signal. */
function isOwn(thrown: unknown): boolean {
  return thrown instanceof WetreadError || (thrown instanceof Error && thrown.name === 'AbortError');
}

/**
 * Opens a single index at `folder`, creating the folder where there is none; tables come with `buildIndex`. The app opens a `Library`.
 * @param embed - the text encoder of the model pack
 * @param options.embedder - identity of that encoder (the SHA-256 of its graph); tables built with another one count as missing
 * @param options.settings - default: `indices/settings.json`
 * @throws WetreadError `not-allowed`, `disk-full`, … when the folder cannot be used.
 */
export async function openIndex(
  folder: string,
  embed: Embed,
  {
    embedder,
    settings = indexSettings,
    id = AUTHORED,
    title = 'The knowledge base',
  }: { embedder: string; settings?: IndexSettings; id?: string; title?: string },
): Promise<Index> {
  try {
    await mkdir(folder, { recursive: true });
    const connection = await connectFolder(folder);
    return new Index({ id, title, folder, connection, embed, embedder, settings });
  } catch (thrown) {
    throw toWetreadError(thrown);
  }
}
