import type { Table } from '@lancedb/lancedb';
import { byScore, type Hit } from './fuse.js';
import { ImageRow } from './rows.js';
import { cosinesOf, keyOf, nearestRows } from './search.js';
import { rowsOf } from './store/read-rows.js';
import type { IndexSettings } from './store/settings.js';

/** A document may have several images, and all of them may be alike: this many times the wanted documents are read. */
const imagesPerDocument = 4;

/**
 * The documents whose images are most like `vectors` ([256] each, of `embedImages`): the mean over these of the cosine of the document's most alike
 * image, best first. Where an image of a document is not among the nearest ones it counts as the last of them.
 */
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
  const perVector = found.map((read) => {
    const best = new Map<string, number>();
    const rowAt = rowsOf(ImageRow, read);
    for (const [at, cosine] of cosinesOf(read).entries()) {
      const { document } = rowAt(at);
      best.set(document, Math.max(cosine, best.get(document) ?? Number.NEGATIVE_INFINITY));
    }
    return { best, least: Math.min(...best.values()) };
  });
  const documents = new Set(perVector.flatMap(({ best }) => [...best.keys()]));
  return [...documents]
    .map((document) => {
      const scores = perVector.map(({ best, least }) => best.get(document) ?? least);
      const score = scores.reduce((sum, one) => sum + one, 0) / scores.length;
      return { key: keyOf(dataset, document), document, score };
    })
    .sort(byScore)
    .slice(0, limit);
}
