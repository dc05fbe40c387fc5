/** The folder of the knowledge base is gone or cannot be read: the department's own datasets go on, and every door says what is missing. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine } from '../../../main/engine.js';
import { readers } from '../../../main/isolate/index.js';
import type { Dataset, Evidence, Report } from '../../../preload/values.js';
import { trustKnowledge } from '../faults/kills.js';
import { root, sampleStudy } from '../faults/real-engine.js';
import { articles, writeArticle } from '../retrieve/knowledge.js';

let folder: string;
const dataFolder = () => join(folder, 'data');
const documents = () => join(folder, 'documents');
const open = () =>
  createEngine({
    ...{ dataFolder: dataFolder(), packsFolder: join(root, 'models'), documentsFolder: documents() },
    user: 'reader',
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-without-knowledge-'));
  for (const article of articles) await writeArticle(join(folder, 'elsewhere'), article);
  await trustKnowledge(dataFolder(), join(folder, 'elsewhere'));
  writeFileSync(
    join(folder, 'note.md'),
    '# Heart size\n\nThe heart is of normal size where its width is below half of that of the chest.\n',
  );
});
afterAll(async () => {
  await readers.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const told = { code: 'index-away', message: expect.stringMatching(/documents.*Put the folder back/s) };

test('drafts, searches and datasets go on and tell of it, until the folder is back', async () => {
  const engine = await open();
  try {
    await engine.ready();
    await engine.call('dataset.add', { title: 'Ward' });
    const paths = [join(folder, 'note.md')];
    await engine.call('import.run', { dataset: 'ward', paths, modality: 'XR', task: 'import' });
    const search = async () =>
      (await engine.call('index.search', { query: 'size of the heart', modality: 'XR' })) as Evidence;
    const found = await search();
    expect(found.snippets[0]?.text).toContain('width is below half');
    expect(found.problems).toMatchObject([told]);

    const { studies } = await engine.open([sampleStudy], 'open');
    const [study] = studies;
    if (!study) throw new Error('The sample could not be opened.');
    const draft = async () =>
      (await engine.call('report.draft', { study: study.uid, task: 'draft' })) as Report;
    const report = await draft();
    expect(report.evidence.problems).toMatchObject([told]);
    expect(report.evidence.snippets.some(({ text }) => text.includes('width is below half'))).toBe(true);

    const list = async () => (await engine.call('dataset.list', {})) as Dataset[];
    expect(await list()).toMatchObject([
      { kind: 'authored', state: 'away', message: told.message },
      { id: 'ward', state: 'ready' },
    ]);
    await expect(engine.call('dataset.refresh', { dataset: 'wetread', task: 'again' })).rejects.toMatchObject(
      { code: 'not-found' },
    );

    renameSync(join(folder, 'elsewhere'), documents());
    await engine.call('dataset.refresh', { dataset: 'wetread', task: 'again' });
    expect((await list())[0]).toMatchObject({ kind: 'authored', state: 'ready' });
    expect((await search()).problems).toEqual([]);
    expect((await draft()).evidence.problems).toEqual([]);
  } finally {
    await engine.dispose();
  }
});

test('what had been built of it is searched on when it goes', async () => {
  renameSync(documents(), join(folder, 'elsewhere'));
  const engine = await open();
  try {
    await engine.ready();
    const found = (await engine.call('index.search', {
      query: 'pleural effusion',
      modality: 'XR',
    })) as Evidence;
    expect(found.snippets.length).toBeGreaterThan(0);
    expect(found.problems).toMatchObject([
      { code: 'index-away', message: expect.stringContaining('What was read of it before is searched') },
    ]);
  } finally {
    await engine.dispose();
  }
});
