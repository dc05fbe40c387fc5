import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { WetreadError } from '../error.js';

/** SHA-256 in lower-case hexadecimal. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * One digest over all documents (`.md`) below `folder`: SHA-256 over each one's path and SHA-256, in the order of their paths. Nothing
 * else below it is read as knowledge, so nothing else counts.
 * @throws WetreadError `not-found` where the folder is not there
 */
export async function knowledgeDigest(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause) => {
    throw new WetreadError('not-found', `The knowledge base is not at ${folder}. Install Wetread again.`, {
      cause,
    });
  });
  const files = entries
    // What is no plain file (a link) counts with what it leads to.
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ file, path: relative(folder, file).split(sep).join('/') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const hash = createHash('sha256');
  for (const { file, path } of files) hash.update(`${path}\n${sha256(await readFile(file))}\n`);
  return hash.digest('hex');
}
