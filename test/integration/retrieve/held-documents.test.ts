import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Index, indexSettings, openLibrary, retrieveEvidence } from '../../../main/retrieve/index.js';
import { DocumentRow, SnippetRow } from '../../../main/retrieve/rows.js';
import { asStored, type RowSource } from '../../../main/retrieve/store/read-rows.js';
import { dot } from '../../../main/retrieve/vectors.js';
import { embedText, hashingEmbedder } from './hashing-embedder.js';
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
});

test('snippets with what is held of their documents are those of the table, but for those of a document that is gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wetread-held-snippets-'));
  const library = await openLibrary({ folder, embedder: 'hashing', embed: hashingEmbedder().embed });
  try {
    const { id } = await library.add({ title: 'Department' });
    const writer = await library.openWriter(id);
    await writer.write(reports(0, 20), { vectors: true });
    await writer.finish('first');
    await writer.close();
    const index = library.indices().find((one) => one.id === id);
    if (index === undefined) throw new Error('The dataset is not there.');
    const { held, documents, snippets } = await index.tables('XR');
    const rows = async (source: RowSource<SnippetRow> | undefined) => {
      const read = await snippets
        .query()
        .select([...(source?.columns ?? [])])
        .toArrow();
      const rowAt = source?.rowsOf(read);
      return Array.from({ length: read.numRows }, (_, at) => rowAt?.(at));
    };
    const stored = await rows(asStored(SnippetRow));
    expect(stored).toHaveLength(60);
    expect(await rows(await held?.snippets())).toEqual(stored);
    await documents.delete("id = 'case-7'");
    await held?.source();
    const left = await rows(await held?.snippets());
    expect(left.filter((row) => row === undefined)).toHaveLength(3);
    expect(left.filter((row) => row !== undefined)).toEqual(
      stored.filter((row) => row?.document !== 'case-7'),
    );
  } finally {
    await library.dispose();
    await rm(folder, { recursive: true, force: true });
  }
});

test('a table with a vector index is searched with vectors in memory, and the same is found', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wetread-held-vectors-'));
  const settings = { ...indexSettings, vectorIndexFromRows: 300 };
  const library = await openLibrary({
    folder,
    embedder: 'hashing',
    embed: hashingEmbedder().embed,
    settings,
  });
  try {
    const { id } = await library.add({ title: 'Department' });
    const writer = await library.openWriter(id);
    await writer.write(reports(0, 400), { vectors: true });
    await writer.write(reports(400, 410), { vectors: false });
    await writer.finish('first');
    await writer.close();
    const index = library.indices().find((one) => one.id === id);
    if (index === undefined) throw new Error('The dataset is not there.');
    const query = {
      modality: 'XR' as const,
      text: 'pleural effusion in case k123',
      findings: [],
      joint: embedText('clear lungs of case k123').joint,
    };
    const { held, documents } = await index.tables('XR');
    const stored = await retrieveEvidence(index, query);
    await expect.poll(async () => (await held?.source())?.cosines !== undefined).toBe(true);
    const source = await held?.source();
    const read = await documents.query().select(['_rowid', 'id', 'semantic']).toArrow();
    const rowAt = source?.rowsOf(read);
    const vectorAt = asStored(DocumentRow.pick({ id: true, semantic: true })).rowsOf(read);
    const probe = embedText('There is a small pleural effusion.').semantic;
    const cosines = source?.cosines?.(read, 'semantic', probe) ?? [];
    expect(cosines).toHaveLength(410);
    for (const [at, cosine] of cosines.entries()) {
      const { id: own = '', semantic } = vectorAt(at) ?? {};
      expect(rowAt?.(at)?.id).toBe(own);
      expect(rowAt?.(at)?.semantic === undefined).toBe(semantic === undefined);
      if (semantic === undefined) expect(cosine).toBeUndefined();
      else expect(cosine).toBeCloseTo(dot(probe, semantic), 4);
    }
    const heldEvidence = await retrieveEvidence(index, query);
    for (const { documents: hits } of [stored, heldEvidence]) expect(hits[0]?.id).toBe('case-123');
    expect(heldEvidence.documents[0]?.score).toBeCloseTo(stored.documents[0]?.score ?? 0, 2);
  } finally {
    await library.dispose();
    await rm(folder, { recursive: true, force: true });
  }
});
