import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerQuestion, buildIndex, type Library, openLibrary } from '../../../main/retrieve/index.js';
import { Answer } from '../../../preload/values.js';
import { hashingEmbedder } from './hashing-embedder.js';
import { articles, writeArticle } from './knowledge.js';
import { report } from './source-documents.js';

let folder: string;
let library: Library;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-ask-'));
  library = await openLibrary({
    folder: join(folder, 'indices'),
    embed: hashingEmbedder().embed,
    embedder: 'hashing',
  });
  for (const article of articles) await writeArticle(join(folder, 'documents'), article);
  await buildIndex(library.index('wetread'), join(folder, 'documents'));
  const { id } = await library.add({ title: 'Our films' });
  const writer = await library.openWriter(id);
  await writer.write([report(1), report(2)], { vectors: true });
  await writer.finish('filled');
  await writer.close();
});
afterAll(async () => {
  await library.dispose();
  await rm(folder, { recursive: true, force: true });
});

const ask = (question: string) => answerQuestion(library.indices(), { question, modality: 'XR' });

describe('a question to the indices', () => {
  test('is answered word for word, with where it stands and what answers', async () => {
    const answer = await ask('How many millilitres of pleural fluid are needed on the frontal view?');
    expect(Answer.parse(answer)).toEqual(answer);
    const [first] = answer.snippets;
    expect(first).toMatchObject({
      id: 'xr-effusion#1',
      dataset: 'wetread',
      source: 'Wetread: made up for a test (2026)',
      licence: 'Apache-2.0',
    });
    const cued = first?.cues.map(([from, to]) => first.text.slice(from, to)).join(' ');
    expect(cued).toContain('pleural effusion');
  });

  test('is not answered with what does not speak of it', async () => {
    for (const question of [
      'Which drug treats kyphosis?',
      'What is the capital of France?',
      'How is a scaphoid fracture operated on?',
      'What is it?',
      '',
    ])
      expect((await ask(question)).snippets, question).toEqual([]);
  });

  test('on the patient at hand has no answer, however near an article is', async () => {
    for (const question of [
      'Is there a pleural effusion?',
      'Is his heart enlarged?',
      'Where is the fracture?',
    ])
      expect(await ask(question), question).toMatchObject({ snippets: [], problems: [] });
  });

  test("is never answered from another patient's report", async () => {
    const { snippets } = await ask('What does a small pleural effusion in a case look like?');
    expect(snippets.map(({ dataset }) => dataset)).not.toContain('our-films');
  });

  test('finds nothing in nothing', async () => {
    expect(await answerQuestion([], { question: 'What is kyphosis?', modality: 'XR' })).toMatchObject({
      snippets: [],
    });
  });
});
