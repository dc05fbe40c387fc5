import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Problem } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import { type FileKind, fileKind } from './file-kind.js';
import { limits } from './limits.js';
import { problemOf } from './problems.js';

/** A file that holds records, with the images that lie beside it as its own. */
export interface Source {
  file: string;
  kind: FileKind;
  /** Absolute paths of images of the same base name, or of its folder where it is the only report there. */
  images: string[];
  /** The file or folder that was chosen and led here. */
  root: string;
}

interface Found {
  file: string;
  kind: FileKind;
}

/** Opening a file is waiting for the disk. */
const kindsAtOnce = 16;

const ignored = /^(?:\.|__MACOSX$|Thumbs\.db$|desktop\.ini$|DICOMDIR$)/i;
const reports = new Set<FileKind>(['text', 'Markdown', 'PDF', 'DOCX', 'DICOM report']);
const tables = new Set<FileKind>(['CSV', 'JSON Lines', 'JSON', 'FHIR']);
const isImage = ({ kind }: Found) => kind === 'picture' || kind === 'DICOM image';

/** How many files but pictures there are below paths; for progress. What cannot be listed counts nothing. */
export async function countFiles(paths: readonly string[], signal?: AbortSignal): Promise<number> {
  let count = 0;
  const visit = async (path: string, depth: number): Promise<void> => {
    signal?.throwIfAborted();
    if (depth > limits.folderDepth || count > limits.files) return;
    for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
      if (ignored.test(entry.name)) continue;
      if (entry.isDirectory()) await visit(join(path, entry.name), depth + 1);
      else if (!/\.(?:jpe?g|png|dcm)$/i.test(entry.name)) count += 1;
    }
  };
  for (const path of paths)
    if ((await stat(path).catch(() => undefined))?.isDirectory()) await visit(path, 0);
    else count += 1;
  return count;
}

/**
 * Finds what can be read below paths, folder by folder, each sorted by name. An image belongs to the report of its base name
 * (`case-7.txt`, `case-7_2.jpg`), else to the only report of its folder, which may keep its images in a folder below; images beside a
 * table are the table's affair. What is of no use is counted, and told when `tell` is called at the end.
 */
export class SourceFinder {
  /** Files seen so far, images included. */
  files = 0;
  readonly #visited = new Set<string>();
  readonly #unknown = new Map<string, { file: string; count: number }>();
  #loose: { file: string; count: number } | undefined;

  constructor(
    private readonly onProblem: (problem: Problem) => void,
    private readonly signal?: AbortSignal,
  ) {}

  async *find(paths: readonly string[]): AsyncGenerator<Source> {
    const named = new Map<string, string[]>();
    for (const path of paths.map((one) => resolve(one))) {
      try {
        if ((await stat(path)).isDirectory()) yield* this.#folder(path, path, 0, false);
        else named.set(dirname(path), [...(named.get(dirname(path)) ?? []), path]);
      } catch (thrown) {
        if (this.signal?.aborted || (thrown instanceof WetreadError && thrown.code === 'limit-exceeded'))
          throw thrown;
        this.onProblem(problemOf(path, thrown));
      }
    }
    for (const files of named.values()) {
      const found = await this.#kinds(files.sort());
      const { sources, loose } = pair(found);
      for (const source of sources) yield { ...source, root: source.file };
      if (!found.some(({ kind }) => tables.has(kind))) this.#leave(loose);
    }
  }

