import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readQuestions } from '../../../main/evaluate/retrieval/questions.js';
import { readDocuments } from '../../../main/retrieve/index.js';

const questions = await readQuestions();

it('asks enough of both kinds, in all modalities, each once', () => {
  const answerable = questions.filter(({ documents }) => documents.length > 0);
  expect(answerable.length).toBeGreaterThanOrEqual(120);
  expect(questions.length - answerable.length).toBeGreaterThanOrEqual(40);
  expect(new Set(answerable.map(({ modality }) => modality)).size).toBe(6);
  expect(new Set(questions.map(({ question }) => question)).size).toBe(questions.length);
  expect(questions.filter(({ documents, why }) => (documents.length === 0) !== (why !== undefined))).toEqual(
    [],
  );
});

it('expects documents that are there, and that say what is asked', async () => {
  const { documents, problems } = await readDocuments(join(import.meta.dirname, '../../../indices'));
  expect(problems).toEqual([]);
  const texts = new Map(
    documents.map(({ id, snippets }) => [id, snippets.map(({ text }) => text).join('\n')]),
  );
  for (const { question, documents: expected, says } of questions) {
    for (const id of expected) expect(texts.has(id), `${question}: ${id}`).toBe(true);
    if (expected.length === 0) continue;
    const said = expected.some((id) => new RegExp(says ?? '$^', 'i').test(texts.get(id) ?? ''));
    expect(said, question).toBe(true);
  }
});
