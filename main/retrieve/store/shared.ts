import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '@lancedb/lancedb';
import { z } from 'zod';
import { toWetreadError, WetreadError } from '../../error.js';
import { connectFolder } from './connection.js';
import { copyDataset, type SourceState } from './copy-dataset.js';
import type { DatasetEntry } from './datasets-file.js';
import { type Embed, Index } from './index-store.js';
import { removePending } from './journal.js';
import { askLimitMs, connectLocation, schemeOf } from './location.js';
import { probe } from './probe.js';
import type { IndexSettings } from './settings.js';
import { withinTime } from './time-limit.js';
import { readVersions, type VersionRow, versionsTable } from './versions.js';
import { DatasetWriter, type OnProgress } from './writer.js';

/** One request while copying: a page of rows with images over a slow line. */
const requestLimitMs = 30_000;
/** The first request, whether anybody is there: LanceDB takes some seconds to find that nobody is. */
export const firstLimitMs = 15_000;

/** What a copy is a copy of. */
const CopyNote = z.object({ version: z.number().int(), at: z.string() }).strict();
type CopyNote = z.infer<typeof CopyNote>;

type SharedEntry = DatasetEntry & { location: string };

/**
 * A dataset that others fill. Of a folder or an S3 bucket a copy is kept on this disk and searched, with indices of its own: queries never
 * wait for the network, and go on when the location is away. A LanceDB server (`db://`) is asked directly.
 */
export class SharedDataset {
  readonly #entry: SharedEntry;
  readonly #folder: string;
  #copy: CopyNote | undefined;
  #trouble: WetreadError | undefined;
  #refreshing: Promise<boolean> | undefined;

  private constructor(
    entry: SharedEntry,
    folder: string,
    readonly index: Index,
  ) {
    this.#entry = entry;
    this.#folder = folder;
  }

  /** Opens the copy as it is, however old; `refresh` looks for what is new. */
  static async open(
    entry: SharedEntry,
    folder: string,
    parts: { embed: Embed; embedder: string; settings: IndexSettings },
  ): Promise<SharedDataset> {
    const { id, title, location } = entry;
    if (schemeOf(location) === 'db') {
      const connection = await connectLocation(location);
      return new SharedDataset(
        entry,
        folder,
        new Index({ id, title, connection, ...parts, timeLimitMs: askLimitMs }),
      );
    }
    await mkdir(folder, { recursive: true });
    const connection = await connectFolder(folder);
    const shared = new SharedDataset(entry, folder, new Index({ id, title, folder, connection, ...parts }));
    await shared.#openCopy();
    return shared;
  }

  /** What is wrong with its location, and of when the copy is that is searched meanwhile. */
  get trouble(): WetreadError | undefined {
    return this.#trouble;
  }

  /** Whether there is anything to search. */
  get hasCopy(): boolean {
    return this.#copy !== undefined;
  }

  get isRefreshing(): boolean {
    return this.#refreshing !== undefined;
  }

