import type { Connection } from '@lancedb/lancedb';
import { openIfThere } from './connection.js';

/**
 * Commits a restoring of every table to what it is. A write that another process had begun before it was stopped conflicts with
 * that, and fails when the process goes on: LanceDB would let it follow any other commit.
 */
export async function fenceTables(connection: Connection): Promise<void> {
  for (const name of await connection.tableNames({ limit: 1000 })) {
    const table = await openIfThere(connection, name);
    if (table === undefined) continue;
    try {
      await table.checkout(await table.version());
      await table.restore();
    } finally {
      table.close();
    }
  }
}
