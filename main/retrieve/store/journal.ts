import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import { z } from 'zod';
import { WetreadError } from '../../error.js';
import { TableVersions } from './versions.js';

/**
 * What makes a write over several tables all or nothing: before it, the LanceDB versions that the tables are to have if it does not
 * come to its end are written down (and reach the disk); after it, the note is removed. A note that is found later says that the
 * process was killed in between, and the tables are set to these versions. A rollback notes where it wants to get instead, so what
 * was killed is carried out.
 */
const Pending = z
  .object({
    tables: TableVersions,
    /** Tables that are to hold nothing. */
    empty: z.array(z.string()),
    /** The version that is to be made of it. */
    becomes: z.object({ version: z.number().int().positive(), note: z.string() }).strict().optional(),
  })
  .strict();
export type Pending = z.infer<typeof Pending>;

const journalFile = (folder: string) => join(folder, 'pending.json');

/**
 * @param folder - the dataset's own
 * @param requireHeld - throws where another writer has taken over; then nothing is noted
 */
export async function notePending(
  folder: string,
  pending: Pending,
  requireHeld: () => Promise<void>,
): Promise<void> {
  const file = journalFile(folder);
  const text = JSON.stringify(pending);
  const handle = await open(`${file}.new`, 'w');
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await requireHeld();
  await rename(`${file}.new`, file);
  await syncFolder(folder);
  // Stopped between the two, it noted what holds no more.
  await requireHeld().catch(async (thrown) => {
    if ((await readFile(file, 'utf8').catch(() => '')) === text) await removePending(folder);
    throw thrown;
  });
}

export async function removePending(folder: string): Promise<void> {
  await rm(journalFile(folder), { force: true });
  await syncFolder(folder);
}

/** What a killed process left half done, if anything. @throws WetreadError `index-damaged` where its note cannot be read */
export async function readPending(folder: string): Promise<Pending | undefined> {
  let content: string;
  try {
    content = await readFile(journalFile(folder), 'utf8');
  } catch {
    return undefined;
  }
  try {
    return Pending.parse(JSON.parse(content));
  } catch (cause) {
    throw new WetreadError(
      'index-damaged',
      `${journalFile(folder)} is damaged, so that nobody knows what was being written there. What there is can be searched; to fill it again, remove the dataset and import its files anew.`,
      { cause },
    );
  }
}

/** Brings tables back to what they held. May be killed and repeated. */
export async function setTables(connection: Connection, { tables, empty }: Pending): Promise<void> {
  for (const [name, version] of Object.entries(tables))
    await withTable(connection, name, async (table) => {
      if ((await table.version()) === version) return;
      await table.checkout(version);
      await table.restore();
    });
  for (const name of empty)
    await withTable(connection, name, async (table) => {
      if ((await table.countRows()) > 0) await table.delete('true');
    });
}

async function withTable(
  connection: Connection,
  name: string,
  use: (table: Table) => Promise<void>,
): Promise<void> {
  const table = await connection.openTable(name);
  try {
    await use(table);
  } finally {
    table.close();
  }
}

/** So that a rename survives a power cut; not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows: the rename is journalled by the file system itself.
  }
}
