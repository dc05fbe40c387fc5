import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '@lancedb/lancedb';
import { z } from 'zod';
import { toWetreadError, WetreadError } from '../../error.js';
import { fingerprintOf, PublicKey } from '../../trust/index.js';
import { connectFolder } from './connection.js';
import { copyDataset } from './copy-dataset.js';
import type { DatasetEntry, Publisher } from './datasets-file.js';
import { type Embed, Index } from './index-store.js';
import { removePending } from './journal.js';
import { askLimitMs, connectLocation, schemeOf } from './location.js';
import { probe } from './probe.js';
import type { IndexSettings } from './settings.js';
import { readSignatures, type VersionSignature } from './signatures.js';
import { withinTime } from './time-limit.js';
import { readVersions, type VersionRow, versionsTable } from './versions.js';
import { DatasetWriter, type OnProgress } from './writer.js';

/** One request while copying: a page of rows with images over a slow line. */
const requestLimitMs = 30_000;
/** The first request, whether anybody is there: LanceDB takes some seconds to find that nobody is. */
export const firstLimitMs = 15_000;

/** What a copy is a copy of, and the key that signed it. */
const CopyNote = z.object({ version: z.number().int(), at: z.string(), key: PublicKey.optional() }).strict();
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
  #publisher: Publisher | undefined;
  #offered: Publisher | undefined;
  readonly #onPinned: (key: PublicKey) => Promise<void>;

  private constructor(
    entry: SharedEntry,
    folder: string,
    readonly index: Index,
    onPinned: (key: PublicKey) => Promise<void>,
  ) {
    this.#entry = entry;
    this.#folder = folder;
    this.#publisher = entry.publisher;
    this.#onPinned = onPinned;
  }

  /**
   * Opens the copy as it is, however old; `refresh` looks for what is new.
   * @param onPinned - told of the key that is trusted from now on, where none was before
   */
  static async open(
    entry: SharedEntry,
    folder: string,
    {
      onPinned,
      ...parts
    }: {
      embed: Embed;
      embedder: string;
      settings: IndexSettings;
      onPinned: (key: PublicKey) => Promise<void>;
    },
  ): Promise<SharedDataset> {
    const { id, title, location } = entry;
    if (schemeOf(location) === 'db') {
      const connection = await connectLocation(location);
      const index = new Index({ id, title, connection, ...parts, timeLimitMs: askLimitMs });
      const asked = new SharedDataset(entry, folder, index, onPinned);
      if (entry.publisher === undefined) index.setAway(asked.#tell(asked.#untrusted('unsigned')));
      return asked;
    }
    await mkdir(folder, { recursive: true });
    const connection = await connectFolder(folder);
    const index = new Index({ id, title, folder, connection, ...parts });
    const shared = new SharedDataset(entry, folder, index, onPinned);
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

  /** Who vouches for it here; undefined where that was never decided. */
  get publisher(): Publisher | undefined {
    return this.#publisher;
  }

  /** Who vouches for what lies at its location now, where that is not who is trusted. */
  get offered(): Publisher | undefined {
    return this.#offered;
  }

  /** Trusts this one from now on, and nobody else. */
  trust(publisher: Publisher): void {
    this.#publisher = publisher;
    if (this.#offered === publisher) this.#offered = undefined;
    if (this.index.isRemote) this.index.setAway(undefined);
  }

  get isRefreshing(): boolean {
    return this.#refreshing !== undefined;
  }

  /**
   * Brings the copy up to date; searches see the old one until the new one is whole.
   * @returns whether anything changed: content, or whether its location can be reached
   * @throws WetreadError `index-away`, `index-missing` where it was made with another model pack, `untrusted` where nobody trusted vouches
   *   for what lies there, `cancelled`
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
      this.#offered = undefined;
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
      if (this.#publisher === undefined) throw this.#untrusted('unsigned');
      await this.index.modalities();
      return false;
    }
    const { location } = this.#entry;
    const source = await openSource(location, signal);
    try {
      const { newest } = source;
      if (newest === undefined)
        // An empty place where a share is not mounted.
        throw new WetreadError(
          this.#copy === undefined ? 'index-missing' : 'index-away',
          `There is no dataset of Wetread at ${location}.`,
        );
      const signature = this.#requireTrusted(newest, source.signatures);
      const { version, at } = newest;
      const isCopied = this.#copy?.version === version && this.#copy.at === at;
      if (isCopied && this.#copy?.key === signature?.key) return false;
      await this.#copyFrom(source.connection, newest, signature, { signal, onProgress });
      if (signature !== undefined && !this.#isPinned) {
        await this.#onPinned(signature.key);
        this.#publisher = signature.key;
      }
      await this.#noteCopy({ version, at, ...(signature && { key: signature.key }) });
      await this.#openCopy();
      return true;
    } finally {
      source.connection.close();
    }
  }

  /**
   * The signature by which this version may be copied; undefined where it needs none. A dataset that was trusted unsigned, or was there before
   * datasets were signed, is held to the first key that signs it.
   */
  #requireTrusted(newest: VersionRow, signatures: readonly VersionSignature[]): VersionSignature | undefined {
    const { location, uid } = this.#entry;
    if (newest.dataset !== uid)
      throw new WetreadError('untrusted', `Another dataset lies at ${location} now. It was not copied.`);
    const publisher = this.#publisher;
    const signature = signatures.find(({ key }) => !this.#isPinned || key === publisher);
    if (signature === undefined) {
      if (publisher === 'unsigned') return undefined;
      throw this.#untrusted(signatures[0]?.key ?? 'unsigned');
    }
    const copy = this.#copy;
    if (copy?.key === signature.key && Date.parse(signature.at) < Date.parse(copy.at))
      throw new WetreadError(
        'untrusted',
        `What lies at ${location} is older (${dayAndTime(signature.at)}) than what was copied before. It was not taken; if its publisher went back to it, let them share it again.`,
      );
    return signature;
  }

  /** Whether it is held to one key. */
  get #isPinned(): boolean {
    return this.#publisher !== undefined && this.#publisher !== 'unsigned';
  }

  /** What lies there is not vouched for by whom it should be. */
  #untrusted(offered: Publisher): WetreadError {
    this.#offered = offered;
    const { location } = this.#entry;
    const publisher = this.#publisher;
    const wanted =
      publisher === undefined || publisher === 'unsigned'
        ? ''
        : ` and not by the key that you trust (${fingerprintOf(publisher)})`;
    return new WetreadError(
      'untrusted',
      offered === 'unsigned'
        ? `What lies at ${location} is not signed by anybody${wanted}. It was not copied. Let its publisher share it once more; an administrator can trust it as it is.`
        : `What lies at ${location} is signed by the key ${fingerprintOf(offered)}${wanted}. It was not copied. Ask its publisher whether that is their new key; an administrator can then trust it.`,
    );
  }

  /** Writes beyond what is being read: searches are pinned to the last whole copy. */
  async #copyFrom(
    source: Connection,
    newest: VersionRow,
    signature: VersionSignature | undefined,
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
        const from = { connection: source, tables: newest.tables };
        const isSame = await copyDataset(from, { writer, connection }, signature?.rows, {
          embedder,
          within: (request) => within(request, requestLimitMs, signal),
          signal,
          onProgress,
        });
        if (!isSame)
          throw new WetreadError(
            'untrusted',
            `What lies at ${this.#entry.location} is not what its publisher signed: something was changed, added or taken away. It is not used. Let its publisher share it again, and see who else may write there.`,
          );
        // Somebody may have decided otherwise meanwhile.
        this.#requireTrusted(newest, signature === undefined ? [] : [signature]);
        await writer.finish(`Copy of version ${newest.version}`, { signal, onProgress });
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
    const told = copy === undefined ? '' : ` The copy of ${dayAndTime(copy.at)} is searched.`;
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

const dayAndTime = (at: string) => `${at.slice(0, 16).replace('T', ', ')} UTC`;

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
 * Connects to where a dataset is and reads its newest version, with the true signatures of that.
 * @throws WetreadError `index-away` where nobody answers or access is refused
 */
export async function openSource(
  location: string,
  signal?: AbortSignal,
): Promise<{ connection: Connection; newest?: VersionRow; signatures: VersionSignature[] }> {
  // LanceDB would create the folder.
  if (schemeOf(location) === 'folder') await within(stat(location), firstLimitMs, signal);
  const connection = await within(connectLocation(location), firstLimitMs, signal);
  try {
    const [newest] = await within(readVersions(connection), firstLimitMs, signal);
    if (newest === undefined) return { connection, signatures: [] };
    const signatures = await within(readSignatures(connection, newest), firstLimitMs, signal);
    return { connection, newest, signatures };
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
