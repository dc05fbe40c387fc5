import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AuthoredBuild } from '../../../main/authored-build.js';
import { WetreadError } from '../../../main/error.js';
import { type Embed, type Library, openLibrary, retrieveEvidence } from '../../../main/retrieve/index.js';
import { Tasks } from '../../../main/tasks.js';
import { hashingEmbedder } from '../retrieve/hashing-embedder.js';
import { articles, writeArticle } from '../retrieve/knowledge.js';

let folder: string;
let library: Library;
/** Radiographs are embedded once this is called. */
let release: () => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-authored-build-'));
  for (const article of articles) await writeArticle(join(folder, 'documents'), article);
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { embed } = hashingEmbedder();
  const held: Embed = async (texts, options) => {
    if (texts.includes('Cardiomegaly')) await released;
    return embed(texts, options);
  };
  library = await openLibrary({ folder: join(folder, 'indices'), embed: held, embedder: 'hashing' });
});
afterEach(async () => {
  release();
  await library.dispose();
  await rm(folder, { recursive: true, force: true });
});

const trustAll = { requireKnowledge: async () => {} };
const build = (tasks = new Tasks(() => {})) =>
  new AuthoredBuild(Promise.resolve(library), join(folder, 'documents'), tasks, trustAll);

test('what a study needs is built first, and nothing else is waited for', async () => {
  const authored = build();
  const ready = await authored.of('CT');
  const query = { modality: 'CT' as const, text: 'appendicitis', findings: [] };
  const { snippets } = await retrieveEvidence(ready.indices(), query);
  expect(snippets[0]?.document).toBe('ct-appendix');
  // Nobody wrote anything on magnetic resonance, so there is nothing to wait for.
  await authored.of('MR');

  let isBuilt = false;
  const radiographs = authored.of('XR').then(() => {
    isBuilt = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isBuilt).toBe(false);
  release();
  await radiographs;
  await authored.whole;
});

test('a build that fails or is cancelled is told to whoever waits', async () => {
  const tasks = new Tasks(() => {});
  const cancelled = build(tasks);
  const waiting = cancelled.of('XR');
  await cancelled.of('CT');
  tasks.cancel('index');
  release();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  await expect(cancelled.of('XR')).rejects.toMatchObject({ code: 'cancelled' });
  await cancelled.of('CT');

  const folderIsAFile = join(folder, 'file');
  await writeFile(folderIsAFile, 'no folder');
  const failing = new AuthoredBuild(Promise.resolve(library), folderIsAFile, tasks, trustAll);
  await expect(failing.of('XR')).rejects.toBeInstanceOf(Error);
});

test('a knowledge base that is not trusted is neither built nor searched, and the library is there for the other datasets', async () => {
  release();
  await build().whole;
  const query = { modality: 'XR' as const, text: 'heart size', findings: [] };
  expect((await retrieveEvidence(library.indices(), query)).snippets.length).toBeGreaterThan(0);

  const refusal = new WetreadError('untrusted', 'One was changed.');
  const refused = new AuthoredBuild(
    Promise.resolve(library),
    join(folder, 'documents'),
    new Tasks(() => {}),
    { requireKnowledge: () => Promise.reject(refusal) },
  );
  await expect(refused.whole).rejects.toBe(refusal);
  const opened = await refused.of('XR');
  await expect(retrieveEvidence(opened.indices(), query)).rejects.toBe(refusal);
  expect(await opened.list()).toMatchObject([{ state: 'untrusted', message: 'One was changed.' }]);

  const accepted = build();
  await accepted.whole;
  expect((await retrieveEvidence(library.indices(), query)).snippets.length).toBeGreaterThan(0);
});
