import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ImportRequest, ImportResult, Problem, Progress, RemovalKind } from '../../preload/values.js';
import { toWetreadError, WetreadError } from '../error.js';
import type { DatasetWriter, Library, SourceDocument } from '../retrieve/index.js';
import { countFiles, SourceFinder } from './find-sources.js';
import { type EmbedImages, hashFile, readImages } from './images.js';
import { forgetNote, noteImport, readNotes } from './journal.js';
import { hiddenIn, Problems, problemOf } from './problems.js';
import { readAhead } from './read-ahead.js';
import { FindingReader } from './read-findings.js';
import { readRecords } from './read-records.js';
import type { ImportRecord } from './record.js';
import { partKey, splitLong } from './split-long.js';
import { describeRecord, idOf } from './to-document.js';

/** What an import needs beside the library. */
export interface ImportParts {
  embedImages: EmbedImages;
}

export interface ImportOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Omit<Progress, 'task'>) => void;
}

/** Documents and snippets a batch: with vectors few, so that progress and cancelling need not wait for the text encoder. */
const batches = { words: { documents: 256, snippets: 4000 }, vectors: { documents: 64, snippets: 256 } };
/** Documents of a record that are looked for behind its last one. */
const longestTail = 64;
const progressEveryMs = 250;
/** The engine's process serves the window's frames: nothing holds it up for longer. */
const yieldEveryMs = 12;

/**
 * Reads files into an own dataset: every report, case or article becomes a document, de-identified, in snippets. What is stored
 * already, word for word, is left; what changed is replaced; what is no longer among the files stays. A file or record that cannot be
 * read is a problem and the rest goes on. Killed, it goes on where it was when it is run again.
 * @throws WetreadError `cancelled` (what was read stays), `not-found` (no such dataset, or none of the paths), `not-allowed` (a shared
 *   dataset), `disk-full`, `index-away`, `pack-damaged`.
 */
export async function importKnowledge(
  library: Library,
  request: ImportRequest,
  parts: ImportParts,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const { signal } = options;
  const writer = await library.openWriter(request.dataset, options);
  try {
    await noteImport(library.folder, request);
    const running = new Import(library, writer, request, parts, options);
    try {
      const result = await running.run();
      await forgetNote(library.folder, request);
      return result;
    } catch (thrown) {
      if (!signal?.aborted) throw thrown;
      await running.stop();
      await forgetNote(library.folder, request);
      throw new WetreadError('cancelled', 'Cancelled. What was read so far stays.', { cause: thrown });
    }
  } catch (thrown) {
    throw toWetreadError(thrown);
  } finally {
    await writer.close();
  }
}

/**
 * Imports that were begun and neither finished nor cancelled; run again, each goes on where it was. One that is running is none, and one
 * of a dataset that is gone is forgotten.
 */
export async function interruptedImports(library: Library): Promise<ImportRequest[]> {
  const requests = await readNotes(library.folder);
  if (requests.length === 0) return [];
  const states = new Map((await library.list()).map(({ id, state }) => [id, state]));
  for (const request of requests) if (!states.has(request.dataset)) await forgetNote(library.folder, request);
  return requests.filter(({ dataset }) => states.has(dataset) && states.get(dataset) !== 'building');
}

/** Drops the memory of the interrupted imports of a dataset; what they had read stays. */
export async function forgetImport(library: Library, dataset: string): Promise<void> {
  for (const request of await readNotes(library.folder))
    if (request.dataset === dataset) await forgetNote(library.folder, request);
}

/** A document that waits to be written; its images are read only if it is new. */
interface Waiting {
  document: Omit<SourceDocument, 'images'>;
  images: ImportRecord['images'];
  file: string;
  /** Set on the last document of its record: the record's key, and how many documents it makes. */
  last: { key: string; parts: number } | undefined;
}

/** The last part of a record that is stored in parts. */
type Tail = NonNullable<Waiting['last']> & { file: string };

class Import {
  readonly #problems = new Problems();
  readonly #findings = new FindingReader();
  readonly #result = { added: 0, updated: 0, unchanged: 0, snippets: 0, images: 0 };
  readonly #removals: Partial<Record<RemovalKind, number>> = {};
  readonly #today = new Date().toISOString().slice(0, 10);
  readonly #started = performance.now();
  readonly #signal: AbortSignal | undefined;
  #waiting: Waiting[] = [];
  #waitingSnippets = 0;
  #writing: Promise<void> = Promise.resolve();
  #documents = 0;
  /** Files to read, and how far into them the reading is. */
  #files = 0;
  #done = 0;
  #ofTable = 0;
  #toldAt = 0;
  #yieldedAt = performance.now();