  /** Reports what was left aside. */
  tell(): void {
    for (const [ending, { file, count }] of this.#unknown)
      this.onProblem({
        file,
        code: 'bad-input',
        message:
          ending === '.zip'
            ? `${plural(count, 'ZIP file')} not opened: unpack first.`
            : `${plural(count, 'file')} of a kind that is not read (${ending || 'no ending'}).`,
      });
    if (this.#loose !== undefined)
      this.onProblem({
        file: this.#loose.file,
        code: 'bad-input',
        message: `${plural(this.#loose.count, 'image')} without a report beside it: a text file of the same name, or the only one in its folder.`,
      });
  }

  async *#folder(folder: string, root: string, depth: number, underTable: boolean): AsyncGenerator<Source> {
    this.signal?.throwIfAborted();
    const listing = await this.#list(folder, depth);
    if (listing === undefined) return;
    const found = await this.#kinds(listing.files);
    const { sources, loose } = pair(found);
    const tabled = underTable || found.some(({ kind }) => tables.has(kind));
    const only = sources.length === 1 && !tabled ? sources[0] : undefined;
    const single = only !== undefined && reports.has(only.kind) ? only : undefined;
    const claimed = new Set<string>();
    if (single !== undefined) {
      single.images.push(...loose);
      for (const below of listing.folders) {
        const images = await this.#onlyImages(below, depth + 1);
        if (images === undefined) continue;
        claimed.add(below);
        single.images.push(...images);
      }
    } else if (!tabled) this.#leave(loose);
    for (const source of sources) yield { ...source, root };
    for (const below of listing.folders)
      if (!claimed.has(below)) yield* this.#folder(below, root, depth + 1, tabled);
  }

  /** Files and folders of a folder; undefined where it was visited already or cannot be listed. */
  async #list(folder: string, depth: number): Promise<{ files: string[]; folders: string[] } | undefined> {
    try {
      const real = await realpath(folder);
      if (this.#visited.has(real)) return undefined;
      this.#visited.add(real);
      if (depth > limits.folderDepth)
        throw new WetreadError('bad-input', 'The folders are nested too deeply.');
      const entries = await readdir(folder, { withFileTypes: true });
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      const files: string[] = [];
      const folders: string[] = [];
      for (const entry of entries) {
        if (ignored.test(entry.name)) continue;
        const path = join(folder, entry.name);
        const kind = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
        if (kind?.isFile()) files.push(path);
        else if (kind?.isDirectory()) folders.push(path);
      }
      return { files, folders };
    } catch (thrown) {
      if (this.signal?.aborted) throw thrown;
      this.onProblem(problemOf(folder, thrown));
      return undefined;
    }
  }

  /** All images below a folder that holds nothing to read but images; undefined for any other. */
  async #onlyImages(folder: string, depth: number): Promise<string[] | undefined> {
    if (depth > limits.folderDepth) return undefined;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const images: string[] = [];
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      this.signal?.throwIfAborted();
      if (ignored.test(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        const below = await this.#onlyImages(path, depth + 1);
        if (below === undefined) return undefined;
        images.push(...below);
      } else if (entry.isFile()) {
        const kind = await fileKind(path).catch(() => 'other' as const);
        if (kind !== 'picture' && kind !== 'DICOM image') return undefined;
        images.push(path);
      } else return undefined;
    }
    this.files += images.length;
    return images;
  }

  async #kinds(files: readonly string[]): Promise<Found[]> {
    const found: Found[] = [];
    for (let at = 0; at < files.length; at += kindsAtOnce) {
      this.signal?.throwIfAborted();
      const some = files.slice(at, at + kindsAtOnce);
      this.files += some.length;
      if (this.files > limits.files)
        throw new WetreadError('limit-exceeded', 'There are too many files to import at once: choose fewer.');
      const kinds = await Promise.allSettled(some.map(fileKind));
      for (const [place, file] of some.entries()) {
        const kind = kinds[place];
        if (kind?.status !== 'fulfilled') this.onProblem(problemOf(file, kind?.reason));
        else if (kind.value === 'other') this.#count(file);
        else found.push({ file, kind: kind.value });
      }
    }
    return found;
  }

  #count(file: string): void {
    const ending = extname(file).toLowerCase();
    const known = this.#unknown.get(ending);
    if (known !== undefined) known.count += 1;
    else this.#unknown.set(ending, { file, count: 1 });
  }

  #leave(images: readonly string[]): void {
    const [file] = images;
    if (file === undefined) return;
    this.#loose ??= { file, count: 0 };
    this.#loose.count += images.length;
  }
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

const stem = (file: string) => basename(file, extname(file)).toLowerCase();

/** Gives images to the report of their base name, or of its beginning before a separator; the rest is loose. */
function pair(found: readonly Found[]): { sources: Omit<Source, 'root'>[]; loose: string[] } {
  const sources = found.filter((one) => !isImage(one)).map((one) => ({ ...one, images: [] as string[] }));
  const byStem = new Map(
    sources.filter(({ kind }) => reports.has(kind)).map((source) => [stem(source.file), source]),
  );
  const loose: string[] = [];
  for (const { file } of found.filter(isImage)) {
    let name = stem(file);
    let owner = byStem.get(name);
    while (owner === undefined) {
      const cut = name.search(/[\s._()-][^\s._()-]*$/);
      if (cut <= 0) break;
      name = name.slice(0, cut);
      owner = byStem.get(name);
    }
    if (owner === undefined) loose.push(file);
    else owner.images.push(file);
  }
  return { sources, loose };
}