  /**
   * Brings the copy up to date; searches see the old one until the new one is whole.
   * @returns whether anything changed: content, or whether its location can be reached
   * @throws WetreadError `index-away`, `index-missing` where it was made with another model pack, `cancelled`
   */
  async refresh(events: { signal?: AbortSignal; onProgress?: OnProgress } = {}): Promise<boolean> {
    const before = this.#trouble?.message;
    // Whoever asks while one is under way waits for it, with its progress untold.
    this.#refreshing ??= this.#refresh(events).finally(() => {
      this.#refreshing = undefined;
    });
    try {
      const changed = await this.#refreshing;
      this.#trouble = undefined;
      return changed || before !== undefined;
    } catch (thrown) {
      const error = toWetreadError(thrown);
      if (error.code === 'cancelled') throw error;
      this.#trouble = this.#tell(error);
      if (!this.hasCopy && !this.index.isRemote) this.index.setAway(this.#trouble);
      throw this.#trouble;
    }
  }

  async #refresh({
    signal,
    onProgress,
  }: {
    signal?: AbortSignal;
    onProgress?: OnProgress;
  }): Promise<boolean> {
    if (this.index.isRemote) {
      await this.index.modalities();
      return false;
    }
    const { location } = this.#entry;
    const source = await openSource(location, signal);
    try {
      const [newest] = source.versions;
      if (newest === undefined)
        // An empty place where a share is not mounted.
        throw new WetreadError(
          this.#copy === undefined ? 'index-missing' : 'index-away',
          `There is no dataset of Wetread at ${location}.`,
        );
      if (this.#copy?.version === newest.version && this.#copy.at === newest.at) return false;
      await this.#copyFrom({ connection: source.connection, tables: newest.tables }, newest.version, {
        signal,
        onProgress,
      });
      await this.#noteCopy({ version: newest.version, at: newest.at });
      await this.#openCopy();
      return true;
    } finally {
      source.connection.close();
    }
  }

  /** Writes beyond what is being read: searches are pinned to the last whole copy. */
  async #copyFrom(
    source: SourceState,
    version: number,
    { signal, onProgress }: { signal?: AbortSignal; onProgress?: OnProgress },
  ): Promise<void> {
    const { id, title, embed, embedder, settings } = this.index;
    const folder = this.#folder;
    const connection = await connectFolder(folder);
    const unpinned = new Index({ id, title, folder, connection, embed, embedder, settings });
    try {
      await dropUnusable(unpinned);
      const writer = await DatasetWriter.open(unpinned, { uid: this.#entry.uid, signal });
      try {
        await copyDataset(source, writer, {
          embedder,
          within: (request) => within(request, requestLimitMs, signal),
          signal,
          onProgress,
        });
        await writer.finish(`Copy of version ${version}`, { signal, onProgress });
      } finally {
        await writer.close();
      }
    } finally {
      await unpinned.dispose();
    }
  }

  /** Reads the last whole copy from now on. */
  async #openCopy(): Promise<void> {
    const [whole] = await readVersions(this.index.connection).catch(() => []);
    this.#copy = await this.#readNote();
    if (whole === undefined || this.#copy === undefined) {
      this.#copy = undefined;
      this.index.setAway(
        new WetreadError(
          'index-away',
          `${this.#entry.title} has not been copied yet. The other indices were searched.`,
        ),
      );
      return;
    }
    await this.index.pin(whole.tables);
    this.index.setAway(undefined);
  }

  #tell({ code, message, cause }: WetreadError): WetreadError {
    const copy = this.#copy;
    const told =
      copy === undefined ? '' : ` The copy of ${copy.at.slice(0, 16).replace('T', ', ')} UTC is searched.`;
    return new WetreadError(code, `${this.#entry.title}: ${message}${told}`, { cause });
  }

  async #readNote(): Promise<CopyNote | undefined> {
    try {
      return CopyNote.parse(JSON.parse(await readFile(noteFile(this.#folder), 'utf8')));
    } catch {
      // None, or damaged: copied again, which costs little where the rows are there.
      return undefined;
    }
  }

  async #noteCopy(note: CopyNote): Promise<void> {
    const file = noteFile(this.#folder);
    await writeFile(`${file}.new`, JSON.stringify(note));
    await rename(`${file}.new`, file);
  }
}

/** A copy that is damaged or of another model pack is made anew. */
async function dropUnusable(copy: Index): Promise<void> {
  try {
    for (const modality of await copy.modalities()) await copy.read(modality, probe);
    await readVersions(copy.connection);
  } catch {
    for (const modality of await copy.modalities()) await copy.drop(modality);
    await rm(join(copy.folder, `${versionsTable}.lance`), { recursive: true, force: true });
    await removePending(copy.folder);
  }
}

const noteFile = (folder: string) => join(folder, 'copy.json');

/**
 * Connects to where a dataset is and reads its versions.
 * @throws WetreadError `index-away` where nobody answers or access is refused
 */
export async function openSource(
  location: string,
  signal?: AbortSignal,
): Promise<{ connection: Connection; versions: VersionRow[] }> {
  // LanceDB would create the folder.
  if (schemeOf(location) === 'folder') await within(stat(location), firstLimitMs, signal);
  const connection = await within(connectLocation(location), firstLimitMs, signal);
  try {
    return { connection, versions: await within(readVersions(connection), firstLimitMs, signal) };
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
}

/** A request to a location; what goes wrong means that it is away. */
export async function within<T>(request: Promise<T>, limitMs: number, signal?: AbortSignal): Promise<T> {
  try {
    return await withinTime(request, limitMs, signal);
  } catch (cause) {
    if (signal?.aborted) throw toWetreadError(cause);
    const text = cause instanceof Error ? cause.message : '';
    throw new WetreadError(
      'index-away',
      /\b40[13]\b|AccessDenied|privileges|credential|EACCES|EPERM/i.test(text)
        ? 'Its location refuses access. Check the credentials.'
        : 'Its location cannot be reached.',
      { cause },
    );
  }
}
