import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  buildIndex,
  type EvidenceQuery,
  type Index,
  indexSettings,
  openIndex,
  retrieveEvidence,
  searchIndex,
} from '../../../main/retrieve/index.js';
import { Evidence } from '../../../preload/values.js';
import { embedText, hashingEmbedder } from './hashing-embedder.js';
import { articles, manyArticles, writeArticle } from './knowledge.js';

let folder: string;
let index: Index;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-retrieve-'));
  for (const article of articles) await writeArticle(join(folder, 'documents'), article);
  await writeArticle(join(folder, 'documents'), {
    id: 'xr-twin',
    title: 'Pleural effusion again',
    findings: ['pleural_effusion'],
    said: ['Pleural effusion forms a meniscus that climbs the lateral chest wall on the upright film.'],
  });
  index = await openIndex(join(folder, 'index'), hashingEmbedder().embed, { embedder: 'hashing' });
  await buildIndex(index, join(folder, 'documents'));
});
afterAll(async () => {
  await index.dispose();
  await rm(folder, { recursive: true, force: true });
});

const ask = (query: Partial<EvidenceQuery>) =>
  retrieveEvidence(index, { modality: 'XR', text: '', findings: [], ...query });
const ids = (of: { id: string }[]) => of.map(({ id }) => id);

