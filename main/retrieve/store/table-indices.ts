import { Index as LanceIndex, type Table } from '@lancedb/lancedb';
import type { Tables } from './index-store.js';

/** Creates the indices that are missing, brings the others up to date and drops old versions. */
export async function ensureIndices(
  { documents, snippets }: Tables,
  vectorIndexFromRows: number,
): Promise<void> {
  for (const [table, scalars] of [
    [documents, ['id']],
    [snippets, ['id', 'document']],
  ] as const) {
    const existing = await table.listIndices();
    const has = (column: string) => existing.some(({ columns }) => columns.includes(column));
    if (!has('text'))
      await table.createIndex('text', {
        config: LanceIndex.fts({
          language: 'English',
          stem: true,
          removeStopWords: true,
          asciiFolding: true,
          withPosition: false,
        }),
      });
    for (const column of scalars)
      if (!has(column)) await table.createIndex(column, { config: LanceIndex.btree() });
    if ((await table.countRows()) > vectorIndexFromRows)
      for (const column of ['semantic', 'joint'])
        if (!has(column))
          await table.createIndex(column, { config: LanceIndex.ivfPq({ distanceType: 'cosine' }) });
    if (await isBehind(table)) await table.optimize({ cleanupOlderThan: new Date() });
  }
}

/** Whether rows are outside of an index, or versions lie around. */
async function isBehind(table: Table): Promise<boolean> {
  if ((await table.listVersions()).length > 2) return true;
  for (const { name } of await table.listIndices()) {
    const stats = await table.indexStats(name);
    if (stats !== undefined && stats.numUnindexedRows > 0) return true;
  }
  return false;
}
