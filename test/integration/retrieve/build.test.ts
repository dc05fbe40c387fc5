import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildIndex, type Index, openIndex, retrieveEvidence } from '../../../main/retrieve/index.js';
import { factsOf } from '../../../main/retrieve/store/facts.js';
import type { Progress } from '../../../preload/values.js';
import { hashingEmbedder } from './hashing-embedder.js';
import { articles, manyArticles, removeArticle, writeArticle } from './knowledge.js';

let folder: string;
let documents: string;
let embedder: ReturnType<typeof hashingEmbedder>;
const opened: Index[] = [];

async function open(identity = 'hashing'): Promise<Index> {
  const index = await openIndex(join(folder, 'index'), embedder.embed, { embedder: identity });
  opened.push(index);
  return index;
}

const ask = (index: Index) =>
  retrieveEvidence(index, {
    modality: 'XR',
    text: 'pleural effusion meniscus',
    findings: ['pleural_effusion'],
  });

async function counts(index: Index) {
  const [xr] = (await factsOf(index)).modalities;
  return [xr?.documents, xr?.snippets];
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-index-'));
  documents = join(folder, 'documents');
  embedder = hashingEmbedder();
  for (const article of articles) await writeArticle(documents, article);
});
afterEach(async () => {
  for (const index of opened.splice(0)) await index.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('buildIndex', () => {
  test('builds with progress, lists its facts, and does nothing the second time', async () => {
    const started = Date.now();
    const index = await open();
    await expect(ask(index)).rejects.toMatchObject({ code: 'index-missing' });
    const progress: Omit<Progress, 'task'>[] = [];
    const result = await buildIndex(index, documents, { onProgress: (step) => progress.push(step) });
    expect(result).toEqual({ documents: 5, embedded: 5, removed: 0, problems: [] });
    expect(progress[0]).toEqual({ label: 'Building the XR index', done: 0, total: 5 });
    expect(progress.at(-1)).toMatchObject({ done: 5, total: 5 });
    // Titles and snippets.
    expect(embedder.texts()).toBe(5 + 12);

    const { state, modalities, builtAt } = await factsOf(index);
    expect(state).toBe('ready');
    expect(modalities.map(({ modality, documents, snippets }) => [modality, documents, snippets])).toEqual([
      ['XR', 4, 11],
      ['CT', 1, 1],
    ]);
    expect(modalities[0]?.bytes).toBeGreaterThan(11 * 640 * 4);
    expect(Date.parse(builtAt ?? '')).toBeGreaterThan(started - 1000);

    expect(await buildIndex(await open(), documents)).toMatchObject({ documents: 5, embedded: 0 });
    expect(embedder.texts()).toBe(5 + 12);
  });

  test('embeds only what changed and deletes what is gone', async () => {
    const index = await open();
    await buildIndex(index, documents);
    const before = embedder.texts();
    await removeArticle(documents, 'xr-spine');
    await removeArticle(documents, 'ct-appendix');
    await writeArticle(documents, {
      id: 'xr-effusion',
      title: 'Pleural effusion',
      findings: ['pleural_effusion'],
      said: ['Pleural effusion of either side makes a meniscus, now said in a changed sentence.'],
    });
    expect(await buildIndex(index, documents)).toMatchObject({ documents: 3, embedded: 1, removed: 1 });
    expect(embedder.texts() - before).toBe(2);
    expect(await counts(index)).toEqual([3, 6]);
    const { snippets } = await ask(index);
    expect(snippets[0]?.text).toMatch(/changed sentence/);
    const kyphosis = await retrieveEvidence(index, {
      modality: 'XR',
      text: 'kyphosis',
      findings: ['kyphosis'],
    });
    expect(kyphosis.snippets.map((snippet) => snippet.document)).not.toContain('xr-spine');
    await expect(
      retrieveEvidence(index, { modality: 'CT', text: 'appendix', findings: [] }),
    ).rejects.toMatchObject({ code: 'index-missing' });
  });

  test('reports a document that it cannot use and builds the rest', async () => {
    await writeArticle(documents, { id: 'xr-bad', title: 'Bad', findings: ['unheard_of'], said: ['x'] });
    const { documents: count, problems } = await buildIndex(await open(), documents);
    expect(count).toBe(5);
    expect(problems).toMatchObject([{ file: 'xr/xr-bad.md', code: 'bad-input' }]);
  });

  test('another text encoder makes the index missing, and builds it anew', async () => {
    await buildIndex(await open(), documents);
    const other = await open('another encoder');
    await expect(ask(other)).rejects.toMatchObject({ code: 'index-missing' });
    expect(await buildIndex(other, documents)).toMatchObject({ embedded: 5 });
    expect((await ask(other)).snippets[0]?.document).toBe('xr-effusion');
  });

  test('an index that is open sees what another process added', async () => {
    const reader = await open();
    await buildIndex(reader, documents);
    await ask(reader);
    await writeArticle(documents, {
      id: 'xr-new',
      title: 'Cervical rib',
      said: ['A cervical rib arises from the seventh cervical vertebra and points downwards.'],
    });
    await buildIndex(await open(), documents);
    const found = await retrieveEvidence(reader, { modality: 'XR', text: 'cervical rib', findings: [] });
    expect(found.snippets[0]?.document).toBe('xr-new');
  });

  test('can be searched while it is being built', async () => {
    for (const article of manyArticles(12)) await writeArticle(documents, article);
    const index = await open();
    const answers: ReturnType<typeof ask>[] = [];
    const search = () =>
      retrieveEvidence(index, {
        modality: 'XR',
        text: 'meniscuses',
        findings: [],
        // By its words alone: how they rank beside meaning is not the matter here.
        parts: { adaptive: false, text: false },
      });
    await buildIndex(index, documents, { onProgress: () => answers.push(search()) });
    const found = await Promise.all(answers);
    expect(found.length).toBeGreaterThan(4);
    for (const { snippets } of found.slice(2)) {
      const meniscus = snippets.find(({ id }) => id === 'xr-effusion#0');
      expect(meniscus?.scores.bm25).toBeGreaterThan(0);
    }
  });

  test('builds first what somebody waits for, and tells of each modality when it is whole', async () => {
    const index = await open();
    const built: string[] = [];
    const found: (string | undefined)[] = [];
    const search = async (modality: 'XR' | 'CT', text: string) =>
      (await retrieveEvidence(index, { modality, text, findings: [] })).documents[0]?.id;
    const answers: Promise<void>[] = [];
    await buildIndex(index, documents, {
      waitedFor: () => 'CT',
      onModality: (modality) => {
        built.push(modality);
        if (modality === 'CT')
          answers.push(search('CT', 'pulmonary nodule').then((id) => void found.push(id)));
      },
    });
    await Promise.all(answers);
    expect(built).toEqual(['MR', 'US', 'MG', 'NM', 'CT', 'XR']);
    expect(found[0]).toMatch(/^ct-/);
    const again: string[] = [];
    await buildIndex(index, documents, { onModality: (modality) => again.push(modality) });
    expect(again).toEqual(['XR', 'CT', 'MR', 'US', 'MG', 'NM']);
  });

  test('two builds at once do not double anything', async () => {
    const [first, second] = [await open(), await open()];
    await Promise.all([buildIndex(first, documents), buildIndex(second, documents)]);
    expect(await counts(first)).toEqual([4, 11]);
    expect(embedder.texts()).toBe(5 + 12);
  });

  test.each([
    ['of a process that is gone', '4194303'],
    ['of an earlier process that had the id of this one', String(process.pid)],
  ])('is not held up by a lock %s', async (_, holder) => {
    const index = await open();
    await writeFile(join(folder, 'index', 'write.lock'), holder);
    expect(await buildIndex(index, documents)).toMatchObject({ embedded: 5 });
  });

  test('waits for another process that is building, and can be cancelled meanwhile', async () => {
    const index = await open();
    await writeFile(join(folder, 'index', 'write.lock'), String(process.ppid));
    await expect(buildIndex(index, documents, { signal: AbortSignal.timeout(500) })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(embedder.texts()).toBe(0);
  });

  test('can be cancelled, and continues from there', async () => {
    for (const article of manyArticles(12)) await writeArticle(documents, article);
    const index = await open();
    const abort = new AbortController();
    const onProgress = ({ done }: { done: number }) => done > 0 && abort.abort();
    await expect(buildIndex(index, documents, { signal: abort.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const { documents: count, embedded } = await buildIndex(index, documents);
    expect(count).toBe(17);
    expect(embedded).toBeGreaterThan(0);
    expect(embedded).toBeLessThan(17);
    expect(await counts(index)).toEqual([16, 131]);
  });

  test('converges after it was killed in the middle, of a first build and of a change', async () => {
    for (const article of manyArticles(12)) await writeArticle(documents, article);
    await killedBuild('3');
    const index = await open();
    expect((await buildIndex(index, documents)).embedded).toBeLessThan(17);
    expect(await counts(index)).toEqual([16, 131]);

    for (const article of manyArticles(12))
      await writeArticle(documents, { ...article, title: `${article.title} B` });
    await killedBuild('2');
    await buildIndex(index, documents);
    expect(await counts(index)).toEqual([16, 131]);
    const found = await retrieveEvidence(index, {
      modality: 'XR',
      text: 'statement q7x3 of many',
      findings: [],
    });
    expect(found.snippets.map(({ title }) => title).every((title) => title.endsWith(' B'))).toBe(true);
    expect(found.snippets[0]?.id).toBe('xr-many-7#3');
  });

  test.each(['data', '_versions', '_indices'])('tells that %s is damaged, and mends it', async (part) => {
    await buildIndex(await open(), documents);
    await opened.pop()?.dispose();
    const tables = (await readdir(join(folder, 'index'))).filter((name) => name.startsWith('xr_'));
    expect(tables).toHaveLength(2);
    for (const table of tables)
      for (const name of await filesBelow(join(folder, 'index', table, part)))
        await truncate(name, Math.floor((await stat(name)).size / 2));

    const index = await open();
    await expect(ask(index)).rejects.toMatchObject({ code: 'index-damaged' });
    expect(await buildIndex(index, documents)).toMatchObject({ embedded: 4 });
    expect((await ask(index)).snippets[0]?.document).toBe('xr-effusion');
    expect(await counts(index)).toEqual([4, 11]);
  });

  test('finds and mends damage that nobody has met yet', async () => {
    await buildIndex(await open(), documents);
    await opened.pop()?.dispose();
    for (const name of await filesBelow(join(folder, 'index', 'xr_snippets.lance', 'data')))
      await truncate(name, 100);
    const index = await open();
    await buildIndex(index, documents);
    expect((await ask(index)).snippets[0]?.document).toBe('xr-effusion');
  });
});

async function killedBuild(batch: string): Promise<void> {
  const script = fileURLToPath(new URL('./killed-build.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', script, join(folder, 'index'), documents, batch],
    {
      stdio: 'ignore',
    },
  );
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
}

async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
