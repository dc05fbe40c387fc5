/** Which imports were begun and not brought to an end, a file each, so that they can go on after a crash. */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportRequest } from '../../preload/values.js';

const folderOf = (libraryFolder: string) => join(libraryFolder, '.imports');
/** A dataset may be filled from several places; each is an import of its own. */
const fileOf = (libraryFolder: string, { dataset, paths }: ImportRequest) => {
  const place = createHash('sha256').update(JSON.stringify(paths)).digest('hex').slice(0, 16);
  return join(folderOf(libraryFolder), `${encodeURIComponent(dataset)}.${place}.json`);
};

/** Notes that an import begins; on disk when it returns. */
export async function noteImport(libraryFolder: string, request: ImportRequest): Promise<void> {
  await mkdir(folderOf(libraryFolder), { recursive: true });
  const file = fileOf(libraryFolder, request);
  const handle = await open(`${file}.new`, 'w');
  try {
    await handle.writeFile(JSON.stringify(request));
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

/** Forgets it: it came to its end, was cancelled, or is not wanted any more. */
export async function forgetNote(libraryFolder: string, request: ImportRequest): Promise<void> {
  await rm(fileOf(libraryFolder, request), { force: true });
}

/** Requests of imports that were begun and neither finished nor cancelled. A note that cannot be read is none. */
export async function readNotes(libraryFolder: string): Promise<ImportRequest[]> {
  const names = await readdir(folderOf(libraryFolder)).catch(() => []);
  const requests: ImportRequest[] = [];
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    try {
      const parsed = ImportRequest.safeParse(
        JSON.parse(await readFile(join(folderOf(libraryFolder), name), 'utf8')),
      );
      if (parsed.success) requests.push(parsed.data);
    } catch {
      // Half written by a process that was killed before its import began.
    }
  }
  return requests;
}
