/** What is missing or damaged is told by its code, with what to do; the rest of the app goes on, and nothing is overwritten. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../../main/engine.js';
import { readers } from '../../../main/isolate/index.js';
import { AUTHORED, type Dataset, type Report } from '../../../preload/values.js';
import { articles, writeArticle } from '../retrieve/knowledge.js';
import { trustKnowledge } from './kills.js';
import { root, sampleStudy } from './real-engine.js';

const key = 'ab'.repeat(32);
let folder: string;
/** A data folder with a study, a report, a dataset of one document, and its indices built. */
let template: string;
let documents: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-damage-'));
  documents = join(folder, 'documents');
  template = join(folder, 'template');
  for (const article of articles) await writeArticle(documents, article);
  const note = join(folder, 'note.txt');
  writeFileSync(
    note,
    'FINDINGS\nThe heart is of normal size. There is a small pleural effusion on the right.\n',
  );
  await trustKnowledge(template, documents);
  const engine = await openOn({ dataFolder: template });
  await engine.ready();
  const { studies } = await engine.open([sampleStudy], 'open');
  const [study] = studies;
  if (!study) throw new Error('The sample could not be opened.');
  await engine.draft(study, { task: 'draft' });
  await engine.call('dataset.add', { title: 'Ward' });
  await engine.call('import.run', { dataset: 'ward', paths: [note], modality: 'XR', task: 'import' });
  await engine.dispose();
}, 400_000);
afterAll(async () => {
  await readers.dispose();
  rmSync(folder, { recursive: true, force: true });
});

interface Places {
  dataFolder: string;
  packsFolder?: string;
  documentsFolder?: string;
  key?: string;
}

const openOn = ({ dataFolder, ...rest }: Places) =>
  createEngine({
    ...{ dataFolder, packsFolder: join(root, 'models'), documentsFolder: documents, key, user: 'reader' },
    ...rest,
  });

let copies = 0;
/** A copy of the template to do harm to. */
function copy(): string {
  copies += 1;
  const dataFolder = join(folder, `data-${copies}`);
  cpSync(template, dataFolder, { recursive: true });
  return dataFolder;
}

/** The real pack as links, of which one file can be replaced. */
function packs(harm: (pack: string) => void): string {
  copies += 1;
  const packsFolder = join(folder, `packs-${copies}`);
  mkdirSync(join(packsFolder, 'cxr'), { recursive: true });
  const real = join(root, 'models', 'cxr');
  for (const name of readdirSync(real)) symlinkSync(join(real, name), join(packsFolder, 'cxr', name));
  harm(join(packsFolder, 'cxr'));
  return packsFolder;
}

function replaced(pack: string, name: string, harm: (file: string) => void): void {
  const file = join(pack, name);
  const content = readFileSync(file);
  rmSync(file);
  writeFileSync(file, content);
  harm(file);
}

