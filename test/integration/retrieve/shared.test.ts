import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Library, openLibrary, searchIndex } from '../../../main/retrieve/index.js';
import { signerIn } from '../../../main/trust/index.js';
import type { Dataset } from '../../../preload/values.js';
import { fill } from './fill-dataset.js';
import { hashingEmbedder } from './hashing-embedder.js';
import { type S3Server, startS3 } from './s3-server.js';
import { report, reports } from './source-documents.js';

let folder: string;
const opened: Library[] = [];

/** A workstation of its own: one fills, the others share. */
async function open(name: string, embedder = 'hashing'): Promise<Library> {
  const { embed } = hashingEmbedder();
  const library = await openLibrary({
    ...{ folder: join(folder, name), embed, embedder },
    sign: signerIn(join(folder, `${name}-key`)),
  });
  opened.push(library);
  return library;
}

async function closeAll() {
  for (const library of opened.splice(0)) await library.dispose();
}

async function described(library: Library, id: string): Promise<Dataset | undefined> {
  return (await library.list()).find((dataset) => dataset.id === id);
}

async function found(library: Library, words: string): Promise<string[]> {
  const { documents } = await library.documents('theirs', { query: words, offset: 0, limit: 10 });
  return documents.map(({ id }) => id);
}

/** The department's dataset on one workstation, with two versions. */
async function filled(): Promise<Library> {
  const library = await open('theirs');
  await library.add({ title: 'Cases' });
  await fill(library, 'cases', reports(0, 40, { images: 1 }));
  return library;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-shared-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeAll();
  await rm(folder, { recursive: true, force: true });
});

/** What holds of every place that a copy is made of. */
async function sharesAndOutlives(
  location: string,
  goAway: () => Promise<void>,
  comeBack: () => Promise<void>,
): Promise<void> {
  const theirs = await filled();
  await theirs.publish('cases', location);

  const ours = await open('ours');
  const added = await ours.add({ title: 'Theirs', location });
  expect(added).toMatchObject({ id: 'theirs', kind: 'shared', location });
  await ours.refresh('theirs');
  expect(await described(ours, 'theirs')).toMatchObject({
    state: 'ready',
    modalities: [{ modality: 'XR', documents: 40, snippets: 120, images: 40 }],
  });
  expect(await found(ours, 'k17')).toEqual(['case-17']);
  expect([...(await ours.thumbnail('theirs', 'case-17', 0))]).toEqual([255, 216, 17, 0]);
  await expect(ours.openWriter('theirs')).rejects.toMatchObject({ code: 'not-allowed' });

  // What they change comes over, and no more than that is written: replaced, added, deleted.
  await fill(theirs, 'cases', [report(3, { edition: 2 }), report(50)]);
  await theirs.deleteDocuments('cases', ['case-5']);
  expect(await found(ours, 'k50')).toEqual([]);
  await theirs.publish('cases', location);
  await ours.refresh('theirs');
  expect(await found(ours, 'k50')).toEqual(['case-50']);
  expect(await found(ours, 'k5')).toEqual([]);
  expect((await ours.document('theirs', 'case-3')).sections[0]?.text).toContain('edition 2');
  expect(await described(ours, 'theirs')).toMatchObject({ modalities: [{ documents: 40, images: 38 }] });

  // Another dataset is not written over it.
  await theirs.add({ title: 'Other' });
  await fill(theirs, 'other', [report(1)]);
  await expect(theirs.publish('other', location)).rejects.toMatchObject({ code: 'bad-input' });

  await goAway();
  await expect(ours.refresh('theirs')).rejects.toMatchObject({ code: 'index-away' });
  const away = await described(ours, 'theirs');
  expect(away).toMatchObject({ state: 'away', modalities: [{ documents: 40 }] });
  expect(away?.message).toMatch(/cannot be reached.*The copy of \d{4}-\d\d-\d\d, \d\d:\d\d UTC is searched/);
  expect(await found(ours, 'k50')).toEqual(['case-50']);
  await expect(theirs.publish('cases', location)).rejects.toMatchObject({ code: 'index-away' });

  // Started anew while it is away: the same, told by itself.
  await closeAll();
  const again = await open('ours');
  await vi.waitFor(
    async () => expect(await described(again, 'theirs')).toMatchObject({ state: 'away' }),
    30_000,
  );
  expect(await found(again, 'k50')).toEqual(['case-50']);

  await comeBack();
  await again.refresh('theirs');
  expect(await described(again, 'theirs')).toMatchObject({ state: 'ready' });
}

