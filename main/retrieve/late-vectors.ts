import { byScore, type Ranking } from './fuse.js';
import type { Found } from './search.js';
import type { Embed } from './store/index-store.js';
import { dot } from './vectors.js';

/** Rows without a vector that are embedded while the reader waits: some ten milliseconds each. */
const most = 8;

/**
 * Compares by meaning too what only words have found because it was imported without vectors: the best of these rows are embedded
 * now. Words alone would never bring them before what has a vector.
 * @param textOf - the texts to embed for the rows of these keys, in their order
 */
export async function withLateVectors<Row extends { id: string; semantic?: Float32Array | undefined }>(
  found: Found<Row>,
  semantic: Float32Array | undefined,
  weight: number,
  {
    embed,
    textOf,
  }: { embed: Embed; textOf: (rows: (Row & { dataset: string })[]) => Promise<string[]> | string[] },
): Promise<Found<Row>> {
  const words = found.rankings.find(({ way }) => way === 'bm25')?.hits ?? [];
  const unread = words.flatMap(({ key }) => {
    const row = found.rows.get(key);
    return row === undefined || row.semantic !== undefined ? [] : [{ key, row }];
  });
  if (semantic === undefined || unread.length === 0) return found;
  const late = unread.slice(0, most);
  const vectors = await embed(await textOf(late.map(({ row }) => row)), {});
  const rows = new Map(found.rows);
  const hits = late.flatMap(({ key, row }, at) => {
    const vector = vectors[at]?.semantic;
    if (vector === undefined) return [];
    rows.set(key, { ...row, semantic: vector });
    return [{ key, score: dot(semantic, vector) }];
  });
  const known = found.rankings.find(({ way }) => way === 'text');
  const text: Ranking = {
    ...{ way: 'text', weight, full: known?.full ?? false },
    hits: [...(known?.hits ?? []), ...hits].sort(byScore),
  };
  return { rankings: [text, ...found.rankings.filter(({ way }) => way !== 'text')], rows };
}
