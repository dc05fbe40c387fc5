import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WetreadError } from '../../../main/error.js';
import {
  buildIndex,
  type EvidenceQuery,
  type Library,
  openLibrary,
  retrieveEvidence,
  type SourceDocument,
  searchIndex,
} from '../../../main/retrieve/index.js';
import { Index } from '../../../main/retrieve/store/index-store.js';
import { Evidence, type SearchFilters } from '../../../preload/values.js';
import { embedText, hashingEmbedder } from './hashing-embedder.js';
import { articles, writeArticle } from './knowledge.js';
import { report } from './source-documents.js';

let folder: string;
let library: Library;
let authored: Index;
let own: Index;
let other: Index;

async function fill(
  id: string,
  documents: SourceDocument[],
  { vectors = true }: { vectors?: boolean } = {},
): Promise<Index> {
  const writer = await library.openWriter(id);
  try {
    await writer.write(documents, { vectors });
    await writer.finish('filled');
  } finally {
    await writer.close();
  }
  return library.index(id);
}

/** A report whose first sentence is `text`. */
function said(n: number, text: string, change: Partial<SourceDocument> = {}): SourceDocument {
  const base = report(n, { images: 1 });
  const [first, ...rest] = base.snippets;
  return {
    ...base,
    ageYears: undefined,
    sex: undefined,
    ...change,
    snippets: first ? [{ ...first, text }, ...rest] : [],
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-federated-'));
  library = await openLibrary({
    folder: join(folder, 'indices'),
    embed: hashingEmbedder().embed,
    embedder: 'hashing',
  });
  authored = library.index('wetread');
  for (const article of articles) await writeArticle(join(folder, 'documents'), article);
  await buildIndex(authored, join(folder, 'documents'));
  const { id } = await library.add({ title: 'Our films' });
  own = await fill(id, [
    said(1, 'A calcified button lies in the stomach of the child.', { sex: 'M', ageYears: 4 }),
    said(2, 'A swallowed coin lies in the esophagus.', { sex: 'F', ageYears: 40 }),
    said(3, 'A swallowed magnet lies in the bowel.'),
  ]);
  const second = await library.add({ title: 'The other house' });
  // The same id as in the first dataset, another text.
  other = await fill(second.id, [said(1, 'A broken tooth lies in the right main bronchus.')]);
});
afterAll(async () => {
  await library.dispose();
  await rm(folder, { recursive: true, force: true });
});

const ask = (indices: Index | Index[], query: Partial<EvidenceQuery>) =>
  retrieveEvidence(indices, { modality: 'XR', text: '', findings: [], ...query });

describe('several indices', () => {
  test('are asked as one: the best of each, with its dataset', async () => {
    const evidence = await ask([authored, own, other], {
      text: 'broken tooth in the bronchus, calcified button in the stomach, meniscus of pleural effusion',
    });
    expect(Evidence.parse(evidence)).toEqual(evidence);
    expect(new Set(evidence.snippets.map(({ dataset }) => dataset))).toEqual(
      new Set(['wetread', own.id, other.id]),
    );
    const scores = evidence.snippets.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(evidence.problems).toEqual([]);
  });

  test('keep rows of the same id apart', async () => {
    const evidence = await ask([own, other], { text: 'tooth bronchus button stomach' });
    const firsts = evidence.snippets.filter(({ id }) => id === 'case-1#0');
    expect(firsts.map(({ dataset, text }) => [dataset, text.split(' ')[1]]).sort()).toEqual(
      [
        [own.id, 'calcified'],
        [other.id, 'broken'],
      ].sort(),
    );
    const [tooth] = (await ask([own, other], { text: 'broken tooth main bronchus' })).snippets;
    expect(tooth).toMatchObject({ dataset: other.id, text: expect.stringContaining('tooth') });
  });

  test('find the same as one where the others hold nothing of it', async () => {
    const alone = await ask(authored, { text: 'scaphoid fracture' });
    const among = await ask([authored, own], { text: 'scaphoid fracture' });
    expect(among.documents[0]).toMatchObject({ id: 'xr-hand', dataset: 'wetread' });
    expect(among.snippets[0]?.id).toBe(alone.snippets[0]?.id);
  });

  test('one that fails costs only itself, one without the modality is no problem, all failing throws', async () => {
    const away = awayIndex();
    const evidence = await ask([away, authored], { text: 'scaphoid fracture' });
    expect(evidence.snippets[0]?.document).toBe('xr-hand');
    expect(evidence.problems).toEqual([
      { file: 'A far house', code: 'index-away', message: expect.stringContaining('far') },
    ]);
    await expect(ask([away], { text: 'x' })).rejects.toMatchObject({ code: 'index-away' });
    const ct = await ask([own, authored], { text: 'appendix', modality: 'CT' });
    expect(ct.problems).toEqual([]);
    expect(ct.snippets[0]?.document).toBe('ct-appendix');
    await expect(ask(own, { text: 'appendix', modality: 'CT' })).rejects.toMatchObject({
      code: 'index-missing',
    });
  });

  test('only those of the wanted datasets are asked', async () => {
    const { snippets } = await ask([authored, own, other], {
      text: 'tooth button effusion',
      filters: { datasets: [other.id] },
    });
    expect(new Set(snippets.map(({ dataset }) => dataset))).toEqual(new Set([other.id]));
    expect(await ask([authored], { text: 'tooth', filters: { datasets: ['gone'] } })).toMatchObject({
      documents: [],
      snippets: [],
    });
  });
});

