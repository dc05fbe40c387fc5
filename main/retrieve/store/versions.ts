import type { Connection, Table } from '@lancedb/lancedb';
import type { Schema } from 'apache-arrow';
import { z } from 'zod';
import { arrow } from './arrow.js';
import { openIfThere } from './connection.js';
import { fence } from './fence.js';

/** States of a dataset that can be brought back. */
export const keptVersions = 10;

/** LanceDB versions by table name: together, one state of a dataset. */
export const TableVersions = z.record(z.string(), z.number().int().positive());
export type TableVersions = z.infer<typeof TableVersions>;

/** A state of a dataset, as the table `versions` beside its other tables keeps it. */
export const VersionRow = z.object({
  /** Identity of the dataset, the same wherever it is published. */
  dataset: z.string(),
  version: z.number().int().positive(),
  /** ISO 8601 UTC */
  at: z.string(),
  note: z.string(),
  documents: z.number().int(),
  snippets: z.number().int(),
  tables: z
    .string()
    .transform((json) => JSON.parse(json))
    .pipe(TableVersions),
});
export type VersionRow = z.infer<typeof VersionRow>;

export const versionsTable = 'versions';

function schema(): Schema {
  const { Field, Int32, Utf8 } = arrow;
  return new arrow.Schema([
    new Field('dataset', new Utf8(), false),
    new Field('version', new Int32(), false),
    new Field('at', new Utf8(), false),
    new Field('note', new Utf8(), false),
    new Field('documents', new Int32(), false),
    new Field('snippets', new Int32(), false),
    new Field('tables', new Utf8(), false),
  ]);
}

/** The kept states of the dataset behind a connection, the newest first; none where nothing was ever finished. */
export async function readVersions(connection: Connection): Promise<VersionRow[]> {
  const table = await openIfThere(connection, versionsTable);
  if (table === undefined) return [];
  try {
    const rows = await table.query().toArray();
    return rows
      .map((row) => VersionRow.parse(row))
      .sort((a, b) => b.version - a.version)
      .slice(0, keptVersions);
  } finally {
    table.close();
  }
}

/**
 * Adds a state, which is one commit of LanceDB's: it is there or not. Older ones than are kept go.
 * @param before - asked before each write, which it forbids by throwing
 */
export async function addVersion(
  connection: Connection,
  row: VersionRow,
  before: (table: Table) => Promise<void>,
): Promise<void> {
  const table = await connection.createEmptyTable(versionsTable, schema(), {
    mode: 'create',
    existOk: true,
  });
  try {
    await before(table);
    await table.add([{ ...row, tables: JSON.stringify(row.tables) }]);
    await before(table);
    await table.delete(`version <= ${row.version - keptVersions}`);
    await before(table);
    await table.optimize({ cleanupOlderThan: new Date() });
    await before(table);
    await fence(table);
  } finally {
    table.close();
  }
}
