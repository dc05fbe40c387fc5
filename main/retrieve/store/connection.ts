import { type Connection, connect, Session, type Table } from '@lancedb/lancedb';

/**
 * LanceDB's own defaults are 6 GB and 1 GB: too much for a workstation that also shows images. The indices of 1,000,000 snippets take
 * about 160 MB.
 */
const indexCacheBytes = 256n * 1024n * 1024n;
const metadataCacheBytes = 64n * 1024n * 1024n;

/**
 * LanceDB 0.31 leaves two cores to others and takes the rest for its own work, at least one; with only one thread, indexing the words of many
 * documents waits for itself for ever (lancedb/lancedb#3568). Read with its first work.
 */
process.env.LANCE_CPU_THREADS ??= '4';

/** One cache for all datasets of the process, however many there are. */
const session = new Session(indexCacheBytes, metadataCacheBytes);

/** Opens a folder of tables. */
export async function connectFolder(folder: string): Promise<Connection> {
  // The command line may add documents while the window is open: each read looks for a newer version (under 1 ms).
  return await connect(folder, { readConsistencyInterval: 0 }, session);
}

/** The same for who writes: a table stays as it was opened until `checkoutLatest`, and a commit conflicts with what came meanwhile. */
export async function connectForWriting(folder: string): Promise<Connection> {
  return await connect(folder, {}, session);
}

/** A table, or undefined where there is none; a folder that was to become one when its process was killed is none. */
export async function openIfThere(
  connection: Connection,
  name: string,
  version?: number,
): Promise<Table | undefined> {
  try {
    return await connection.openTable(name, [], version === undefined ? {} : { version });
  } catch (thrown) {
    // LanceDB has no error of its own for this.
    if (thrown instanceof Error && thrown.message.includes('was not found')) return undefined;
    throw thrown;
  }
}
