import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AUTHORED } from '../../../preload/values.js';
import { PublicKey } from '../../trust/index.js';

/** Who vouches for a shared dataset: the key that signs its versions, or nobody, as an administrator agreed to. */
export const Publisher = z.union([PublicKey, z.literal('unsigned')]);
export type Publisher = z.infer<typeof Publisher>;

/** What is remembered of a dataset beside its tables. */
export const DatasetEntry = z
  .object({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    /** The same wherever the dataset is published, so that no other one is written over. */
    uid: z.string().min(1),
    title: z.string().min(1),
    /** Where others fill it; absent: an own one. */
    location: z.string().optional(),
    /** Of a shared one; absent where it was added before datasets were signed. */
    publisher: Publisher.optional(),
  })
  .strict();
export type DatasetEntry = z.infer<typeof DatasetEntry>;

const DatasetsFile = z.object({ format: z.literal(1), datasets: z.array(DatasetEntry) }).strict();

/** The list itself. */
export const listFile = (libraryFolder: string) => join(libraryFolder, 'datasets.json');

/**
 * The datasets that were added, without the authored one. Where the list is damaged, it is put aside and the own datasets are found
 * again by their folders; `damaged` then says so.
 */
export async function readDatasets(
  libraryFolder: string,
): Promise<{ datasets: DatasetEntry[]; damaged?: { file: string; cause: unknown } }> {
  const file = listFile(libraryFolder);
  try {
    const content = await readFile(file, 'utf8');
    try {
      return { datasets: DatasetsFile.parse(JSON.parse(content)).datasets };
    } catch (cause) {
      const datasets = await findFolders(libraryFolder);
      await rename(file, `${file}.damaged`);
      await writeDatasets(libraryFolder, datasets);
      return { datasets, damaged: { file: basename(file), cause } };
    }
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown;
    return { datasets: [] };
  }
}

/** Replaces the list in one step. */
export async function writeDatasets(libraryFolder: string, datasets: readonly DatasetEntry[]): Promise<void> {
  const file = listFile(libraryFolder);
  await writeFile(`${file}.new`, `${JSON.stringify({ format: 1, datasets }, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** A folder that says of itself what it is a copy of is shared, any other one with tables an own dataset. */
async function findFolders(libraryFolder: string): Promise<DatasetEntry[]> {
  const found: DatasetEntry[] = [];
  for (const name of (await readdir(libraryFolder)).sort()) {
    if (name === AUTHORED || !DatasetEntry.shape.id.safeParse(name).success) continue;
    try {
      found.push(DatasetEntry.parse(JSON.parse(await readFile(entryFile(libraryFolder, name), 'utf8'))));
    } catch {
      const isDataset = await stat(join(libraryFolder, name, 'versions.lance')).then(
        () => true,
        () => false,
      );
      if (isDataset) found.push({ id: name, uid: randomUUID(), title: name });
    }
  }
  return found;
}

/** Each dataset's folder says what it is, so that it is found again where the list is lost. */
export async function writeEntry(libraryFolder: string, entry: DatasetEntry): Promise<void> {
  await writeFile(entryFile(libraryFolder, entry.id), `${JSON.stringify(entry)}\n`);
}

const entryFile = (libraryFolder: string, id: string) => join(libraryFolder, id, 'dataset.json');
