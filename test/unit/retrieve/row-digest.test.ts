/** The digest over the rows of a dataset, on real LanceDB tables with the product's own columns. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, connect } from '@lancedb/lancedb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SourceDocument } from '../../../main/retrieve/index.js';
import { openIfThere } from '../../../main/retrieve/store/connection.js';
import { rowsDigest } from '../../../main/retrieve/store/row-digest.js';
import { rowsOf } from '../../../main/retrieve/store/rows.js';
import { tableKinds, tableName, tableSchema } from '../../../main/retrieve/store/schema.js';
import { report, reports } from '../../integration/retrieve/source-documents.js';

let folder: string;
let made = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-digest-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const embedder = 'none';

/** Tables with these documents, written batch by batch. */
async function tablesWith(...batches: SourceDocument[][]): Promise<Connection> {
  made += 1;
  const connection = await connect(join(folder, String(made)));
  for (const kind of tableKinds)
    await connection.createEmptyTable(tableName('XR', kind), tableSchema(kind, embedder));
  for (const documents of batches) {
    const rows = rowsOf(documents, undefined, { embedder, importedAt: '2026-11-22T00:00:00.000Z' });
    for (const kind of tableKinds)
      if (rows[kind].numRows > 0) await (await connection.openTable(tableName('XR', kind))).add(rows[kind]);
  }
  return connection;
}

const digestOf = (connection: Connection, signal?: AbortSignal) =>
  rowsDigest({
    open: (name) => openIfThere(connection, name),
    within: (request) => request,
    signal,
  });
const digestWith = async (...batches: SourceDocument[][]) => digestOf(await tablesWith(...batches));

it('is the same however rows are ordered, batched, indexed and compacted', async () => {
  const all = reports(0, 30, { images: 2 });
  const whole = await digestWith(all);
  expect(whole).toMatch(/^[0-9a-f]{64}$/);
  expect(await digestWith(all.slice(20).reverse(), all.slice(0, 20))).toBe(whole);

  const changed = await tablesWith(all, reports(30, 40));
  const documents = await changed.openTable('xr_documents');
  const ids = reports(30, 40).map(({ id }) => `'${id}'`);
  await documents.delete(`id IN (${ids})`);
  await (await changed.openTable('xr_snippets')).delete(`document IN (${ids})`);
  expect(await digestOf(changed)).toBe(whole);
  await documents.optimize({ cleanupOlderThan: new Date() });
  await documents.createIndex('id');
  expect(await digestOf(changed)).toBe(whole);
});

it('of no rows is that of no tables', async () => {
  const nothing = await connect(join(folder, 'nothing'));
  expect(await digestWith([])).toBe(await digestOf(nothing));
});

it('is another one for every change of a value', async () => {
  const one = report(1, { images: 1 });
  const [first, ...others] = one.snippets;
  const [image] = one.images;
  if (first === undefined || image === undefined) throw new Error('A report has snippets and an image.');
  const variants: SourceDocument[] = [
    one,
    { ...one, title: `${one.title} ` },
    // The same bytes in another column, in other words of a list, or absent and not empty.
    { ...one, bodyRegion: one.topic, topic: one.bodyRegion },
    { ...one, codes: ['ICD-10', 'J90'] },
    { ...one, codes: ['ICD-10J90'] },
    { ...one, codes: [] },
    { ...one, codes: [''] },
    { ...one, ageYears: 0 },
    { ...one, sex: 'F' },
    { ...one, snippets: [{ ...first, polarity: 'absent' }, ...others] },
    { ...one, snippets: [{ ...first, text: `${first.text}\n` }, ...others] },
    { ...one, snippets: others },
    { ...one, images: [] },
    { ...one, images: [{ ...image, thumbnail: new Uint8Array([255, 216, 1, 1]) }] },
    { ...one, images: [{ ...image, vector: image.vector.map((value, at) => (at === 255 ? 0.5 : value)) }] },
  ];
  const digests = await Promise.all(variants.map((variant) => digestWith([variant])));
  // A row twice is not the row once.
  digests.push(await digestWith([one], [one]));
  expect(new Set(digests).size).toBe(variants.length + 1);
});

it('can be stopped', async () => {
  await expect(digestOf(await tablesWith(reports(0, 3)), AbortSignal.abort())).rejects.toMatchObject({
    name: 'AbortError',
  });
});