  constructor(
    private readonly library: Library,
    private readonly writer: DatasetWriter,
    private readonly request: ImportRequest,
    private readonly parts: ImportParts,
    private readonly options: ImportOptions,
  ) {
    this.#signal = options.signal;
  }

  async run(): Promise<ImportResult> {
    const { paths, dataset, mapping } = this.request;
    const signal = this.#signal;
    const onProblem = (problem: Problem) => this.#problems.add(problem);
    this.#files = await countFiles(paths, signal);
    const finder = new SourceFinder(onProblem, signal);
    try {
      for await (const { source, reads } of readAhead(finder.find(paths), { signal })) {
        const keys = new Keys();
        const onShare = (share: number) => {
          this.#ofTable = share;
        };
        for await (const record of readRecords(source, { mapping, signal, onProblem, onShare, reads }))
          await this.#takeParts({ ...record, key: keys.unique(record.key) }, source.root);
        this.#ofTable = 0;
        this.#done += 1;
        this.#tell();
      }
      await this.#flush();
      await this.#writing;
    } finally {
      await this.#writing.catch(() => {});
    }
    finder.tell();
    if (this.#documents === 0 && finder.files === 0)
      throw new WetreadError(
        'not-found',
        'There is nothing at this place. Check that its drive is connected.',
      );
    const { added, updated, unchanged } = this.#result;
    // What a killed import wrote becomes a version too, but nothing at all is none.
    const version =
      added + updated + unchanged > 0
        ? await this.writer.finish(noteOf(this.#result), {
            ...(signal && { signal }),
            ...(this.options.onProgress && { onProgress: this.options.onProgress }),
          })
        : ((await this.library.versions(dataset))[0]?.version ?? 0);
    this.#tell(true);
    return { dataset, ...this.#result, removals: this.#removals, problems: this.#problems.list(), version };
  }

  /** Makes a version of what was written before it was cancelled. */
  async stop(): Promise<void> {
    if (this.#result.added + this.#result.updated > 0)
      await this.writer.finish(`Stopped: ${noteOf(this.#result)}`);
  }

  async #takeParts(record: ImportRecord, root: string): Promise<void> {
    const parts = splitLong(record);
    for (const [at, part] of parts.entries())
      await this.#take(
        part,
        root,
        at === parts.length - 1 ? { key: record.key, parts: parts.length } : undefined,
      );
  }

  async #take(record: ImportRecord, root: string, last: Waiting['last']): Promise<void> {
    await this.#breathe();
    try {
      const { modality, licence } = this.request;
      const { document, content, hidden } = describeRecord(
        record,
        { modality, licence, today: this.#today, root },
        this.#findings,
      );
      if (hidden > 0) this.#problems.add(hiddenIn(record.file, hidden));
      const images = await imageHashes(record, (problem) => this.#problems.add(problem));
      const contentHash = createHash('sha256')
        .update(JSON.stringify([content, images.hashes]))
        .digest('hex');
      this.#waiting.push({
        document: { ...document, contentHash },
        images: images.readable,
        file: record.file,
        last,
      });
      this.#waitingSnippets += document.snippets.length;
    } catch (thrown) {
      if (this.#signal?.aborted) throw thrown;
      this.#problems.add(problemOf(record.file, thrown));
      return;
    }
    this.#documents += 1;
    const full = batches[this.request.vectors ? 'vectors' : 'words'];
    if (this.#waiting.length >= full.documents || this.#waitingSnippets >= full.snippets) await this.#flush();
    this.#tell();
  }

  /** Has what waits written while the next records are read; waits for the batch before, so that no more than two are held. */
  async #flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#waitingSnippets = 0;
    await this.#writing;
    this.#writing = this.#write(batch);
    // Its error is thrown where it is next waited for.
    this.#writing.catch(() => {});
  }

  /** Writes a batch, but for what is stored already. */
  async #write(batch: readonly Waiting[]): Promise<void> {
    const { vectors } = this.request;
    if (batch.length === 0) return;
    this.#signal?.throwIfAborted();
    const stored = await this.writer.hashesOf(batch.map(({ document }) => document.id));
    const equal = batch.filter(({ document }) => stored.get(document.id) === document.contentHash);
    const complete =
      vectors && equal.length > 0
        ? await this.writer.hashesOf(
            equal.map(({ document }) => document.id),
            { vectors },
          )
        : stored;
    const changed = batch.filter(({ document }) => complete.get(document.id) !== document.contentHash);
    const fresh = changed.filter(({ document }) => !stored.has(document.id));
    const held =
      fresh.length > 0
        ? await this.writer.holds(fresh.map(({ document }) => document.contentHash))
        : new Set<string>();
    const documents: SourceDocument[] = [];
    for (const { document, images } of changed) {
      const known = stored.has(document.id);
      // The same content under another id, of this batch too.
      if (!known && held.has(document.contentHash)) continue;
      held.add(document.contentHash);
      documents.push({
        ...document,
        images: vectors
          ? await readImages(images, this.parts.embedImages, {
              signal: this.#signal,
              onProblem: (problem) => this.#problems.add(problem),
            })
          : [],
      });
    }
    await this.writer.write(documents, { vectors, ...(this.#signal && { signal: this.#signal }) });
    for (const document of documents) this.#count(document, stored.has(document.id));
    await this.#removeTails(batch, stored);
    this.#result.unchanged += batch.length - documents.length;
    this.#tell();
  }

  /**
   * A long record that became shorter must not leave its old end behind. The parts of a record follow one another: where the next one is
   * not stored, there are none.
   */
  async #removeTails(batch: readonly Waiting[], stored: ReadonlyMap<string, string>): Promise<void> {
    const tailOf = ({ file, key, parts }: Tail, from: number, count: number) =>
      Array.from({ length: count }, (_, n) => idOf({ file, key: partKey(key, parts + from + n) }));
    const tails = batch.flatMap(({ document, file, last }) =>
      last !== undefined && stored.has(document.id) ? [{ ...last, file }] : [],
    );
    if (tails.length === 0) return;
    const next = await this.writer.hashesOf(tails.flatMap((tail) => tailOf(tail, 1, 1)));
    if (next.size === 0) return;
    const longer = tails.filter((tail) => tailOf(tail, 1, 1).some((id) => next.has(id)));
    for (const tail of longer) {
      const old = await this.writer.hashesOf(tailOf(tail, 1, longestTail));
      if (old.size > 0) await this.writer.remove([...old.keys()]);
    }
  }

  #count({ snippets, images, removals }: SourceDocument, known: boolean): void {
    if (known) this.#result.updated += 1;
    else this.#result.added += 1;
    this.#result.snippets += snippets.length;
    this.#result.images += images.length;
    for (const [kind, count] of Object.entries(removals) as [RemovalKind, number][])
      this.#removals[kind] = (this.#removals[kind] ?? 0) + count;
  }

  #tell(finished = false): void {
    const at = performance.now();
    if (!finished && at - this.#toldAt < progressEveryMs) return;
    this.#toldAt = at;
    const seconds = (at - this.#started) / 1000;
    const read = this.#done + this.#ofTable;
    const rate = seconds > 1 ? `, ${Math.round(this.#documents / seconds)} a second` : '';
    this.options.onProgress?.({
      label: `Reading: ${this.#documents.toLocaleString('en')} documents${rate}`,
      done: finished ? 100 : Math.floor((99 * read) / Math.max(this.#files, read, 1)),
      total: 100,
    });
  }

  async #breathe(): Promise<void> {
    this.#signal?.throwIfAborted();
    if (performance.now() - this.#yieldedAt < yieldEveryMs) return;
    await setImmediate();
    this.#yieldedAt = performance.now();
  }
}

/** Keys of one file made unique: a table may hold several reports under one patient's number. */
class Keys {
  // Numbers rather than texts: a hundred thousand keys must not take much memory.
  readonly #counts = new Map<number, number>();

  unique(key: string): string {
    const hash = createHash('sha256').update(key).digest().readUIntBE(0, 6);
    const count = (this.#counts.get(hash) ?? 0) + 1;
    this.#counts.set(hash, count);
    return count === 1 ? key : `${key} (${count})`;
  }
}

/** Hashes of the images that can be read, so that a changed picture is a changed document. */
async function imageHashes(
  { images }: ImportRecord,
  onProblem: (problem: Problem) => void,
): Promise<{ readable: ImportRecord['images']; hashes: string[] }> {
  const readable: ImportRecord['images'] = [];
  const hashes: string[] = [];
  for (const image of images) {
    try {
      hashes.push(`${image.view} ${image.frame ?? 0} ${await hashFile(image.file)}`);
      readable.push(image);
    } catch (thrown) {
      onProblem(problemOf(image.file, thrown));
    }
  }
  return { readable, hashes };
}

function noteOf({ added, updated }: { added: number; updated: number }): string {
  const parts = [
    ...(added > 0 ? [`${added} ${added === 1 ? 'document' : 'documents'} added`] : []),
    ...(updated > 0 ? [`${updated} updated`] : []),
  ];
  return parts.join(', ') || 'Nothing new';
}
