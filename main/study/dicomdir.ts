import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Problem } from '../../preload/values.js';
import { isInside } from './walk.js';

/**
 * The files that a DICOMDIR names (PS3.10 section 8), looked up inside its own folder only: a reference that leaves it is
 * refused, one that is not there is missing. Media written for ISO 9660 are read on systems that change the case of names.
 */
export async function resolveReferences(
  file: string,
  references: readonly (readonly string[])[],
): Promise<{ files: string[]; problems: Problem[] }> {
  const root = await realpath(dirname(file));
  const listings = new Map<string, Promise<string[]>>();
  const list = (folder: string) => {
    let names = listings.get(folder);
    if (!names) {
      names = readdir(folder).catch(() => []);
      listings.set(folder, names);
    }
    return names;
  };
  const files: string[] = [];
  const missing: string[] = [];
  const refused: string[] = [];
  for (const components of references) {
    const shown = components.join('/');
    if (components.some((part) => part === '..' || part === '.' || /[\\/:\0]/.test(part))) {
      refused.push(shown);
      continue;
    }
    let path: string | undefined = dirname(file);
    for (const part of components) {
      const names: string[] = path === undefined ? [] : await list(path);
      const name = names.find((one) => one === part) ?? names.find((one) => sameOnMedia(one, part));
      path = path !== undefined && name !== undefined ? join(path, name) : undefined;
    }
    // A link that leads nowhere is there and is not.
    const real = path && (await realpath(path).catch(() => undefined));
    if (path === undefined || real === undefined) missing.push(shown);
    else if (isInside(real, root)) files.push(path);
    else refused.push(shown);
  }
  const problems: Problem[] = [];
  if (missing.length > 0)
    problems.push({
      file,
      code: 'not-found',
      message: `${count(missing.length)} that this DICOMDIR lists ${missing.length === 1 ? 'is' : 'are'} missing: ${sample(missing)}.`,
    });
  if (refused.length > 0)
    problems.push({
      file,
      code: 'not-allowed',
      message: `${count(refused.length)} that this DICOMDIR lists ${refused.length === 1 ? 'lies' : 'lie'} outside its folder and ${refused.length === 1 ? 'was' : 'were'} not opened: ${sample(refused)}.`,
    });
  return { files, problems };
}

const sameOnMedia = (name: string, reference: string) => plain(name) === plain(reference);
const plain = (name: string) => name.replace(/;\d+$/, '').replace(/\.$/, '').toUpperCase();
const count = (n: number) => (n === 1 ? '1 file' : `${n} files`);
const sample = (paths: readonly string[]) => paths.slice(0, 3).join(', ') + (paths.length > 3 ? ', …' : '');
