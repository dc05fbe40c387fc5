import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AUTHORED,
  type Dataset,
  type DatasetDocument,
  type DatasetVersion,
  type Problem,
} from '../../../preload/values.js';
import { toWetreadError, WetreadError } from '../../error.js';
import { fingerprintOf, type Sign } from '../../trust/index.js';
import { type DocumentsPage, listDocuments, readDocument, readThumbnail } from './browse.js';
import { buildIndex } from './build.js';
import {
  type DatasetEntry,
  listFile,
  Publisher,
  readDatasets,
  writeDatasets,
  writeEntry,
} from './datasets-file.js';
import { factsOf } from './facts.js';
import { type Embed, type Index, openIndex } from './index-store.js';
import { schemeOf } from './location.js';
import { isLocked, lockFile, takeLock } from './lock.js';
import { mendDataset } from './mend.js';
import { publishDataset } from './publish.js';
import { type IndexSettings, indexSettings } from './settings.js';
import { openSource, SharedDataset } from './shared.js';
import { readVersions, versionsTable } from './versions.js';
import { DatasetWriter, type OnProgress } from './writer.js';

export interface LibraryOptions {
  /** Holds a folder a dataset and the list of them; created where there is none. */
  folder: string;
  /** The text encoder of the model pack, and its identity (the SHA-256 of its graph). */
  embed: Embed;
  embedder: string;
  /** Default: `indices/settings.json` */
  settings?: IndexSettings;
  /** Where the authored documents are; with it, `refresh` builds the authored dataset. */
  documentsFolder?: string;
  /** Rejects where these documents are not to be trusted; asked before each build. */
  requireTrusted?: (documentsFolder: string) => Promise<void>;
  /** Signs what is published; without it nothing can be. */
  sign?: Sign;
  /** Told when a dataset is another than before without having been asked for: a copy was brought up to date, a location went away. */
  onChange?: () => void;
}

export interface TaskEvents {
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

interface OpenDataset {
  entry: DatasetEntry;
  index: Index;
  shared?: SharedDataset;
}

/** All datasets: the authored one, the department's own, and those shared with it. One that fails never hides another. */
export class Library {
  readonly folder: string;
  readonly #options: LibraryOptions;
  /** In the order of the list, the authored one first. */
  readonly #datasets = new Map<string, OpenDataset>();
  readonly #problems: Problem[];
  readonly #troubles = new Map<string, WetreadError>();
  /** Stay in the list: what keeps them from being opened may pass. */
  readonly #unopened: DatasetEntry[] = [];
  readonly #abort = new AbortController();
  readonly #background = new Set<Promise<void>>();
  /** Changes of the list come one after the other. */
  #changing: Promise<unknown> = Promise.resolve();
  #changes = 0;
  /** Tells the list as it was last read or written from what another process made of it. */
  #listSeen = '';

  private constructor(options: LibraryOptions, problems: Problem[]) {
    this.folder = options.folder;
    this.#options = options;
    this.#problems = problems;
  }

  /** Opens all datasets; the authored one is to be built by `buildIndex(library.index(AUTHORED), …)`. */
  static async open(options: LibraryOptions): Promise<Library> {
    try {
      await mkdir(options.folder, { recursive: true });
      for (const name of await readdir(options.folder))
        if (name.startsWith(removedPrefix))
          await rm(join(options.folder, name), { recursive: true, force: true });
      const stamp = await stampOf(listFile(options.folder));
      const { datasets, damaged } = await readDatasets(options.folder);
      const library = new Library(options, damaged ? [listDamaged(damaged.file)] : []);
      library.#listSeen = stamp;
      await library.#openDataset(authored);
      for (const entry of datasets) await library.#openListed(entry);
      return library;
    } catch (thrown) {
      throw toWetreadError(thrown);
    }
  }

  /** One that cannot be opened is a problem, and stays in the list. */
  async #openListed(entry: DatasetEntry): Promise<void> {
    try {
      const { shared } = await this.#openDataset(entry);
      if (shared !== undefined) this.#refreshInBackground(shared);
    } catch (thrown) {
      const { code, message } = toWetreadError(thrown);
      this.#problems.push({ file: entry.title, code, message });
      this.#unopened.push(entry);
    }
  }

