import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Problem } from '../../preload/values.js';
import { type ErrorCode, WetreadError } from '../error.js';
import { limits } from './limits.js';
import { problemOf } from './scan.js';

const ignored = /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$)/i;

/**
 * All files below a folder, sorted by name within each folder. A link is followed as long as it stays inside: the media that somebody
 * hands in has no say over other files of this machine. Each folder is visited once, however it is reached. What is not opened is a
 * problem, not an end: links that lead out or nowhere, pipes, devices, sockets, folders too deep or not readable.
 */
export async function* walkFolder(
  folder: string,
  problems: Problem[],
  signal: AbortSignal | undefined,
  visited: Set<string>,
): AsyncGenerator<string> {
  yield* new Walk(await realpath(folder), problems, signal, visited).below(folder, 0);
}

/** What an entry of a folder is to us. */
type Kind = 'file' | 'folder' | 'leads out' | 'leads nowhere' | 'special';

class Walk {
  constructor(
    private readonly root: string,
    private readonly problems: Problem[],
    private readonly signal: AbortSignal | undefined,
    private readonly visited: Set<string>,
  ) {}

  async *below(folder: string, depth: number): AsyncGenerator<string> {
    this.signal?.throwIfAborted();
    const unopened = new Map<Kind, string[]>();
    try {
      const real = await realpath(folder);
      if (this.visited.has(real)) return;
      this.visited.add(real);
      if (depth > limits.folderDepth)
        throw new WetreadError(
          'limit-exceeded',
          `The folders are nested more than ${limits.folderDepth} deep. Open the inner one by itself.`,
        );
      const entries = await readdir(folder, { withFileTypes: true });
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const entry of entries) {
        if (ignored.test(entry.name)) continue;
        const path = join(folder, entry.name);
        const kind = await this.kindOf(path, entry);
        if (kind === 'file') yield path;
        else if (kind === 'folder') yield* this.below(path, depth + 1);
        else unopened.set(kind, [...(unopened.get(kind) ?? []), entry.name]);
      }
    } catch (thrown) {
      if (this.signal?.aborted) throw thrown;
      this.problems.push(problemOf(folder, thrown));
    }
    for (const [kind, names] of unopened) this.problems.push(unopenedProblem(folder, kind, names));
  }

  private async kindOf(path: string, entry: Dirent): Promise<Kind> {
    if (!entry.isSymbolicLink()) return entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'special';
    try {
      const target = await realpath(path);
      if (!isInside(target, this.root)) return 'leads out';
      const kind = await stat(target);
      return kind.isFile() ? 'file' : kind.isDirectory() ? 'folder' : 'special';
    } catch {
      return 'leads nowhere';
    }
  }
}

/** Whether a real path is a folder or lies in it. */
export const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

function unopenedProblem(folder: string, kind: Kind, names: readonly string[]): Problem {
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? `, … (${names.length})` : '');
  const [code, message]: [ErrorCode, string] =
    kind === 'leads out'
      ? [
          'not-allowed',
          `Links that lead out of the folder were not followed: ${shown}. Open what they name by itself.`,
        ]
      : kind === 'leads nowhere'
        ? ['not-found', `Links that lead nowhere were not followed: ${shown}.`]
        : ['bad-input', `These are no ordinary files and were not opened: ${shown}.`];
  return { file: folder, code, message };
}
