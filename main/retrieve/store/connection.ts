import { type Connection, connect, Session } from '@lancedb/lancedb';

/** LanceDB's own defaults are 6 GB and 1 GB: too much for a workstation that also shows images. */
const indexCacheBytes = 64n * 1024n * 1024n;
const metadataCacheBytes = 32n * 1024n * 1024n;

/**
 * LanceDB 0.31 leaves two cores to others and takes the rest for its own work, at least one; with only one thread, indexing the words of many
 * documents waits for itself for ever (lancedb/lancedb#3568). Read with its first work.
 */
process.env.LANCE_CPU_THREADS ??= '4';

/** Opens a folder of tables. */
export async function connectFolder(folder: string): Promise<Connection> {
  const session = new Session(indexCacheBytes, metadataCacheBytes);
  // The command line may add documents while the window is open: each read looks for a newer version (under 1 ms).
  return await connect(folder, { readConsistencyInterval: 0 }, session);
}