function flipByte(file: string): void {
  const bytes = readFileSync(file);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** The worklist, an image and a stored report: what is there without a model and without indices. */
async function readsWithoutModel(engine: Engine): Promise<string> {
  const [row] = (await engine.call('study.list', {})) as { study: string }[];
  const study = row?.study ?? '';
  const { series } = (await engine.call('study.get', { study })) as {
    series: { instances: { uid: string }[] }[];
  };
  const frame = await engine.frame(study, series[0]?.instances[0]?.uid ?? '', 0);
  expect(frame.byteLength).toBeGreaterThan(100_000);
  const report = (await engine.call('report.ofStudy', { study })) as Report;
  expect(report.sentences.length).toBeGreaterThan(0);
  return study;
}

/** A manifest is first of all what is signed: one that is damaged is not trusted. */
const brokenPacks: [string, () => string, string, string][] = [
  ['no packs folder', () => join(folder, 'nowhere'), 'pack-missing', 'nowhere'],
  [
    'a graph cut short',
    () => packs((pack) => replaced(pack, 'decoder-step.onnx', (file) => truncateSync(file, 1000))),
    'pack-damaged',
    'decoder-step.onnx',
  ],
  [
    'one bit of a graph',
    () => packs((pack) => replaced(pack, 'image-encoder.onnx', flipByte)),
    'pack-damaged',
    'image-encoder.onnx',
  ],
  [
    'a graph that is gone',
    () => packs((pack) => rmSync(join(pack, 'text-encoder.onnx'))),
    'pack-damaged',
    'text-encoder.onnx',
  ],
  [
    'a manifest that is no JSON',
    () => packs((pack) => replaced(pack, 'manifest.json', (file) => writeFileSync(file, '{"id": "cxr",'))),
    'untrusted',
    'cxr',
  ],
  [
    'an empty manifest',
    () => packs((pack) => replaced(pack, 'manifest.json', (file) => truncateSync(file, 0))),
    'untrusted',
    'cxr',
  ],
];

test.each(brokenPacks)(
  '%s: no drafts, but worklist, images and reports',
  async (_name, packsFolder, code, named) => {
    const engine = await openOn({ dataFolder: copy(), packsFolder: packsFolder() });
    try {
      const study = await readsWithoutModel(engine);
      for (const drafting of [
        () => engine.call('report.draft', { study, task: 'draft' }),
        () => engine.call('pack.list', {}),
        () => engine.ready(),
      ])
        await expect(drafting()).rejects.toMatchObject({ code, message: expect.stringContaining(named) });
    } finally {
      await engine.dispose();
    }
  },
);

const brokenStores: [string, (store: string) => void, string][] = [
  ['cut short', (store) => truncateSync(store, 5000), key],
  ['of noise', (store) => writeFileSync(store, Buffer.alloc(40_000, 'noise')), key],
  ['of another key', () => {}, 'cd'.repeat(32)],
];

test.each(brokenStores)('a report store %s is refused and stays as it is', async (_name, harm, otherKey) => {
  const dataFolder = copy();
  const store = join(dataFolder, 'reports', 'store.db');
  harm(store);
  const before = hashOf(store);
  await expect(openOn({ dataFolder, key: otherKey })).rejects.toMatchObject({
    code: 'store-damaged',
    message: expect.stringContaining('store.db'),
  });
  expect(hashOf(store)).toBe(before);
});

const datasets = async (engine: Engine) => (await engine.call('dataset.list', {})) as Dataset[];
const stateOf = async (engine: Engine) => (await datasets(engine)).find(({ id }) => id === 'ward')?.state;

/** Data files of a table, of which `harm` does something to each. */
function harmTable(indices: string, table: string, harm: (file: string) => void): void {
  const data = join(indices, table, 'data');
  for (const name of readdirSync(data)) harm(join(data, name));
}

test('without its folder, the knowledge base that was built stays, and drafts go on', async () => {
  const engine = await openOn({ dataFolder: copy(), documentsFolder: join(folder, 'nowhere') });
  try {
    await engine.ready();
    const study = await readsWithoutModel(engine);
    const report = (await engine.call('report.draft', { study, task: 'draft' })) as Report;
    expect(report.sentences.length).toBeGreaterThan(0);
    const authored = (await datasets(engine)).find(({ kind }) => kind === 'authored');
    expect(authored?.modalities.find(({ modality }) => modality === 'XR')?.documents).toBe(4);
  } finally {
    await engine.dispose();
  }
});

test('a damaged table of the knowledge base is built again by itself', async () => {
  const dataFolder = copy();
  harmTable(join(dataFolder, 'indices', AUTHORED), 'xr_snippets.lance', (file) => truncateSync(file, 10));
  const engine = await openOn({ dataFolder });
  try {
    await engine.ready();
    const study = await readsWithoutModel(engine);
    const report = (await engine.call('report.draft', { study, task: 'draft' })) as Report;
    expect(report.evidence.snippets.length).toBeGreaterThan(0);
    expect((await datasets(engine)).find(({ kind }) => kind === 'authored')?.state).toBe('ready');
  } finally {
    await engine.dispose();
  }
});

test.each([
  ['deleted', (file: string) => rmSync(file)],
  ['cut short', (file: string) => truncateSync(file, 10)],
])('a dataset with a file %s is told as damaged, and drafts go on', async (_name, harm) => {
  const dataFolder = copy();
  harmTable(join(dataFolder, 'indices', 'ward'), 'xr_documents.lance', harm);
  const engine = await openOn({ dataFolder });
  try {
    await engine.ready();
    const study = await readsWithoutModel(engine);
    await engine.call('report.draft', { study, task: 'draft' });
    await expect(engine.call('dataset.refresh', { dataset: 'ward', task: 'mend' })).rejects.toMatchObject({
      code: 'index-damaged',
      message: expect.stringContaining('Ward'),
    });
    expect(await stateOf(engine)).toBe('damaged');
  } finally {
    await engine.dispose();
  }
});

test('a damaged journal of a dataset is told by its code, and the dataset can still be read', async () => {
  const dataFolder = copy();
  writeFileSync(join(dataFolder, 'indices', 'ward', 'pending.json'), '{"tables": ');
  const engine = await openOn({ dataFolder });
  try {
    await engine.ready();
    const request = { dataset: 'ward', paths: [join(folder, 'note.txt')], modality: 'XR', task: 'import' };
    await expect(engine.call('import.run', request)).rejects.toMatchObject({
      code: 'index-damaged',
      message: expect.stringContaining('pending.json'),
    });
    const page = await engine.call('dataset.documents', { dataset: 'ward', offset: 0, limit: 10 });
    expect(page).toMatchObject({ total: 1 });
  } finally {
    await engine.dispose();
  }
});

const settings: [string, string, string][] = [
  ['the list of datasets', join('indices', 'datasets.json'), '{"format": 1, "datasets": ['],
  ['an empty list of datasets', join('indices', 'datasets.json'), ''],
  ['what a dataset says of itself', join('indices', 'ward', 'dataset.json'), '{'],
  ['the list of what is trusted', 'trust.json', '{"format": 1,'],
  ['the choice of an adapter', 'adapters.json', '{"cxr": '],
  ['a note of an import', join('indices', '.imports', 'ward.0.json'), '{"dataset":'],
  ['the lock of a dataset', join('indices', 'ward', 'write.lock'), '999999999'],
];

test.each(settings)('%s, damaged, keeps nothing from working', async (_name, file, content) => {
  const dataFolder = copy();
  mkdirSync(join(dataFolder, file, '..'), { recursive: true });
  writeFileSync(join(dataFolder, file), content);
  const engine = await openOn({ dataFolder });
  try {
    await engine.ready();
    await readsWithoutModel(engine);
    expect(await engine.call('dataset.documents', { dataset: 'ward', offset: 0, limit: 10 })).toMatchObject({
      total: 1,
    });
    expect(await engine.call('pack.list', {})).toHaveLength(1);
    const paths = [join(folder, 'note.txt')];
    const again = await engine.call('import.run', { dataset: 'ward', paths, modality: 'XR', task: 'import' });
    expect(again).toMatchObject({ added: 0, unchanged: 1 });
    if (file.endsWith('datasets.json')) {
      expect(existsSync(join(dataFolder, `${file}.damaged`))).toBe(true);
      expect(readFileSync(join(dataFolder, `${file}.damaged`), 'utf8')).toBe(content);
    }
  } finally {
    await engine.dispose();
  }
});

test('a key file that is gone is asked for, and no other one is made', async () => {
  const dataFolder = copy();
  const store = join(dataFolder, 'reports', 'store.db');
  copyFileSync(store, join(folder, 'kept.db'));
  const { key: _, ...without } = { key, dataFolder };
  await expect(
    createEngine({
      ...without,
      packsFolder: join(root, 'models'),
      documentsFolder: documents,
      user: 'reader',
    }),
  ).rejects.toMatchObject({ code: 'store-damaged', message: expect.stringContaining('store.key') });
  expect(existsSync(join(dataFolder, 'reports', 'store.key'))).toBe(false);
  expect(hashOf(store)).toBe(hashOf(join(folder, 'kept.db')));
});
