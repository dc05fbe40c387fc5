import { Index as LanceIndex, type Table } from '@lancedb/lancedb';
import { fence } from './fence.js';
import { type Tables, tablesOf } from './index-store.js';
import type { IndexSettings } from './settings.js';

/** Asked before a write whether it may be. */
type Ask = () => Promise<void>;
const nobodyAsked: Ask = async () => {};

const scalars = ['id', 'document', 'contentHash'];
const vectors = ['semantic', 'joint'];

/**
 * While rows come, a table of more fragments than this is compacted: each look-up opens every one that is not indexed, and all that is to be
 * indexed at once is held in memory.
 */
const mostFragments = 100;
/** When they have come, this many are left: each query goes to every one. */
const mostFragmentsFinished = 4;
/** LanceDB versions are small, but what only they need stays on the disk with them. */
const mostVersions = 200;
/** Rows outside of the text index are read word by word by each query: 2,000 of them cost more than a million within. */
const leastUnindexed = 100;
/** Tables of up to so many rows are compacted in a moment, with every version of the dataset. */
const smallTableRows = 10_000;

/**
 * Creates the indices that a table lacks, and where it is worth it, compacts it and brings the indices up to date.
 * @param kept - LanceDB versions of the table that must stay readable; absent: only the present one
 * @param before - asked before each write, which it forbids by throwing
 */
export async function ensureIndices(
  table: Table,
  settings: IndexSettings,
  kept: readonly number[] = [],
  before: Ask = nobodyAsked,
): Promise<void> {
  const { fields } = await table.schema();
  const columns = new Set(fields.map(({ name }) => name));
  const existing = await table.listIndices();
  const lacks = (column: string) =>
    columns.has(column) && !existing.some((index) => index.columns.includes(column));
  const create = async (column: string, options: { config: LanceIndex }) => {
    await before();
    await table.createIndex(column, options);
  };
  if (lacks('text'))
    await create('text', {
      config: LanceIndex.fts({
        language: 'English',
        stem: true,
        removeStopWords: true,
        asciiFolding: true,
        withPosition: false,
      }),
    });
  for (const column of scalars) if (lacks(column)) await create(column, { config: LanceIndex.btree() });
  if (lacks('findings')) await create('findings', { config: LanceIndex.labelList() });
  for (const column of vectors) {
    const trained = existing.find((index) => index.columns.includes(column));
    const wanted = lacks(column)
      ? (await table.countRows(`${column} IS NOT NULL`)) > settings.vectorIndexFromRows
      : isOutgrown(trained?.numIndexedRows, trained?.numUnindexedRows);
    if (columns.has(column) && wanted)
      await create(column, { config: LanceIndex.ivfRq({ distanceType: 'cosine' }) });
  }
  await compactWhereWorthIt(table, kept, before);
}

/** A vector index keeps the partitions it was trained with, too few and too large once the table is a multiple of what it was. */
const isOutgrown = (indexed = 0, unindexed = 0) => unindexed > 2 * indexed && unindexed > 0;

/** As `ensureIndices`, without creating any index. */
export async function compactWhereWorthIt(
  table: Table,
  kept: readonly number[] = [],
  before: Ask = nobodyAsked,
): Promise<void> {
  if (await isWorthFinishing(table)) await optimize(table, kept, before);
}

/** As `ensureIndices`, for tables small enough that no row need be left outside of the indices and no version kept. */
export async function indexWholly(
  tables: Tables,
  settings: IndexSettings,
  before: Ask = nobodyAsked,
): Promise<void> {
  for (const table of tablesOf(tables)) {
    await ensureIndices(table, settings, [], before);
    const indices = await table.listIndices();
    const behind = indices.some(({ numUnindexedRows }) => (numUnindexedRows ?? 0) > 0);
    if (behind || (await table.listVersions()).length > 2) await optimize(table, [], before);
  }
}

/**
 * Compacts, brings the indices up to date and drops what is older than the oldest of the kept versions. The caller is the only writer, so
 * nothing is in flight.
 */
async function optimize(
  table: Table,
  kept: readonly number[] = [],
  before: Ask = nobodyAsked,
): Promise<void> {
  const versions = await table.listVersions();
  const needed = versions.filter(({ version }) => kept.includes(version));
  const numbers = needed.map(({ version }) => version);
  await before();
  await guard(table, numbers);
  if (needed.length === 0) {
    // In one go: a second one would join what this one indexes with what was indexed before, which rewrites the whole table.
    await table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true });
    return;
  }
  await table.optimize({ cleanupOlderThan: new Date(0) });
  const oldest = Math.min(...needed.map(({ timestamp }) => timestamp.getTime()));
  for (const marginMs of cleanupMarginsMs)
    try {
      await before();
      await table.optimize({ cleanupOlderThan: new Date(oldest - marginMs), deleteUnverified: true });
      await before();
      await fence(table);
      return;
    } catch (thrown) {
      // A kept version was about to go.
      if (!(thrown instanceof Error && thrown.message.includes('tagged version'))) throw thrown;
    }
}

/**
 * LanceDB counts the age of what it cleans up back from when it comes to it, which is after the date is given: by this much, on a machine
 * that is idle, busy or stuck. Where none is enough, everything stays until the next time.
 */
const cleanupMarginsMs = [100, 1000, 20_000];

/** Tags the kept versions and no others: LanceDB refuses to clean up a tagged one. */
async function guard(table: Table, kept: readonly number[]): Promise<void> {
  const tags = await table.tags();
  const tagged = await tags.list();
  for (const name of Object.keys(tagged))
    if (!kept.some((version) => name === tagOf(version))) await tags.delete(name);
  for (const version of new Set(kept))
    if (!(tagOf(version) in tagged)) await tags.create(tagOf(version), version);
}

const tagOf = (version: number) => `kept-${version}`;

/** Whether so much has been written that compacting pays with rows still coming. */
export async function isWorthOptimizing(table: Table): Promise<boolean> {
  const { fragmentStats } = await table.stats();
  return fragmentStats.numFragments > mostFragments;
}

/** Whether it pays at the end of an import. */
async function isWorthFinishing(table: Table): Promise<boolean> {
  if ((await table.listVersions()).length > mostVersions) return true;
  const { numRows, fragmentStats } = await table.stats();
  const unindexed = await unindexedRows(table);
  if (numRows <= smallTableRows) return fragmentStats.numFragments > 1 || unindexed > 0;
  return fragmentStats.numFragments > mostFragmentsFinished || unindexed > leastUnindexed;
}

async function unindexedRows(table: Table): Promise<number> {
  const indices = await table.listIndices();
  return Math.max(0, ...indices.map(({ numUnindexedRows }) => numUnindexedRows ?? 0));
}
