import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import { limits } from './limits.js';
import { problemOf } from './scan.js';

const ignored = /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$)/i;

/**
 * All files below a folder, sorted by name within each folder. Links are followed once: a folder that was visited already is not
 * visited again, however it is reached. What cannot be read is a problem, not an end.
 */
export async function* walkFolder(
  folder: string,
  problems: Problem[],
  signal: AbortSignal | undefined,
  visited: Set<string>,
  depth = 0,
): AsyncGenerator<string> {
  signal?.throwIfAborted();
  try {
    const real = await realpath(folder);
    if (visited.has(real)) return;
    visited.add(real);
    if (depth > limits.folderDepth)
      throw new WetreadError('limit-exceeded', 'The folders are nested too deeply.');
    const entries = await readdir(folder, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (ignored.test(entry.name)) continue;
      const path = join(folder, entry.name);
      const kind = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
      if (kind?.isFile()) yield path;
      else if (kind?.isDirectory()) yield* walkFolder(path, problems, signal, visited, depth + 1);
    }
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    problems.push(problemOf(folder, thrown));
  }
}
