import { Index as LanceIndex, type Table } from '@lancedb/lancedb';
import { type Tables, tablesOf } from './index-store.js';
import type { IndexSettings } from './settings.js';

const scalars = ['id', 'document', 'contentHash'];
const vectors = ['semantic', 'joint'];

/** A table of more fragments than this is compacted: each query and each look-up opens every one of them. */
const mostFragments = 48;
/** Rows outside of the indices are scanned by each query; this many, or this share of all, are not worth a rebuild. */
const leastUnindexed = 2000;
const leastUnindexedShare = 0.1;

/**
 * Creates the indices that a table lacks, and where it is worth it, compacts it and brings the indices up to date.
 * @param oldestKept - LanceDB version from which on all are kept; absent: older ones than the present are dropped
 */
export async function ensureIndices(
  table: Table,
  settings: IndexSettings,
  oldestKept?: number,
): Promise<void> {
  const { fields } = await table.schema();
  const columns = new Set(fields.map(({ name }) => name));
  const existing = await table.listIndices();
  const lacks = (column: string) =>
    columns.has(column) && !existing.some((index) => index.columns.includes(column));
  if (lacks('text'))
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
    if (lacks(column)) await table.createIndex(column, { config: LanceIndex.btree() });
  for (const column of vectors)
    if (lacks(column) && (await table.countRows(`${column} IS NOT NULL`)) > settings.vectorIndexFromRows)
      await table.createIndex(column, { config: LanceIndex.ivfRq({ distanceType: 'cosine' }) });
  await compactWhereWorthIt(table, oldestKept);
}

/** As `ensureIndices`, without creating any index. */
export async function compactWhereWorthIt(table: Table, oldestKept?: number): Promise<void> {
  if (await isWorthOptimizing(table)) await optimize(table, oldestKept);
}

/** As `ensureIndices`, for tables small enough that no row need be left outside of the indices and no version kept. */
export async function indexWholly(tables: Tables, settings: IndexSettings): Promise<void> {
  for (const table of tablesOf(tables)) {
    await ensureIndices(table, settings);
    const indices = await table.listIndices();
    const behind = indices.some(({ numUnindexedRows }) => (numUnindexedRows ?? 0) > 0);
    if (behind || (await table.listVersions()).length > 2) await optimize(table);
  }
}

/** Compacts, brings the indices up to date and drops old versions. The caller is the only writer, so nothing is in flight. */
async function optimize(table: Table, oldestKept?: number): Promise<void> {
  const versions = await table.listVersions();
  const kept = versions.find(({ version }) => version === oldestKept)?.timestamp;
  const cleanupOlderThan = kept === undefined ? new Date() : new Date(kept.getTime() - 1);
  await table.optimize({ cleanupOlderThan, deleteUnverified: true });
}

/** Whether enough has been written since it was last optimized that compacting pays. */
export async function isWorthOptimizing(table: Table): Promise<boolean> {
  const { numRows, fragmentStats } = await table.stats();
  if (fragmentStats.numFragments > mostFragments) return true;
  const most = Math.max(leastUnindexed, numRows * leastUnindexedShare);
  for (const { numUnindexedRows } of await table.listIndices())
    if ((numUnindexedRows ?? 0) > most) return true;
  return false;
}
