import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findingIds } from '../../../main/findings/vocabulary.js';
import { checkDocuments, readDocuments } from '../../../main/retrieve/index.js';

const folder = fileURLToPath(new URL('../../../indices', import.meta.url));

test('the built-in knowledge base is sound', async () => {
  const { documents, snippets, problems } = await checkDocuments(folder);
  expect(problems).toEqual([]);
  expect(documents).toBeGreaterThanOrEqual(60);
  expect(snippets).toBeGreaterThanOrEqual(documents * 3);
});

test('it covers every modality, and every finding of the chest radiograph', async () => {
  const { documents } = await readDocuments(folder);
  expect(new Set(documents.map(({ modality }) => modality))).toEqual(
    new Set(['XR', 'CT', 'MR', 'US', 'MG', 'NM']),
  );
  const spokenOf = new Set(
    documents
      .filter(({ modality }) => modality === 'XR')
      .flatMap(({ snippets }) => snippets.flatMap((s) => s.findings)),
  );
  expect([...findingIds].filter((id) => !spokenOf.has(id))).toEqual([]);
});
