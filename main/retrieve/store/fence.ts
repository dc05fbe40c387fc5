import type { Connection, Table } from '@lancedb/lancedb';
import { openIfThere } from './connection.js';

/**
 * Commits a restoring of a table to what it is. A write that another process had begun before conflicts with that and fails, whenever
 * it goes on: LanceDB would let it follow any other commit. Cleaning up takes older fences away, so each is followed by a new one.
 */
export async function fence(table: Table): Promise<void> {
  await table.checkoutLatest();
  await table.checkout(await table.version());
  await table.restore();
}

/** Fences every table of a dataset. */
export async function fenceTables(connection: Connection): Promise<void> {
  for (const name of await connection.tableNames({ limit: 1000 })) {
    const table = await openIfThere(connection, name);
    if (table === undefined) continue;
    try {
      await fence(table);
    } finally {
      table.close();
    }
  }
}
