import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Index,
  indexedCases,
  type Library,
  openLibrary,
  type SourceDocument,
  similarCases,
} from '../../../main/retrieve/index.js';
import { CaseHit } from '../../../preload/values.js';
import { embedText, hashingEmbedder } from './hashing-embedder.js';
import { report } from './source-documents.js';

let folder: string;
let library: Library;
let own: Index;
let other: Index;

async function fill(id: string, documents: SourceDocument[]): Promise<void> {
  const writer = await library.openWriter(id);
  try {
    await writer.write(documents, { vectors: true });
    await writer.finish('filled');
  } finally {
    await writer.close();
  }
}

const looksLike = (n: number) => embedText(`image 0 of case k${n}`).joint;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-cases-'));
  library = await openLibrary({
    folder: join(folder, 'indices'),
    embed: hashingEmbedder().embed,
    embedder: 'hashing',
  });
  const [first, second] = [await library.add({ title: 'First' }), await library.add({ title: 'Second' })];
  const article = { ...report(50, { images: 1 }), id: 'article', topic: 'article', present: [] };
  await fill(first.id, [
    ...Array.from({ length: 12 }, (_, n) => report(n, { images: 2 })),
    { ...report(20), present: [] },
    article,
  ]);
  await fill(second.id, [{ ...report(3, { images: 1 }), present: [], title: 'Another film 3' }]);
  [own, other] = [library.index(first.id), library.index(second.id)];
});
afterAll(async () => {
  await library.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('similar cases', () => {
  test('come most alike first, over all datasets, with their whole reports', async () => {
    const hits = await similarCases([own, other], { modality: 'XR', vectors: [looksLike(3)], limit: 4 });
    for (const hit of hits) expect(CaseHit.parse(hit)).toEqual(hit);
    expect(hits).toHaveLength(4);
    expect(
      hits
        .slice(0, 2)
        .map(({ document, dataset }) => [document, dataset])
        .sort(),
    ).toEqual(
      [
        ['case-3', own.id],
        ['case-3', other.id],
      ].sort(),
    );
    expect(hits[0]?.score).toBeCloseTo(1, 5);
    const scores = hits.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const mine = hits.find(({ dataset }) => dataset === own.id);
    expect(mine).toMatchObject({
      title: 'Chest film 3',
      findings: ['pleural_effusion'],
      images: 2,
      source: 'The department',
      sections: [
        {
          kind: 'findings',
          text: 'The lungs of case k3 are clear, edition 1. There is a small pleural effusion in case k3.',
        },
        { kind: 'impression', text: 'The heart is not enlarged.' },
      ],
    });
  });

  test('are no articles, however alike their images', async () => {
    const hits = await similarCases(own, { modality: 'XR', vectors: [looksLike(50)], limit: 5 });
    expect(hits).toHaveLength(5);
    expect(hits.map(({ document }) => document)).not.toContain('article');
  });

  test('of several images, the mean of the best counts', async () => {
    const vectors = [looksLike(5), embedText('image 1 of case k5').joint];
    const [first, second] = await similarCases(own, { modality: 'XR', vectors, limit: 2 });
    expect(first?.document).toBe('case-5');
    expect(first?.score).toBeCloseTo(1, 5);
    expect(second?.score).toBeLessThan(0.99);
  });

  test('there are none of a modality that nobody holds', async () => {
    await expect(
      similarCases(own, { modality: 'US', vectors: [looksLike(1)], limit: 5 }),
    ).rejects.toMatchObject({ code: 'index-missing' });
  });
});

describe('indexed cases', () => {
  const study = { joint: new Float32Array(256), pictures: [looksLike(7)] };

  test('are found as sentences by section, one left out by name', async () => {
    const cases = indexedCases([own, other], 'XR');
    const [first, ...rest] = await cases.nearest(study, 3);
    expect(first?.case).toEqual({
      id: `${own.id}\ncase-7`,
      findings: ['The lungs of case k7 are clear, edition 1', 'There is a small pleural effusion in case k7'],
      impression: ['The heart is not enlarged'],
      present: new Set(['pleural_effusion']),
    });
    expect(rest).toHaveLength(2);
    const without = await cases.nearest(study, 3, first?.case.id);
    expect(without).toHaveLength(3);
    expect(without.map((one) => one.case.id)).not.toContain(first?.case.id);
  });

  test('without a look at the images nothing is like anything', async () => {
    expect(await indexedCases(own, 'XR').nearest({ joint: study.joint }, 3)).toEqual([]);
  });

  test('are counted once a version: with images, no articles', async () => {
    const cases = indexedCases([own, other], 'XR');
    expect(await cases.counts()).toEqual({ cases: 13, present: new Map([['pleural_effusion', 12]]) });
    await fill(other.id, [report(30, { images: 1 })]);
    expect(await indexedCases([own, other], 'XR').counts()).toEqual({
      cases: 14,
      present: new Map([['pleural_effusion', 13]]),
    });
  });
});
