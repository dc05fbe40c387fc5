import { toWetreadError, WetreadError } from '../../error.js';
import { connectFolder } from './connection.js';
import { Index } from './index-store.js';
import { probe } from './probe.js';
import { tableKinds } from './schema.js';
import { ensureIndices } from './table-indices.js';
import { readVersions, type TableVersions } from './versions.js';
import { DatasetWriter, type OnProgress } from './writer.js';

/**
 * Makes an own dataset readable again: builds its search indices anew where they are damaged, else goes back to its newest version that
 * can be read. Does nothing where it is sound.
 * @throws WetreadError `index-missing` where it was filled with another model pack, `index-damaged` where nothing of it can be read
 */
export async function mendDataset(
  index: Index,
  uid: string,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: OnProgress },
): Promise<void> {
  await index.reopen();
  if (await isSound(index)) return;
  onProgress?.({ label: `Mending ${index.title}`, done: 0, total: 0 });
  try {
    const writer = await DatasetWriter.open(index, { uid, signal, onProgress });
    try {
      await rebuildIndices(index).catch(() => {});
      if (await isSound(index)) {
        await writer.finish('Search indices built again', { signal, onProgress });
        return;
      }
      for (const { version, tables } of await readVersions(index.connection)) {
        signal?.throwIfAborted();
        if (!(await isSoundAt(index, tables))) continue;
        await writer.rollback(version);
        await index.reopen();
        return;
      }
    } finally {
      await writer.close();
    }
  } catch (thrown) {
    const error = toWetreadError(thrown);
    if (error.code === 'cancelled' || error.code === 'index-missing') throw error;
    throw beyondRepair(index, error);
  }
  throw beyondRepair(index);
}

const beyondRepair = (index: Index, cause?: unknown) =>
  new WetreadError(
    'index-damaged',
    `${index.title} cannot be mended. Remove it and import its files again.`,
    { cause },
  );

/** Reads through all of it. @throws WetreadError `index-missing` where it was filled with another model pack */
async function isSound(index: Index): Promise<boolean> {
  try {
    await readVersions(index.connection);
    for (const modality of await index.modalities()) await index.read(modality, probe);
    return true;
  } catch (thrown) {
    if (thrown instanceof WetreadError && thrown.code === 'index-missing') throw thrown;
    return false;
  }
}

async function isSoundAt(index: Index, tables: TableVersions): Promise<boolean> {
  const { id, title, folder, embed, embedder, settings } = index;
  const connection = await connectFolder(folder);
  const then = new Index({ id, title, folder, connection, embed, embedder, settings });
  try {
    await then.pin(tables);
    return await isSound(then);
  } finally {
    await then.dispose();
  }
}

async function rebuildIndices(index: Index): Promise<void> {
  for (const modality of await index.modalities()) {
    const tables = await index.tables(modality);
    for (const kind of tableKinds) {
      const table = tables[kind];
      if (table === undefined) continue;
      for (const { name } of await table.listIndices()) await table.dropIndex(name);
      await ensureIndices(table, index.settings);
    }
  }
  await index.reopen();
}
