import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Index, openLibrary } from '../../../main/retrieve/index.js';
import { DocumentRow } from '../../../main/retrieve/rows.js';
import { asStored } from '../../../main/retrieve/search.js';
import { hashingEmbedder } from './hashing-embedder.js';
import { reports } from './source-documents.js';

/** All rows as they are held, and as they are stored. */
async function bothOf(index: Index): Promise<[DocumentRow[], DocumentRow[]]> {
  return await index.read('XR', async ({ documents, held }) => {
    const of = async (source: ReturnType<typeof asStored<typeof DocumentRow>> | undefined) => {
      const read = await documents
        .query()
        .select([...(source?.columns ?? [])])
        .toArrow();
      const rowAt = source?.rowsOf(read);
      return Array.from({ length: read.numRows }, (_, at) => rowAt?.(at)).filter((row) => row !== undefined);
    };
    return [await of(await held?.source()), await of(asStored(DocumentRow))];
  });
}

test('documents held in memory are those of the table, also after it was written to and rows were replaced', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wetread-held-'));
  const library = await openLibrary({ folder, embedder: 'hashing', embed: hashingEmbedder().embed });
  try {
    const { id } = await library.add({ title: 'Department' });
    const writer = await library.openWriter(id);
    await writer.write(reports(0, 20), { vectors: true });
    await writer.finish('first');
    const index = library.indices().find((one) => one.id === id);
    if (index === undefined) throw new Error('The dataset is not there.');
    const [first, stored] = await bothOf(index);
    expect(first).toHaveLength(20);
    expect(first).toEqual(stored);
    await writer.write(reports(10, 30, { edition: 2 }), { vectors: false });
    await writer.finish('second');
    await writer.close();
    const [second, storedThen] = await bothOf(index);
    expect(second).toHaveLength(30);
    expect(second).toEqual(storedThen);
    expect(second.filter(({ semantic }) => semantic === undefined)).toHaveLength(20);
  } finally {
    await library.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
