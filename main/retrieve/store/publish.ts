import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { toWetreadError, WetreadError } from '../../error.js';
import type { PublicKey, Sign } from '../../trust/index.js';
import { openIfThere } from './connection.js';
import { copyDataset } from './copy-dataset.js';
import { Index } from './index-store.js';
import { connectLocation, schemeOf } from './location.js';
import { rowsDigest } from './row-digest.js';
import { tableName } from './schema.js';
import { firstLimitMs, within } from './shared.js';
import { addSignature } from './signatures.js';
import { readVersions, type TableVersions } from './versions.js';
import { DatasetWriter, type OnProgress } from './writer.js';

/**
 * Makes the dataset at a folder or `s3://…` equal to that of `index`, as a version of its own: readers see the version before until it is whole
 * and signed. What is signed are the rows that are here; what lies there is read once more and compared with them.
 * @param uid - identity of the dataset; another one's location is refused
 * @param parts.journals - folder on this disk for what undoes a publication that was killed
 * @param parts.sign - with the key of this workstation
 * @returns the key that signed
 */
export async function publishDataset(
  index: Index,
  uid: string,
  location: string,
  {
    journals,
    libraryFolder,
    sign,
    signal,
    onProgress,
  }: { journals: string; libraryFolder: string; sign: Sign; signal?: AbortSignal; onProgress?: OnProgress },
): Promise<PublicKey> {
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
    const rows = await rowsDigest({
      open: async (name) =>
        tables[name] === undefined ? undefined : openIfThere(index.connection, name, tables[name]),
      within: (request) => request,
      signal,
      onProgress,
    });
    const sealed = ({ version, at }: { version: number; at: string }) =>
      addSignature(connection, { dataset: uid, version, at, rows }, sign);
    const seal = async (version: { version: number; at: string }) => {
      await sealed(version);
    };
    const writer = await DatasetWriter.open(target, {
      uid,
      folder,
      indexed: false,
      seal,
      signal,
      onProgress,
    });
    try {
      const source = { connection: index.connection, tables };
      const isSame = await copyDataset(source, { writer, connection }, rows, {
        embedder: index.embedder,
        within: (request) => request,
        signal,
        onProgress,
      });
      if (!isSame)
        throw new WetreadError(
          'index-away',
          `What was written to ${location} is read back as something else. Check the disk, and that nobody else writes there.`,
        );
      const note = newest === undefined ? 'Published' : `Version ${newest.version} published`;
      await writer.finish(note, { signal, onProgress });
      // Where nothing changed too: it may have been published unsigned, by an earlier Wetread, or with another key.
      const [last] = await readVersions(connection);
      if (last === undefined) throw new Error('A published version is not there.');
      return (await sealed(last)).key;
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
