import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { toWetreadError, WetreadError } from '../../error.js';
import { copyDataset } from './copy-dataset.js';
import { Index } from './index-store.js';
import { connectLocation, schemeOf } from './location.js';
import { tableName } from './schema.js';
import { firstLimitMs, within } from './shared.js';
import { readVersions, type TableVersions } from './versions.js';
import { DatasetWriter, type OnProgress } from './writer.js';

/**
 * Makes the dataset at a folder or `s3://…` equal to that of `index`, as a version of its own: readers see the version before until it is whole.
 * @param uid - identity of the dataset; another one's location is refused
 * @param parts.journals - folder on this disk for what undoes a publication that was killed
 */
export async function publishDataset(
  index: Index,
  uid: string,
  location: string,
  {
    journals,
    libraryFolder,
    signal,
    onProgress,
  }: { journals: string; libraryFolder: string; signal?: AbortSignal; onProgress?: OnProgress },
): Promise<void> {
  const scheme = schemeOf(location);
  if (scheme === 'db')
    throw new WetreadError('bad-input', 'A dataset is published to a folder or to s3://…, not to a server.');
  if (scheme === 'folder' && !relative(libraryFolder, location).startsWith('..'))
    throw new WetreadError(
      'bad-input',
      'A dataset cannot be published into the folder of the indices itself.',
    );
  const folder = join(journals, createHash('sha256').update(location).digest('hex').slice(0, 32));
  await mkdir(folder, { recursive: true });
  if (scheme === 'folder') await within(makeFolder(location), firstLimitMs, signal);

  const connection = await within(connectLocation(location), firstLimitMs, signal);
  try {
    const [newest] = await readVersions(index.connection);
    const tables = newest?.tables ?? (await tablesOf(index));
    const [there] = await within(readVersions(connection), firstLimitMs, signal);
    if (there !== undefined && there.dataset !== uid)
      throw new WetreadError('bad-input', `Another dataset is at ${location}. Choose an empty place.`);
    const target = new Index({
      ...{ id: index.id, title: index.title, connection },
      ...{ embed: index.embed, embedder: index.embedder, settings: index.settings },
    });
    const writer = await DatasetWriter.open(target, { uid, folder, indexed: false, signal });
    try {
      await copyDataset({ connection: index.connection, tables }, writer, {
        embedder: index.embedder,
        within: (request) => request,
        signal,
        onProgress,
      });
      const note = newest === undefined ? 'Published' : `Version ${newest.version} published`;
      await writer.finish(note, { signal, onProgress });
    } catch (thrown) {
      throw awayWhere(thrown);
    } finally {
      await writer.close();
    }
  } finally {
    connection.close();
  }
}

/** Not those above it: where a share is not mounted, they must not come to be in its place. */
async function makeFolder(location: string): Promise<void> {
  try {
    await mkdir(location);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  }
}

/** The authored dataset has no versions: its tables as they are. */
async function tablesOf(index: Index): Promise<TableVersions> {
  const versions: TableVersions = {};
  for (const modality of await index.modalities())
    await index.read(modality, async (tables) => {
      versions[tableName(modality, 'documents')] = await tables.documents.version();
      versions[tableName(modality, 'snippets')] = await tables.snippets.version();
    });
  return versions;
}

/** What LanceDB itself throws while writing to a location is that the location failed. */
function awayWhere(thrown: unknown): WetreadError {
  const error = toWetreadError(thrown);
  if (error.code !== 'internal') return error;
  return new WetreadError(
    'index-away',
    'The location failed while it was written. What was published before is still there; try again.',
    { cause: error.cause },
  );
}