  /** What could not be used: the list itself, or a dataset that cannot even be opened. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** What is amiss with where a dataset comes from, while what there is of it is searched; undefined: nothing any more. */
  setTrouble(id: string, error: WetreadError | undefined): void {
    if (error === undefined) this.#troubles.delete(id);
    else this.#troubles.set(id, error);
  }

  /** The troubles of all datasets, to be told beside what was found. */
  get troubles(): Problem[] {
    return [...this.#troubles].map(([id, { code, message }]) => ({
      file: this.index(id).title,
      ...{ code, message },
    }));
  }

  /** The indices of all datasets, the authored one first. */
  indices(): Index[] {
    return [...this.#datasets.values()].map(({ index }) => index);
  }

  /** @throws WetreadError `not-found` */
  index(id: string): Index {
    return this.#dataset(id).index;
  }

  /** All datasets with what they hold and how they are, the authored one first. */
  async list(): Promise<Dataset[]> {
    // What changes the list has it as it is in the end.
    if (this.#changes === 0) await this.#inTurn(() => this.#follow());
    return await Promise.all([...this.#datasets.values()].map((dataset) => this.#describe(dataset)));
  }

  /**
   * Adds an own dataset, to be filled by `openWriter`; with a location one that others fill, which is copied in the background. The key that
   * signed it is trusted from then on, and no other.
   * @param options.allowUnsigned - true: a shared one that nobody signed is taken too
   * @throws WetreadError `bad-input` where the location is none, `index-away` where it cannot be reached now, `index-missing` where no
   *   dataset is there, `untrusted` where it is not signed
   */
  async add({
    title,
    location,
    allowUnsigned = false,
  }: {
    title: string;
    location?: string;
    allowUnsigned?: boolean;
  }): Promise<Dataset> {
    return await this.#change(async () => {
      const entry: DatasetEntry = { id: this.#freeId(title), uid: randomUUID(), title };
      if (location !== undefined) {
        entry.location = location;
        const { uid, publisher } = await this.#foundAt(location);
        if (publisher === 'unsigned' && !allowUnsigned) throw unsignedAt(location);
        Object.assign(entry, { uid, publisher });
      }
      await mkdir(join(this.folder, entry.id), { recursive: true });
      await writeEntry(this.folder, entry);
      await writeDatasets(this.folder, [...this.#entries(), entry]);
      const dataset = await this.#openDataset(entry);
      if (dataset.shared !== undefined) this.#refreshInBackground(dataset.shared);
      return await this.#describe(dataset);
    });
  }

  /** Another text whenever any process has changed the list, or writes or has written one of the own datasets; costs next to nothing. */
  async stamp(): Promise<string> {
    const own = this.#entries().filter(({ location }) => location === undefined);
    const files = own.flatMap(({ id }) => {
      const folder = join(this.folder, id);
      return [lockFile(folder), join(folder, `${versionsTable}.lance`, '_versions')];
    });
    const stamps = await Promise.all([listFile(this.folder), ...files].map(stampOf));
    return stamps.join('\n');
  }

  /** The identity of the dataset at a location, and who signed it; a server does not tell. */
  async #foundAt(location: string): Promise<{ uid: string; publisher: Publisher }> {
    if (schemeOf(location) === 'db') return { uid: randomUUID(), publisher: 'unsigned' };
    const { connection, newest, signatures } = await openSource(location, this.#abort.signal);
    connection.close();
    if (newest === undefined)
      throw new WetreadError(
        'index-missing',
        `There is no dataset of Wetread at ${location}. Publish one there first.`,
      );
    return { uid: newest.dataset, publisher: signatures[0]?.key ?? 'unsigned' };
  }

  /**
   * Trusts a shared dataset that this key signs, or that nobody signs, from now on; `refresh` then takes what lies there.
   * @throws WetreadError `bad-input` where it is no key, `wrong-state` where the dataset is not a shared one
   */
  async trust(id: string, publisher: string): Promise<Dataset> {
    const parsed = Publisher.safeParse(publisher);
    if (!parsed.success)
      throw new WetreadError('bad-input', 'A publisher is a key of 43 characters, or "unsigned".');
    return await this.#change(async () => {
      const dataset = this.#dataset(id);
      if (dataset.shared === undefined)
        throw new WetreadError('wrong-state', `${dataset.entry.title} is not a shared dataset.`);
      if (dataset.index.isRemote && parsed.data !== 'unsigned')
        throw new WetreadError('bad-input', 'What a server answers is not signed by any key.');
      await this.#pin(dataset.entry, parsed.data);
      dataset.shared.trust(parsed.data);
      return await this.#describe(dataset);
    });
  }

  async #pin(entry: DatasetEntry, publisher: Publisher): Promise<void> {
    entry.publisher = publisher;
    await writeEntry(this.folder, entry);
    await writeDatasets(this.folder, this.#entries());
  }

  /** A location that is away shows in `list`; drafting goes on with what there is. */
  #refreshInBackground(shared: SharedDataset): void {
    const refreshing = shared
      .refresh({ signal: this.#abort.signal })
      .catch(() => true)
      .then((changed) => {
        this.#background.delete(refreshing);
        if (changed && !this.#abort.signal.aborted) this.#options.onChange?.();
      });
    this.#background.add(refreshing);
  }

  /** Deletes an own dataset with all its versions. @throws WetreadError `not-allowed` for the authored one */
  async remove(id: string): Promise<void> {
    await this.#change(async () => {
      if (id === AUTHORED)
        throw new WetreadError('not-allowed', 'The knowledge base is part of Wetread and stays.');
      const { index } = this.#dataset(id);
      if (await isLocked(lockFile(join(this.folder, id))))
        throw new WetreadError('wrong-state', `${index.title} is being written. Stop that first.`);
      await this.#closeDataset(id);
      // Killed from here on, the folder is removed when the library is next opened.
      const removed = join(this.folder, `${removedPrefix}${id}`);
      await rename(join(this.folder, id), removed);
      await writeDatasets(this.folder, this.#entries());
      await rm(removed, { recursive: true, force: true });
    });
  }

  /**
   * Brings the copy of a shared dataset up to date, builds the authored one where documents changed, and mends an own one that is
   * damaged by its newest version that can be read.
   * @throws WetreadError `index-away`, `index-missing`, `index-damaged`, `cancelled`
   */
  async refresh(id: string, events: TaskEvents = {}): Promise<void> {
    const { index, shared, entry } = this.#dataset(id);
    const { documentsFolder, requireTrusted } = this.#options;
    if (shared !== undefined) await shared.refresh(events);
    else if (id !== AUTHORED) await mendDataset(index, entry.uid, events);
    else if (documentsFolder !== undefined) {
      await requireTrusted?.(documentsFolder);
      index.setAway(undefined);
      this.setTrouble(id, undefined);
      await buildIndex(index, documentsFolder, events);
    }
  }

  /**
   * Copies a dataset to a folder or `s3://…`, from where others share it; only what differs is written. Killed half way, it leaves what was
   * published before in place.
   * @returns the key that signed it and its fingerprint, for those who add it to compare
   * @throws WetreadError `bad-input` where another dataset is there, `index-away` where it cannot be reached, `store-damaged` where the key of
   *   this workstation is
   */
  async publish(
    id: string,
    location: string,
    { signal, onProgress }: TaskEvents = {},
  ): Promise<{ key: string; fingerprint: string }> {
    const { index, entry } = this.#dataset(id);
    const { sign } = this.#options;
    if (sign === undefined) throw new WetreadError('not-allowed', 'There is no key to sign with.');
    const key = await publishDataset(index, entry.uid, location, {
      journals: join(this.folder, '.published'),
      libraryFolder: this.folder,
      sign,
      signal,
      onProgress,
    });
    return { key, fingerprint: fingerprintOf(key) };
  }

  /** The states of an own dataset that can be brought back, newest first. */
  async versions(id: string): Promise<DatasetVersion[]> {
    const { index } = this.#dataset(id);
    try {
      const rows = await readVersions(index.connection);
      return rows.map(({ version, at, note, documents, snippets }, place) => ({
        ...{ version, at, note, documents, snippets },
        current: place === 0,
      }));
    } catch (cause) {
      throw new WetreadError('index-damaged', `The versions of ${index.title} cannot be read.`, { cause });
    }
  }

  /** Brings an own dataset back to one of its versions, which makes a new one; returns its number. */
  async rollback(id: string, version: number, events: TaskEvents = {}): Promise<number> {
    return await this.#writing(id, events, (writer) => writer.rollback(version));
  }

  /** Documents of a dataset, newest first; with `query` those whose words match it, best first. */
  async documents(
    id: string,
    page: { query?: string; offset: number; limit: number },
  ): Promise<DocumentsPage> {
    return await listDocuments(this.index(id), page);
  }

  /** A document with its text, section by section. @throws WetreadError `not-found` */
  async document(
    id: string,
    document: string,
  ): Promise<DatasetDocument & { sections: { kind: string; text: string }[] }> {
    return await readDocument(this.index(id), document);
  }

  /** Deletes documents of an own dataset, which makes a version; returns its number. */
  async deleteDocuments(id: string, documents: readonly string[], events: TaskEvents = {}): Promise<number> {
    return await this.#writing(id, events, async (writer) => {
      const deleted = await writer.remove(documents);
      return await writer.finish(`${deleted} ${deleted === 1 ? 'document' : 'documents'} deleted`);
    });
  }

  /** The JPEG thumbnail of the n-th image (from 0) of a document. @throws WetreadError `not-found` */
  async thumbnail(id: string, document: string, n: number): Promise<Uint8Array> {
    return await readThumbnail(this.index(id), document, n);
  }

  /**
   * Opens an own dataset for writing; waits for another writer to close, and tells so.
   * @throws WetreadError `not-allowed` for one that is only read
   */
  async openWriter(id: string, { signal, onProgress }: TaskEvents = {}): Promise<DatasetWriter> {
    const { index, entry } = this.#dataset(id);
    if (id === AUTHORED || entry.location !== undefined)
      throw new WetreadError('not-allowed', `${index.title} is only read here.`);
    return await DatasetWriter.open(index, { uid: entry.uid, signal, onProgress });
  }

  /** Closes all datasets. Queries under way may fail. */
  async dispose(): Promise<void> {
    this.#abort.abort();
    await this.#changing;
    await Promise.all(this.#background);
    for (const { index } of this.#datasets.values()) await index.dispose();
    this.#datasets.clear();
  }

  async #writing<T>(id: string, events: TaskEvents, work: (writer: DatasetWriter) => Promise<T>): Promise<T> {
    const writer = await this.openWriter(id, events);
    try {
      return await work(writer);
    } finally {
      await writer.close();
    }
  }

  async #openDataset(entry: DatasetEntry): Promise<OpenDataset> {
    const { embed, embedder, settings = indexSettings } = this.#options;
    const { id, uid, title, location } = entry;
    const folder = join(this.folder, id);
    let dataset: OpenDataset;
    if (location === undefined) {
      const index = await openIndex(folder, embed, { embedder, settings, id, title });
      // What cannot be mended shows as damaged with the first reading.
      if (id !== AUTHORED) await DatasetWriter.mend(index, uid).catch(() => {});
      dataset = { entry, index };
    } else {
      const shared = await SharedDataset.open({ ...entry, location }, folder, {
        ...{ embed, embedder, settings },
        onPinned: (key) => this.#change(() => this.#pin(entry, key)),
      });
      dataset = { entry, index: shared.index, shared };
    }
    this.#datasets.set(id, dataset);
    return dataset;
  }

  async #describe({ entry, index, shared }: OpenDataset): Promise<Dataset> {
    const kind = entry.id === AUTHORED ? 'authored' : shared === undefined ? 'own' : 'shared';
    const facts = await factsOf(index);
    const trouble = this.#troubles.get(entry.id);
    const building = !index.isRemote && (await isLocked(lockFile(index.folder)));
    return {
      ...{ id: entry.id, title: entry.title, location: entry.location ?? index.folder, kind },
      ...facts,
      ...(trouble && { state: 'away', message: trouble.message }),
      ...(building || (shared?.isRefreshing && !shared.hasCopy)
        ? { state: 'building', message: undefined }
        : {}),
      ...(shared?.trouble && !shared.isRefreshing
        ? { state: stateIn(shared.trouble), message: shared.trouble.message }
        : {}),
      ...(shared?.publisher && { publisher: shownPublisher(shared.publisher) }),
      ...(shared?.offered && { offered: shownPublisher(shared.offered) }),
    };
  }

  #dataset(id: string): OpenDataset {
    const found = this.#datasets.get(id);
    if (found === undefined) throw new WetreadError('not-found', 'This dataset is not here any more.');
    return found;
  }

  #entries(): DatasetEntry[] {
    const opened = [...this.#datasets.values()].map(({ entry }) => entry);
    return [...opened.filter(({ id }) => id !== AUTHORED), ...this.#unopened];
  }

  /** Changes the list as it is on the disk, which other processes change too. */
  async #change<T>(work: () => Promise<T>): Promise<T> {
    this.#changes += 1;
    try {
      return await this.#inTurn(async () => {
        const lock = await takeLock(join(this.folder, 'datasets.lock'), { signal: this.#abort.signal });
        try {
          await this.#follow();
          return await work();
        } finally {
          this.#listSeen = await stampOf(listFile(this.folder));
          await lock.release();
        }
      });
    } finally {
      this.#changes -= 1;
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const changing = this.#changing.then(work);
    this.#changing = changing.catch(() => {});
    try {
      return await changing;
    } catch (thrown) {
      throw toWetreadError(thrown);
    }
  }

  /** Opens and closes datasets as another process changed the list. */
  async #follow(): Promise<void> {
    const stamp = await stampOf(listFile(this.folder));
    if (stamp === '' || stamp === this.#listSeen || this.#abort.signal.aborted) return;
    const { datasets } = await readDatasets(this.folder);
    this.#listSeen = stamp;
    const isListed = ({ id, uid }: DatasetEntry) =>
      datasets.some((entry) => entry.id === id && entry.uid === uid);
    for (const { entry } of [...this.#datasets.values()])
      if (entry.id !== AUTHORED && !isListed(entry)) await this.#closeDataset(entry.id);
    this.#unopened.splice(0, this.#unopened.length, ...this.#unopened.filter(isListed));
    for (const entry of datasets) {
      const known = this.#datasets.get(entry.id);
      if (known === undefined) {
        if (!this.#unopened.some(({ id }) => id === entry.id)) await this.#openListed(entry);
      } else if (entry.publisher !== undefined && entry.publisher !== known.entry.publisher) {
        known.entry.publisher = entry.publisher;
        known.shared?.trust(entry.publisher);
      }
    }
  }

  async #closeDataset(id: string): Promise<void> {
    const { index } = this.#dataset(id);
    this.#datasets.delete(id);
    await index.dispose();
  }

  #freeId(title: string): string {
    const words = title
      .normalize('NFKD')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? ['dataset'];
    const base = words.join('-').slice(0, 40).replace(/-$/, '');
    let id = base;
    const taken = new Set([AUTHORED, ...this.#entries().map((entry) => entry.id)]);
    for (let n = 2; taken.has(id); n += 1) id = `${base}-${n}`;
    return id;
  }
}

/** The state of a shared dataset that could not be brought up to date. */
function stateIn({ code }: WetreadError): Dataset['state'] {
  const states: Partial<Record<WetreadError['code'], Dataset['state']>> = {
    'index-away': 'away',
    'index-damaged': 'damaged',
    untrusted: 'untrusted',
  };
  return states[code] ?? 'outdated';
}

const shownPublisher = (publisher: Publisher): Dataset['publisher'] =>
  publisher === 'unsigned' ? 'unsigned' : { key: publisher, fingerprint: fingerprintOf(publisher) };

const unsignedAt = (location: string) =>
  new WetreadError(
    'untrusted',
    schemeOf(location) === 'db'
      ? `Nothing vouches for what the server at ${location} answers: what it holds is not signed. Add it only if you trust whoever can write there, by allowing an unsigned dataset.`
      : `The dataset at ${location} is not signed, so nobody can tell who wrote it or whether it was changed. Let its publisher share it once more with this version of Wetread, or allow an unsigned dataset if you trust whoever can write there.`,
  );

/** Another for each writing of a file; empty where there is none. The times of a lock change with each of its beats. */
async function stampOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return file.endsWith('.lock') ? `${ino}` : `${ino} ${size} ${mtimeMs}`;
  } catch {
    return '';
  }
}

const removedPrefix = '.removed-';
const authored: DatasetEntry = { id: AUTHORED, uid: AUTHORED, title: 'The knowledge base' };

const listDamaged = (file: string): Problem => ({
  file,
  code: 'store-damaged',
  message:
    'The list of datasets was damaged and has been put aside. The datasets were found again by their folders; check their titles.',
});

/**
 * Opens all datasets below a folder.
 * @throws WetreadError `not-allowed`, `disk-full`, … when the folder cannot be used.
 */
export async function openLibrary(options: LibraryOptions): Promise<Library> {
  return await Library.open(options);
}
