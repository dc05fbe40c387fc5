import { mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MatchQuery } from '@lancedb/lancedb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Library, openLibrary, type SourceDocument } from '../../../main/retrieve/index.js';
import type { Tables } from '../../../main/retrieve/store/index-store.js';
import { notePending, setTables } from '../../../main/retrieve/store/journal.js';
import { tableSchema } from '../../../main/retrieve/store/schema.js';
import { readVersions, TableVersions } from '../../../main/retrieve/store/versions.js';
import { hashingEmbedder } from './hashing-embedder.js';
import { report, reports } from './source-documents.js';

let folder: string;
const opened: Library[] = [];

async function open(embedder = 'hashing'): Promise<Library> {
  const { embed } = hashingEmbedder();
  const library = await openLibrary({ folder: join(folder, 'indices'), embed, embedder });
  opened.push(library);
  return library;
}

async function fill(library: Library, id: string, documents: SourceDocument[], vectors = true) {
  const writer = await library.openWriter(id);
  try {
    await writer.write(documents, { vectors });
    return await writer.finish(`${documents.length} documents`);
  } finally {
    await writer.close();
  }
}

/** All that a dataset holds, in an order of its own. */
async function contents(library: Library, id: string) {
  const { total, documents } = await library.documents(id, { offset: 0, limit: 1000 });
  expect(documents).toHaveLength(total);
  const texts = await Promise.all(documents.map((document) => library.document(id, document.id)));
  return texts.sort((a, b) => (a.id < b.id ? -1 : 1));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-library-'));
});
afterEach(async () => {
  for (const library of opened.splice(0)) await library.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('an own dataset', () => {
  test('is added, filled, read and removed', async () => {
    const library = await open();
    const added = await library.add({ title: 'Our chest films' });
    expect(added).toMatchObject({ id: 'our-chest-films', kind: 'own', state: 'empty', version: 0 });
    expect((await library.add({ title: 'Our chest films' })).id).toBe('our-chest-films-2');
    expect(await fill(library, added.id, reports(0, 30, { images: 2 }))).toBe(1);

    const [wetread, own] = await library.list();
    expect(wetread).toMatchObject({ id: 'wetread', kind: 'authored', state: 'empty' });
    expect(own).toMatchObject({ state: 'ready', version: 1 });
    expect(own?.modalities).toMatchObject([{ modality: 'XR', documents: 30, snippets: 90, images: 60 }]);
    expect(own?.modalities[0]?.bytes).toBeGreaterThan(90 * 640 * 4);

    const page = await library.documents(added.id, { offset: 10, limit: 5 });
    expect([page.total, page.documents.length]).toEqual([30, 5]);
    const found = await library.documents(added.id, { query: 'k17', offset: 0, limit: 5 });
    expect(found).toMatchObject({ total: 1, documents: [{ id: 'case-17', removals: { name: 2 } }] });
    expect((await library.document(added.id, 'case-17')).sections).toEqual([
      {
        kind: 'findings',
        text: 'The lungs of case k17 are clear, edition 1.\nThere is a small pleural effusion in case k17.',
      },
      { kind: 'impression', text: 'The heart is not enlarged.' },
    ]);
    expect([...(await library.thumbnail(added.id, 'case-17', 1))]).toEqual([255, 216, 17, 1]);
    await expect(library.thumbnail(added.id, 'case-17', 2)).rejects.toMatchObject({ code: 'not-found' });
    await expect(library.document(added.id, 'case-99')).rejects.toMatchObject({ code: 'not-found' });

    await library.remove(added.id);
    expect((await library.list()).map(({ id }) => id)).toEqual(['wetread', 'our-chest-films-2']);
    expect(await readdir(library.folder)).not.toContain(added.id);
    expect((await (await open()).list()).map(({ id }) => id)).toEqual(['wetread', 'our-chest-films-2']);
  });

  test('removed and added again under the same name, nothing of the old one is left', async () => {
    const library = await open();
    for (const edition of [1, 2, 3]) {
      const { id } = await library.add({ title: 'Own' });
      expect(id).toBe('own');
      await fill(library, id, reports(0, 5, { edition, images: 1 }));
      const held = await contents(library, id);
      for (const { sections } of held) expect(sections[0]?.text).toContain(`edition ${edition}`);
      expect(await library.documents(id, { query: 'lungs', offset: 0, limit: 9 })).toMatchObject({
        total: 5,
      });
      await library.remove(id);
    }
  });

  test('writing the same again doubles nothing, writing another edition replaces', async () => {
    const library = await open();
    const { id } = await library.add({ title: 'Own' });
    await fill(library, id, reports(0, 20, { images: 1 }));
    await fill(library, id, [...reports(0, 10, { images: 1 }), report(12, { edition: 2 })]);
    const [, own] = await library.list();
    expect(own?.modalities).toMatchObject([{ documents: 20, snippets: 60, images: 19 }]);
    expect((await library.document(id, 'case-12')).sections[0]?.text).toContain('edition 2');

    const writer = await library.openWriter(id);
    const hashes = await writer.hashesOf(['case-12', 'case-13', 'case-77']);
    expect(hashes.get('case-12')).toBe(report(12, { edition: 2 }).contentHash);
    expect([...hashes.keys()].sort()).toEqual(['case-12', 'case-13']);
    const held = [report(13, { images: 1 }).contentHash, 'unheard of'];
    expect([...(await writer.holds(held))]).toEqual([held[0]]);
    // A report whose modality was wrong moves.
    await writer.write([{ ...report(12), modality: 'CT' }], { vectors: true });
    expect(await writer.remove(['case-13', 'case-77'])).toBe(1);
    await writer.finish('corrected');
    await writer.close();
    const [, after] = await library.list();
    expect(after?.modalities).toMatchObject([
      { modality: 'XR', documents: 18, snippets: 54, images: 18 },
      { modality: 'CT', documents: 1, snippets: 3, images: 0 },
    ]);
  });

  test('stored without vectors, it is found by words and can be given vectors later', async () => {
    const library = await open();
    const { id } = await library.add({ title: 'Own' });
    await fill(library, id, reports(0, 5), false);
    expect(await library.documents(id, { query: 'k3', offset: 0, limit: 5 })).toMatchObject({ total: 1 });
    const writer = await library.openWriter(id);
    expect((await writer.hashesOf(['case-1'])).size).toBe(1);
    expect((await writer.hashesOf(['case-1'], { vectors: true })).size).toBe(0);
    await writer.write(reports(0, 5), { vectors: true });
    expect((await writer.hashesOf(['case-1'], { vectors: true })).size).toBe(1);
    await writer.close();
  });

  test('has versions that come back with their content', async () => {
    const library = await open();
    const { id } = await library.add({ title: 'Own' });
    expect(await fill(library, id, reports(0, 10, { images: 1 }))).toBe(1);
    const first = await contents(library, id);
    expect(await fill(library, id, [report(3, { edition: 2 }), ...reports(10, 14)])).toBe(2);
    expect(await library.deleteDocuments(id, ['case-0', 'case-1'])).toBe(3);
    const third = await contents(library, id);
    const ct = { ...report(50), modality: 'CT' as const };
    expect(await fill(library, id, [ct])).toBe(4);

    expect(await library.rollback(id, 1)).toBe(5);
    expect(await contents(library, id)).toEqual(first);
    expect([...(await library.thumbnail(id, 'case-0', 0))]).toEqual([255, 216, 0, 0]);
    expect(await library.rollback(id, 3)).toBe(6);
    expect(await contents(library, id)).toEqual(third);

    expect(await library.versions(id)).toMatchObject([
      { version: 6, note: 'Back to version 3', documents: 12, snippets: 36, current: true },
      { version: 5, note: 'Back to version 1', documents: 10, snippets: 30, current: false },
      { version: 4, documents: 13 },
      { version: 3, note: '2 documents deleted', documents: 12 },
      { version: 2, documents: 14 },
      { version: 1, note: '10 documents', documents: 10 },
    ]);
    await expect(library.rollback(id, 99)).rejects.toMatchObject({ code: 'not-found' });
    // Nothing changed since: no new version.
    const writer = await library.openWriter(id);
    expect(await writer.finish('nothing')).toBe(6);
    await writer.close();
  });

  test('goes on where it was killed between the making of its first tables', async () => {
    const library = await open();
    const { id } = await library.add({ title: 'Own' });
    await library.index(id).connection.createEmptyTable('xr_images', tableSchema('images', 'hashing'));
    await fill(library, id, reports(0, 3, { images: 1 }));
    expect((await library.list())[1]?.modalities).toMatchObject([{ documents: 3, images: 3 }]);
  });

  test('a rollback that was killed half way is carried out when the library is next opened, once', async () => {
    const library = await open();
    const { id } = await library.add({ title: 'Own' });
    await fill(library, id, reports(0, 6));
    const first = await contents(library, id);
    await fill(library, id, [...reports(0, 3, { edition: 2 }), ...reports(6, 9)]);
    const { connection, folder: own } = library.index(id);
    const version1 = (await readVersions(connection)).find(({ version }) => version === 1);
    // As the process leaves it that is killed when the first of the tables is back.
    const { xr_documents, xr_snippets } = TableVersions.parse(version1?.tables);
    const tables = TableVersions.parse({ xr_documents, xr_snippets });
    const becomes = { version: 3, note: 'Back to version 1' };
    await notePending(own, { tables, empty: [], becomes }, async () => {});
    await setTables(connection, { tables: TableVersions.parse({ xr_documents }), empty: [] });
    await library.dispose();
    opened.pop();
    for (let times = 0; times < 2; times += 1) {
      const again = await open();
      expect(await contents(again, id)).toEqual(first);
      expect((await again.versions(id)).map(({ note }) => note)).toEqual([
        'Back to version 1',
        '6 documents',
        '6 documents',
      ]);
    }
  });

  test('keeps ten versions and no more data than they need', async () => {
    const library = await open();
    const { id } = await library.add({ title: 'Own' });
    const sizes: number[] = [];
    for (let edition = 1; edition <= 16; edition += 1) {
      await fill(library, id, reports(0, 12, { edition }));
      sizes.push(await bytesBelow(join(library.folder, id)));
    }
    const versions = await library.versions(id);
    expect(versions.map(({ version }) => version)).toEqual([16, 15, 14, 13, 12, 11, 10, 9, 8, 7]);
    // Every edition rewrites everything; what only dropped versions needed goes again.
    expect(sizes.at(-1)).toBeLessThan(Math.max(...sizes.slice(0, 12)) * 1.2);
    await library.rollback(id, 7);
    for (const { sections } of await contents(library, id)) expect(sections[0]?.text).toContain('edition 7');
    await expect(library.rollback(id, 6)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('one writer at a time, and what a cancelled import wrote stays', async () => {
    const [library, other] = [await open(), await open()];
    const { id } = await library.add({ title: 'Own' });
    const writer = await library.openWriter(id);
    expect((await library.list())[1]).toMatchObject({ state: 'building' });
    await expect(library.remove(id)).rejects.toMatchObject({ code: 'wrong-state' });
    await expect(library.openWriter(id, { signal: AbortSignal.timeout(300) })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await writer.write(reports(0, 10), { vectors: true });
    await expect(
      writer.write(reports(10, 20), { vectors: true, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    await writer.close();
    await expect(writer.write(reports(10, 20), { vectors: true })).rejects.toMatchObject({
      code: 'wrong-state',
    });
    expect((await library.list())[1]).toMatchObject({ state: 'ready', modalities: [{ documents: 10 }] });
    expect(other.indices()).toHaveLength(1);
  });

  test('a batch that fails half way is undone', async () => {
    const library = await open();
    const { id } = await library.add({ title: 'Own' });
    await fill(library, id, reports(0, 10, { images: 1 }));
    const before = await contents(library, id);
    const writer = await library.openWriter(id);
    const tooWide = { ...report(3, { edition: 2, images: 1 }) };
    tooWide.images = [{ view: 'frontal', vector: new Float32Array(7), thumbnail: new Uint8Array() }];
    await expect(writer.write([report(1, { edition: 2 }), tooWide], { vectors: true })).rejects.toThrow();
    await writer.close();
    expect(await contents(library, id)).toEqual(before);
  });
});

describe('what is wrong with one dataset', () => {
  test.each(['data', '_versions', '_indices'])(
    'damaged %s is told, mended where it can be, and hides no other',

    async (part) => {
      const library = await open();
      await library.add({ title: 'Sick' });
      await library.add({ title: 'Sound' });
      await fill(library, 'sound', reports(0, 10));
      await fill(library, 'sick', reports(0, 10));
      await fill(library, 'sick', reports(10, 20));
      await library.dispose();
      opened.pop();
      const tables = (await readdir(join(library.folder, 'sick'))).filter((name) => name.startsWith('xr_'));
      for (const table of tables) {
        const files = await filesBelow(join(library.folder, 'sick', table, part));
        // Of the data, the newest: what came last was being written when the disk failed.
        const hurt = part === 'data' ? files.slice(-1) : files;
        for (const { file, bytes } of hurt) await truncate(file, Math.floor(bytes / 2));
      }

      const again = await open();
      const search = () => again.index('sick').read('XR', probeAll);
      await expect(search()).rejects.toMatchObject({ code: 'index-damaged' });
      const [, sick, sound] = await again.list();
      expect(sick?.state).toBe('damaged');
      expect(sound).toMatchObject({ state: 'ready', modalities: [{ documents: 10 }] });
      expect(again.indices().map(({ id }) => id)).toEqual(['wetread', 'sick', 'sound']);

      if (part === '_versions') {
        await expect(again.refresh('sick')).rejects.toMatchObject({ code: 'index-damaged' });
        await again.remove('sick');
        expect(await again.list()).toHaveLength(2);
        return;
      }
      await again.refresh('sick');
      await search();
      const [, mended] = await again.list();
      expect(mended).toMatchObject({ state: 'ready' });
      expect(mended?.modalities[0]?.documents).toBe(part === '_indices' ? 20 : 10);
      await fill(again, 'sick', reports(0, 25));
      expect(await contents(again, 'sick')).toHaveLength(25);
    },
  );

  test('filled with another model pack, it is outdated; the others are not touched', async () => {
    const library = await open();
    await library.add({ title: 'Own' });
    await fill(library, 'own', reports(0, 3));
    const other = await open('another encoder');
    const [, own] = await other.list();
    expect(own).toMatchObject({ state: 'outdated', message: expect.stringContaining('model pack') });
    await expect(other.openWriter('own')).rejects.toMatchObject({ code: 'index-missing' });
    await expect(other.refresh('own')).rejects.toMatchObject({ code: 'index-missing' });
    expect((await library.list())[1]).toMatchObject({ state: 'ready' });
  });

  test('a damaged list is put aside and told, and the datasets are found by their folders', async () => {
    const library = await open();
    await library.add({ title: 'Our films' });
    await fill(library, 'our-films', reports(0, 3));
    await writeFile(join(library.folder, 'datasets.json'), '{"format":1,"data');
    const again = await open();
    expect(again.problems).toMatchObject([{ code: 'store-damaged', file: 'datasets.json' }]);
    expect(await again.list()).toMatchObject([
      { id: 'wetread' },
      { id: 'our-films', title: 'Our films', state: 'ready', version: 1 },
    ]);
    expect(await readdir(again.folder)).toContain('datasets.json.damaged');
    expect((await open()).problems).toEqual([]);
  });

  test('a dataset that cannot even be opened is told, and stays in the list', async () => {
    const library = await open();
    await library.add({ title: 'Own' });
    const list = join(library.folder, 'datasets.json');
    const { datasets } = JSON.parse(await readFile(list, 'utf8'));
    datasets.unshift({ id: 'odd', uid: 'odd', title: 'Odd', location: 'gopher://old' });
    await writeFile(list, JSON.stringify({ format: 1, datasets }));
    const again = await open();
    expect(again.problems).toMatchObject([{ file: 'Odd', code: 'bad-input' }]);
    expect((await again.list()).map(({ id }) => id)).toEqual(['wetread', 'own']);
    expect((await again.add({ title: 'Odd' })).id).toBe('odd-2');
    expect(await readFile(list, 'utf8')).toContain('gopher://old');
  });

  test('a dataset that was being removed when its process was killed is gone', async () => {
    const library = await open();
    await library.add({ title: 'Own' });
    await library.dispose();
    opened.pop();
    await rename(join(library.folder, 'own'), join(library.folder, '.removed-own'));
    const again = await open();
    expect(await readdir(again.folder)).not.toContain('.removed-own');
  });
});

/** Reads every column and every index. */
async function probeAll({ documents, snippets }: Tables): Promise<void> {
  for (const table of [documents, snippets]) {
    await table.query().toArray();
    await table.query().fullTextSearch(new MatchQuery('lungs', 'text')).limit(1).toArray();
  }
}

async function filesBelow(folder: string): Promise<{ file: string; bytes: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const facts = await Promise.all(files.map(async (file) => ({ file, ...(await stat(file)) })));
  return facts.sort((a, b) => a.mtimeMs - b.mtimeMs).map(({ file, size }) => ({ file, bytes: size }));
}

async function bytesBelow(folder: string): Promise<number> {
  return (await filesBelow(folder)).reduce((sum, { bytes }) => sum + bytes, 0);
}
