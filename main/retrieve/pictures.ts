import type { Table } from '@lancedb/lancedb';
import { byScore, type Hit } from './fuse.js';
import { ImageRow } from './rows.js';
import { cosine, keyOf, nearestRows } from './search.js';
import type { IndexSettings } from './store/settings.js';

/** A document may have several images, and all of them may be alike: this many times the wanted documents are read. */
const imagesPerDocument = 4;

/** The documents whose images are most like one of `vectors` [256 each]: the cosine of their most alike image, best first. */
export async function nearestPictures(
  images: Table,
  vectors: readonly Float32Array[],
  { dataset, limit, settings }: { dataset: string; limit: number; settings: IndexSettings },
): Promise<(Hit & { document: string })[]> {
  const columns = Object.keys(ImageRow.shape);
  const found = await Promise.all(
    vectors.map((vector) =>
      nearestRows(images, 'joint', vector, { columns, limit: limit * imagesPerDocument, settings }),
    ),
  );
  const best = new Map<string, number>();
  for (const row of found.flat()) {
    const { document } = ImageRow.parse(row);
    const score = cosine(row);
    if (score > (best.get(document) ?? Number.NEGATIVE_INFINITY)) best.set(document, score);
  }
  return [...best]
    .map(([document, score]) => ({ key: keyOf(dataset, document), document, score }))
    .sort(byScore)
    .slice(0, limit);
}