describe('a dataset shared in a folder', () => {
  test('is published, copied, kept up to date, and searched while its folder is away', async () => {
    const location = join(folder, 'share', 'cases');
    await mkdir(join(folder, 'share'));
    await sharesAndOutlives(
      location,
      () => rename(join(folder, 'share'), join(folder, 'unplugged')),
      () => rename(join(folder, 'unplugged'), join(folder, 'share')),
    );
  });

  test('an empty place where it was is as away as none', async () => {
    const location = join(folder, 'share');
    const theirs = await filled();
    await theirs.publish('cases', location);
    const ours = await open('ours');
    await ours.add({ title: 'Theirs', location });
    await ours.refresh('theirs');
    await rm(location, { recursive: true });
    await mkdir(location);
    await expect(ours.refresh('theirs')).rejects.toMatchObject({ code: 'index-away' });
    expect(await described(ours, 'theirs')).toMatchObject({ state: 'away' });
    expect(await found(ours, 'k17')).toEqual(['case-17']);
    await expect(ours.add({ title: 'More', location })).rejects.toMatchObject({ code: 'index-missing' });
  });

  test('a copy that was stopped is not seen, and goes on where it was', async () => {
    const location = join(folder, 'share');
    const theirs = await filled();
    await theirs.publish('cases', location);
    const ours = await open('ours');
    await ours.add({ title: 'Theirs', location });
    await ours.refresh('theirs');
    await fill(theirs, 'cases', reports(100, 500));
    await theirs.publish('cases', location);
    const abort = new AbortController();
    const onProgress = ({ done }: { done: number }) => done >= 256 && abort.abort();
    await expect(ours.refresh('theirs', { signal: abort.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(await described(ours, 'theirs')).toMatchObject({
      state: 'ready',
      modalities: [{ documents: 40 }],
    });
    expect(await found(ours, 'k150')).toEqual([]);
    const totals: number[] = [];
    await ours.refresh('theirs', { onProgress: ({ total }) => totals.push(total) });
    expect(totals[0]).toBe(400 - 256);
    expect(await described(ours, 'theirs')).toMatchObject({ modalities: [{ documents: 440, images: 40 }] });
    expect(await found(ours, 'k150')).toEqual(['case-150']);
  });

  test('a dataset of another model pack is told, and copied once it is of the same', async () => {
    const location = join(folder, 'share');
    const theirs = await filled();
    await theirs.publish('cases', location);
    const ours = await open('ours', 'another encoder');
    await ours.add({ title: 'Theirs', location });
    await expect(ours.refresh('theirs')).rejects.toMatchObject({ code: 'index-missing' });
    expect(await described(ours, 'theirs')).toMatchObject({ state: 'outdated' });
    await expect(searchIndex(ours.index('theirs'), { query: 'lungs', modality: 'XR' })).rejects.toMatchObject(
      {
        code: 'index-missing',
      },
    );
    await closeAll();
    const same = await open('ours');
    await same.refresh('theirs');
    expect(await described(same, 'theirs')).toMatchObject({ state: 'ready' });
  });

  test('is not published where the indices themselves are, nor to a place that is none', async () => {
    const theirs = await filled();
    for (const location of [join(theirs.folder, 'cases'), 'db://server', 'http://host/x', 'relative/x', ''])
      await expect(theirs.publish('cases', location)).rejects.toMatchObject({ code: 'bad-input' });
    for (const location of ['http://host/x', 'relative/x', ''])
      await expect(theirs.add({ title: 'x', location })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(theirs.add({ title: 'x', location: join(folder, 'none') })).rejects.toMatchObject({
      code: 'index-away',
    });
    expect(await theirs.list()).toHaveLength(2);
  });
});

describe('a dataset shared in an S3 bucket', () => {
  let server: S3Server;
  const start = async () => {
    server = await startS3(join(folder, 's3'), 'department', port);
    port = Number(new URL(server.environment.AWS_ENDPOINT_URL ?? '').port);
    for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value);
  };
  let port = 0;
  beforeEach(async () => {
    port = 0;
    await start();
  });
  afterEach(() => server.stop().catch(() => {}));

  test('is published, copied, kept up to date, and searched while the server is stopped', async () => {
    await sharesAndOutlives('s3://department/radiology/cases', () => server.stop(), start);
  });

  test('can be shared by those who may only read, and says so where access is refused', async () => {
    const location = 's3://department/radiology/cases';
    const theirs = await filled();
    await theirs.publish('cases', location);
    server.setReadOnly(true);
    const ours = await open('ours');
    await ours.add({ title: 'Theirs', location });
    await ours.refresh('theirs');
    expect(await found(ours, 'k17')).toEqual(['case-17']);
    await fill(theirs, 'cases', [report(60)]);
    await expect(theirs.publish('cases', location)).rejects.toMatchObject({ code: 'index-away' });
    // Readers still have what was published before.
    await ours.refresh('theirs');
    expect(await described(ours, 'theirs')).toMatchObject({
      state: 'ready',
      modalities: [{ documents: 40 }],
    });

    vi.stubEnv('AWS_ACCESS_KEY_ID', 'wrong');
    await expect(ours.add({ title: 'More', location })).rejects.toMatchObject({
      code: 'index-away',
      message: expect.stringContaining('refuses access'),
    });
  });
});

/**
 * A double of LanceDB's server: it lists one table and answers nothing else. It stands in only for what goes wrong, away, slow and refusing; that
 * queries against a real LanceDB Enterprise are answered is not tested.
 */
describe('a dataset on a LanceDB server', () => {
  let server: Server;
  let answer: (respond: (status: number, body: string) => void) => void;
  beforeEach(async () => {
    server = createServer((_, response) =>
      answer((status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(body)),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = AddressOf.parse(server.address());
    vi.stubEnv('LANCEDB_HOST_OVERRIDE', `http://127.0.0.1:${port}`);
    vi.stubEnv('LANCEDB_API_KEY', 'sk_test');
  });
  afterEach(() => server.close());

  test('is told to be away when it does not answer in time, refuses, or is gone; the others are there', async () => {
    answer = (respond) => respond(200, JSON.stringify({ tables: ['xr_documents', 'xr_snippets'] }));
    const ours = await filled();
    const shared = { title: 'Server', location: 'db://department' };
    await expect(ours.add(shared)).rejects.toMatchObject({ code: 'untrusted' });
    expect(await ours.add({ ...shared, allowUnsigned: true })).toMatchObject({
      ...{ kind: 'shared', publisher: 'unsigned' },
    });
    const index = ours.index('server');
    expect(await index.modalities()).toEqual(['XR']);
    await expect(ours.trust('server', 'k'.repeat(43))).rejects.toMatchObject({ code: 'bad-input' });
    await expect(ours.openWriter('server')).rejects.toMatchObject({ code: 'not-allowed' });

    const read = () => index.read('XR', ({ documents }) => documents.countRows());
    answer = (respond) => respond(401, '{"error":"no"}');
    await expect(read()).rejects.toMatchObject({ code: 'index-away' });
    answer = () => {};
    const start = performance.now();
    await expect(read()).rejects.toMatchObject({ code: 'index-away' });
    // Left to itself LanceDB tries for minutes.
    expect(performance.now() - start).toBeLessThan(20_000);
    server.closeAllConnections();
    server.close();
    await expect(read()).rejects.toMatchObject({ code: 'index-away' });
    await expect(ours.refresh('server')).rejects.toMatchObject({ code: 'index-away' });
    expect(await described(ours, 'server')).toMatchObject({ state: 'away', modalities: [] });
    expect(await described(ours, 'cases')).toMatchObject({ state: 'ready' });
    await ours.remove('server');
    expect(await ours.list()).toHaveLength(2);
  });
});

const AddressOf = z.object({ port: z.number() });