/** An index at a place that does not answer. */
function awayIndex(): Index {
  return new (class extends Index {
    override async read(): Promise<never> {
      throw new WetreadError('index-away', 'A far house cannot be reached.');
    }
  })({ ...authored, id: 'far', title: 'A far house' });
}

test('what was imported without vectors is compared by meaning once its words are found', async () => {
  const { id } = await library.add({ title: 'Words only' });
  const words = await fill(id, [said(9, 'A swallowed thermometer lies in the stomach.')], { vectors: false });
  const { documents, snippets } = await searchIndex([authored, own, words], {
    query: 'swallowed thermometer in the stomach',
    modality: 'XR',
  });
  expect(documents[0]).toMatchObject({ dataset: id });
  expect(snippets[0]?.text).toContain('thermometer');
  expect(snippets[0]?.scores.text).toBeGreaterThan(0.3);
  await library.remove(id);
});

describe('filters', () => {
  const found = async (filters: SearchFilters, query = 'swallowed coin magnet button kyphosis effusion') => {
    const { snippets } = await searchIndex([authored, own], { query, modality: 'XR', filters });
    return new Set(snippets.map(({ document }) => document));
  };

  test('sex and age leave out who is of another, and keep what does not say', async () => {
    const women = await found({ sex: 'F' });
    expect(women).toContain('case-2');
    expect(women).toContain('case-3');
    expect(women).not.toContain('case-1');
    const children = await found({ ageYears: [0, 17] });
    expect(children).toContain('case-1');
    expect(children).toContain('case-3');
    expect(children).not.toContain('case-2');
  });

  test('a kind keeps articles and reports apart', async () => {
    expect([...(await found({ kind: 'reports' }))].every((id) => id.startsWith('case-'))).toBe(true);
    expect([...(await found({ kind: 'articles' }))].every((id) => id.startsWith('xr-'))).toBe(true);
  });

  test('an article on a finding is no report whose history names it', async () => {
    const { id } = await library.add({ title: 'Histories' });
    const report = said(7, 'Kyphosis has been known since childhood.');
    const [first, ...rest] = report.snippets;
    if (!first) throw new Error('A report says something.');
    const history = { kind: 'history', text: first.text, findings: ['kyphosis'] };
    const histories = await fill(id, [{ ...report, snippets: [history, ...rest] }]);
    for (const hierarchical of [true, false]) {
      const question = { modality: 'XR', text: 'kyphosis', findings: ['kyphosis'] } as const;
      const asked = async (kind: 'articles' | 'reports') =>
        await retrieveEvidence(histories, {
          ...question,
          findings: ['kyphosis'],
          filters: { kind },
          parts: { hierarchical },
        });
      expect((await asked('articles')).snippets).toEqual([]);
      expect((await asked('reports')).snippets.map(({ text }) => text)).toContain(history.text);
    }
    await library.remove(id);
  });

  test('a finding must be named, a polarity must not be another', async () => {
    const { snippets } = await searchIndex([authored, own], {
      query: 'effusion',
      modality: 'XR',
      filters: { finding: 'pleural_effusion', polarity: 'present' },
    });
    expect(snippets.length).toBeGreaterThan(1);
    for (const snippet of snippets) {
      expect(snippet.findings).toContain('pleural_effusion');
      expect(snippet.polarity ?? 'present').toBe('present');
    }
    expect(
      (
        await searchIndex(own, {
          query: 'effusion',
          modality: 'XR',
          filters: { finding: 'pleural_effusion', polarity: 'absent' },
        })
      ).snippets,
    ).toEqual([]);
  });

  test('a view keeps what says no view', async () => {
    expect(await found({ view: 'lateral' })).not.toContain('case-2');
    expect(await found({ view: 'lateral' })).toContain('xr-spine');
    expect(await found({ view: 'frontal' })).toContain('case-2');
  });

  test('a body region, quotes in a value', async () => {
    expect(await found({ bodyRegion: 'msk' }, 'scaphoid fracture button')).toEqual(new Set(['xr-hand']));
    expect(await found({ bodyRegion: "'; DROP TABLE xr_documents; --" })).toEqual(new Set());
    expect(await found({ finding: "o'clock' OR 1=1 --" })).toEqual(new Set());
  });
});

test('the likeness of images finds documents that no word leads to', async () => {
  const { joint } = embedText('image 0 of case k2');
  const { documents } = await ask([authored, own], {
    text: 'kyphosis',
    pictures: [joint],
  });
  const hit = documents.find(({ id }) => id === 'case-2');
  expect(hit?.scores.picture).toBeCloseTo(1, 5);
  const without = await ask([authored, own], {
    text: 'kyphosis',
    pictures: [joint],
    parts: { picture: false },
  });
  expect(without.documents.every(({ scores }) => scores.picture === undefined)).toBe(true);
});