describe('retrieveEvidence', () => {
  test('finds the documents, then the snippets inside them, with their provenance and scores', async () => {
    const evidence = await ask({ text: 'portable film and size of the heart, cardiomegaly' });
    expect(Evidence.parse(evidence)).toEqual(evidence);
    expect(evidence.documents[0]).toMatchObject({ id: 'xr-heart', title: 'Cardiomegaly' });
    expect(evidence.snippets[0]).toMatchObject({
      id: 'xr-heart#1',
      document: 'xr-heart',
      title: 'Cardiomegaly',
      kind: 'appearance',
      source: 'Wetread: made up for a test (2026)',
      licence: 'Apache-2.0',
      version: '2026-11-21.1',
    });
    const { score, scores } = evidence.snippets[0] ?? {};
    expect(score).toBeGreaterThan(0.5);
    expect(scores?.text).toBeGreaterThan(0.3);
    expect(scores?.bm25).toBeGreaterThan(1);
    expect(scores?.image).toBeUndefined();
    const documents = new Set(ids(evidence.documents));
    expect(evidence.snippets.every(({ document }) => documents.has(document))).toBe(true);
    const ranks = evidence.snippets.map((snippet) => snippet.score);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    expect(Math.max(...ranks)).toBeLessThanOrEqual(1);
  });

  test('gives every queried finding a snippet, even one that the words do not lead to, and over the limit', async () => {
    const evidence = await ask({
      text: 'cardiothoracic ratio of the heart',
      findings: ['cardiomegaly', 'kyphosis', 'pleural_effusion'],
      limit: 1,
    });
    const documents = evidence.snippets.map(({ document }) => document);
    expect(documents).toEqual(expect.arrayContaining(['xr-heart', 'xr-spine']));
    expect(documents.some((id) => id === 'xr-effusion' || id === 'xr-twin')).toBe(true);
    expect(evidence.snippets).toHaveLength(3);
    expect(ids(evidence.documents)).toContain('xr-spine');
  });

  test('a finding without any snippet is no error', async () => {
    const evidence = await ask({ text: 'kyphosis', findings: ['hiatal_hernia'] });
    expect(evidence.snippets[0]?.document).toBe('xr-spine');
  });

  test('the image vector leads to documents that the words do not', async () => {
    const { joint } = embedText('scaphoid fracture snuffbox splinting films');
    const without = await ask({ text: 'cardiomegaly' });
    expect(ids(without.documents)[0]).toBe('xr-heart');
    const only = await ask({ text: 'cardiomegaly', joint, parts: { text: false, bm25: false } });
    expect(only.documents[0]?.id).toBe('xr-hand');
    expect(only.documents[0]?.scores.image).toBeGreaterThan(0.3);
    const fused = await ask({ text: 'cardiomegaly', joint });
    expect(fused.documents.find(({ id }) => id === 'xr-hand')?.scores.image).toBeGreaterThan(0.3);
  });

  test('takes an empty image vector for none, and refuses one of another width', async () => {
    const without = await ask({ text: 'cardiomegaly' });
    expect(await ask({ text: 'cardiomegaly', joint: new Float32Array(0) })).toEqual(without);
    await expect(ask({ text: 'cardiomegaly', joint: new Float32Array(7) })).rejects.toMatchObject({
      code: 'bad-input',
    });
  });

  test('each part can be switched off', async () => {
    const text = 'pleural effusion meniscus';
    const { joint } = embedText(text);
    for (const [part, way] of [
      ['text', 'text'],
      ['image', 'image'],
      ['bm25', 'bm25'],
    ] as const) {
      const { snippets } = await ask({ text, joint, parts: { [part]: false } });
      expect(snippets[0]?.document).toMatch(/xr-(effusion|twin)/);
      expect(snippets.every(({ scores }) => scores[way] === undefined)).toBe(true);
    }
    await expect(
      ask({ text, parts: { text: false, image: false, picture: false, bm25: false } }),
    ).rejects.toMatchObject({
      code: 'bad-input',
    });
    const cut = await ask({ text });
    const uncut = await ask({ text, parts: { adaptive: false } });
    expect(cut.snippets.length).toBeLessThan(uncut.snippets.length);
    const limited = await ask({ text, limit: 3, parts: { adaptive: false, hierarchical: false } });
    expect(limited.snippets).toHaveLength(3);
  });

  test('says nothing twice', async () => {
    const { snippets } = await ask({ text: 'pleural effusion meniscus climbs the lateral chest wall' });
    const repeated = snippets.filter(({ text }) => text.includes('meniscus that climbs'));
    expect(repeated).toHaveLength(1);
  });

  test('counts another body region less', async () => {
    const text = 'repeat films of kyphosis and scaphoid fracture';
    const hand = await ask({ text, bodyRegion: 'HAND' });
    const chest = await ask({ text, bodyRegion: 'CHEST' });
    const scoreOfHand = (evidence: Evidence) =>
      evidence.documents.find(({ id }) => id === 'xr-hand')?.score ?? 0;
    expect(scoreOfHand(hand)).toBeGreaterThan(scoreOfHand(chest));
    expect(scoreOfHand(chest)).toBeGreaterThan(0);
  });

  test('an empty question is answered with nothing, findings alone with their snippets', async () => {
    expect(await ask({})).toMatchObject({ documents: [], snippets: [] });
    const { query, snippets } = await ask({ findings: ['kyphosis'] });
    expect(query).toBe('kyphosis');
    expect(snippets[0]?.document).toBe('xr-spine');
  });

  test('takes any text: quotes, query syntax, other scripts, very long', async () => {
    for (const text of [
      `it's "quoted" AND (NOT) -x *:* {}`,
      "'; DROP TABLE xr_snippets; --",
      '胸水 é ü',
      ' \n ',
      '!?',
    ])
      await expect(ask({ text, findings: ["o'clock"] })).resolves.toBeDefined();
    const long = await ask({ text: `pleural effusion ${'and of the '.repeat(2000)}` });
    expect(long.snippets[0]?.document).toMatch(/xr-(effusion|twin)/);
  });

  test('is the same each time', async () => {
    const query = {
      text: 'effusion and cardiomegaly',
      findings: ['kyphosis'],
      joint: embedText('heart').joint,
    };
    expect(await ask(query)).toEqual(await ask(query));
  });

  test('can be cancelled', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(
      retrieveEvidence(index, { modality: 'XR', text: 'heart', findings: [] }, { signal: abort.signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});

test('searchIndex searches one modality by free text', async () => {
  const found = await searchIndex(index, { query: 'appendix fat stranding', modality: 'CT' });
  expect(ids(found.snippets)).toEqual(['ct-appendix#0']);
  const other = await searchIndex(index, { query: 'appendix fat stranding', modality: 'XR' });
  expect(other.snippets.every(({ modality }) => modality === 'XR')).toBe(true);
});

test('a table past the threshold gets vector indices, and still finds the same', async () => {
  const documents = join(folder, 'many');
  for (const article of manyArticles(32)) await writeArticle(documents, article);
  const settings = { ...indexSettings, vectorIndexFromRows: 300 };
  const large = await openIndex(join(folder, 'large'), hashingEmbedder().embed, {
    embedder: 'hashing',
    settings,
  });
  try {
    await buildIndex(large, documents);
    const indices = await large.read('XR', ({ snippets }) => snippets.listIndices());
    expect(
      indices
        .filter(({ indexType }) => indexType === 'IvfRq')
        .map(({ columns }) => columns[0])
        .sort(),
    ).toEqual(['joint', 'semantic']);
    for (const [a, s] of [
      [3, 4],
      [17, 9],
      [31, 0],
    ]) {
      const text = `statement q${a}x${s} of many`;
      const { snippets } = await retrieveEvidence(large, {
        modality: 'XR',
        text,
        findings: [],
        parts: { hierarchical: false, bm25: false },
      });
      expect(snippets[0]?.id).toBe(`xr-many-${a}#${s}`);
    }
  } finally {
    await large.dispose();
  }
});

test('a closed index refuses', async () => {
  const closed = await openIndex(join(folder, 'index'), hashingEmbedder().embed, { embedder: 'hashing' });
  await closed.dispose();
  await expect(searchIndex(closed, { query: 'heart', modality: 'XR' })).rejects.toMatchObject({
    code: 'cancelled',
  });
});
