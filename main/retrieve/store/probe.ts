import { MatchQuery } from '@lancedb/lancedb';
import { type Tables, tablesOf } from './index-store.js';

/** Reads through every way of searching once, so that damage is found here and not by the first reader. */
export async function probe(tables: Tables): Promise<void> {
  for (const table of tablesOf(tables)) {
    const { fields } = await table.schema();
    for (const { name, type } of fields) {
      if (name !== 'semantic' && name !== 'joint') continue;
      const unit = new Float32Array(type.listSize).fill(1 / Math.sqrt(type.listSize));
      await table.query().nearestTo(unit).column(name).distanceType('cosine').limit(1).toArray();
    }
    const indices = await table.listIndices();
    if (indices.some(({ columns }) => columns.includes('text')))
      await table.query().fullTextSearch(new MatchQuery('image', 'text')).limit(1).toArray();
  }
}
