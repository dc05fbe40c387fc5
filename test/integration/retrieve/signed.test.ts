/** Shared datasets against who can write where they lie: readers take what the publisher signed, and nothing else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Connection } from '@lancedb/lancedb';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { toWetreadError } from '../../../main/error.js';
import { type Library, openLibrary } from '../../../main/retrieve/index.js';
import { connectLocation } from '../../../main/retrieve/store/location.js';
import { addSignature } from '../../../main/retrieve/store/signatures.js';
import { type Sign, signerIn } from '../../../main/trust/index.js';
import { AUTHORED, type Dataset } from '../../../preload/values.js';
import { fill } from './fill-dataset.js';
import { hashingEmbedder } from './hashing-embedder.js';
import { startS3 } from './s3-server.js';
import { report, reports } from './source-documents.js';

let folder: string;
let location: string;
const opened: Library[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-signed-'));
  location = join(folder, 'share');
});
afterEach(async () => {
  await closeAll();
  await rm(folder, { recursive: true, force: true });
});

/** A workstation, with a key of its own unless another one's is given. */
async function open(name: string, sign: Sign = signerIn(join(folder, `${name}-key`))): Promise<Library> {
  const { embed } = hashingEmbedder();
  const library = await openLibrary({ folder: join(folder, name), embed, embedder: 'hashing', sign });
  opened.push(library);
  return library;
}

async function closeAll() {
  for (const library of opened.splice(0)) await library.dispose();
}

/** The publisher's workstation with a dataset of ten cases, shared. */
async function published(): Promise<Library> {
  const theirs = await open('publisher');
  await theirs.add({ title: 'Cases' });
  await fill(theirs, 'cases', reports(0, 10, { images: 1 }));
  await theirs.publish('cases', location);
  return theirs;
}

/** A reader's workstation that has copied it. */
async function reading(): Promise<Library> {
  const ours = await open('reader');
  await ours.add({ title: 'Theirs', location });
  await ours.refresh('theirs');
  return ours;
}

async function described(library: Library): Promise<Dataset> {
  const found = (await library.list()).find(({ id }) => id === 'theirs');
  if (found === undefined) throw new Error('The reader has forgotten the dataset.');
  return found;
}

async function found(library: Library, words: string): Promise<string[]> {
  const { documents } = await library.documents('theirs', { query: words, offset: 0, limit: 10 });
  return documents.map(({ id }) => id);
}

const VersionRow = z.object({
  ...{ dataset: z.string(), version: z.number(), at: z.string(), note: z.string() },
  ...{ documents: z.number(), snippets: z.number(), tables: z.string() },
});

async function atLocation<T>(work: (connection: Connection) => Promise<T>, place = location): Promise<T> {
  const connection = await connectLocation(place);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

async function newestVersion(connection: Connection): Promise<z.infer<typeof VersionRow>> {
  const table = await connection.openTable('versions');
  const rows = (await table.query().toArray()).map((row) => VersionRow.parse({ ...row }));
  const [newest] = rows.sort((a, b) => b.version - a.version);
  if (newest === undefined) throw new Error('Nothing was published.');
  return newest;
}

/** What an attacker does who can write to the location: changes rows, and has the newest version name the tables as they are now. */
async function tamper(
  change: (connection: Connection) => Promise<unknown>,
  row: Partial<z.infer<typeof VersionRow>> = {},
): Promise<void> {
  await atLocation(async (connection) => {
    await change(connection);
    const newest = await newestVersion(connection);
    const tables: Record<string, number> = {};
    for (const name of Object.keys(JSON.parse(newest.tables)))
      tables[name] = await (await connection.openTable(name)).version();
    const versions = await connection.openTable('versions');
    await versions.delete(`version = ${newest.version}`);
    await versions.add([{ ...newest, tables: JSON.stringify(tables), ...row }]);
  });
}

const changes: Record<string, (connection: Connection) => Promise<unknown>> = {
  'a word of a snippet was changed': async (connection) =>
    (await connection.openTable('xr_snippets')).update({
      where: "id = 'case-11#1'",
      values: { text: 'There is no pleural effusion in case k11.' },
    }),
  'the title of a document was changed': async (connection) =>
    (await connection.openTable('xr_documents')).update({
      where: "id = 'case-11'",
      values: { title: 'Changed' },
    }),
  'a snippet was taken away': async (connection) =>
    (await connection.openTable('xr_snippets')).delete("id = 'case-11#0'"),
  'a document was taken away': async (connection) =>
    (await connection.openTable('xr_documents')).delete("id = 'case-3'"),
  'a picture was taken away': async (connection) =>
    (await connection.openTable('xr_images')).delete("id = 'case-11#0'"),
  'a document was put in twice': async (connection) => {
    const table = await connection.openTable('xr_documents');
    await table.add(await table.query().where("id = 'case-11'").toArrow());
  },
};

describe('a signed dataset', () => {
  test('is read by the key that signed it first, whose fingerprint both sides see', async () => {
    const theirs = await open('publisher');
    await theirs.add({ title: 'Cases' });
    await fill(theirs, 'cases', reports(0, 10));
    const key = await theirs.publish('cases', location);
    expect(key.fingerprint).toMatch(/^([0-9a-f]{4} ){9}[0-9a-f]{4}$/);
    // Again, with nothing changed: no other version, and no other signature.
    expect(await theirs.publish('cases', location)).toEqual(key);
    await atLocation(async (connection) => {
      expect((await newestVersion(connection)).version).toBe(1);
      expect(await (await connection.openTable('signatures')).countRows()).toBe(1);
    });

    const ours = await open('reader');
    expect(await ours.add({ title: 'Theirs', location })).toMatchObject({ publisher: key });
    await ours.refresh('theirs');
    expect(await described(ours)).toMatchObject({ state: 'ready', publisher: key });
    expect((await described(ours)).offered).toBeUndefined();
    await fill(theirs, 'cases', [report(11)]);
    await theirs.publish('cases', location);
    await ours.refresh('theirs');
    expect(await found(ours, 'k11')).toEqual(['case-11']);

    await closeAll();
    expect(await described(await open('reader'))).toMatchObject({ publisher: key });
  });

  test.each(Object.entries(changes))(
    'is refused where %s; the copy before is searched',
    async (_, change) => {
      const theirs = await published();
      const ours = await reading();
      await fill(theirs, 'cases', [report(11, { images: 1 })]);
      await theirs.publish('cases', location);
      await tamper(change);

      const refusal = {
        code: 'untrusted',
        message: expect.stringContaining('not what its publisher signed'),
      };
      await expect(ours.refresh('theirs')).rejects.toMatchObject(refusal);
      const state = await described(ours);
      expect(state).toMatchObject({ state: 'untrusted', modalities: [{ documents: 10, images: 10 }] });
      expect(state.message).toMatch(/The copy of .* is searched/);
      // Nothing of it can be accepted: nobody vouches for it.
      expect(state.offered).toBeUndefined();
      expect(await found(ours, 'k11')).toEqual([]);
      expect(await found(ours, 'k3')).toEqual(['case-3']);

      // Who adds it now gets nothing, after a start neither.
      const others = await open('others');
      await others.add({ title: 'Theirs', location });
      await expect(others.refresh('theirs')).rejects.toMatchObject(refusal);
      await expect(found(others, 'k3')).rejects.toMatchObject({ code: 'untrusted' });
      await others.dispose();
      const again = await open('others');
      await expect(found(again, 'k3')).rejects.toMatchObject({
        code: expect.stringMatching(/away|untrusted/),
      });

      // Shared again, what lies there is put right, though the publisher has changed nothing.
      await theirs.publish('cases', location);
      for (const library of [ours, again]) {
        await library.refresh('theirs');
        expect(await described(library)).toMatchObject({ state: 'ready', modalities: [{ documents: 11 }] });
        expect((await library.document('theirs', 'case-11')).title).toBe('Chest film 11');
        expect(await found(library, 'k11')).toEqual(['case-11']);
      }
    },
  );

  test('that another key signs is refused until an administrator trusts that one', async () => {
    const theirs = await published();
    const ours = await reading();
    const before = (await described(ours)).publisher;
    await theirs.dispose();
    const other = await open('publisher', signerIn(join(folder, 'other-key')));
    await fill(other, 'cases', [report(11)]);
    const key = await other.publish('cases', location);

    await expect(ours.refresh('theirs')).rejects.toMatchObject({
      code: 'untrusted',
      message: expect.stringContaining(key.fingerprint),
    });
    expect(await described(ours)).toMatchObject({ state: 'untrusted', publisher: before, offered: key });
    expect(await found(ours, 'k11')).toEqual([]);
    expect(await found(ours, 'k3')).toEqual(['case-3']);
    await expect(ours.trust('theirs', 'no key')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(ours.trust(AUTHORED, key.key)).rejects.toMatchObject({ code: 'wrong-state' });

    expect((await ours.trust('theirs', key.key)).offered).toBeUndefined();
    await ours.refresh('theirs');
    const after = await described(ours);
    expect(after).toMatchObject({ state: 'ready', publisher: key });
    expect(after.offered).toBeUndefined();
    expect(await found(ours, 'k11')).toEqual(['case-11']);
    // The decision outlives the process, and the key before is not trusted any more.
    await closeAll();
    const again = await open('reader');
    expect(await described(again)).toMatchObject({ publisher: key });
    const former = await open('publisher');
    await fill(former, 'cases', [report(12)]);
    await former.publish('cases', location);
    await expect(again.refresh('theirs')).rejects.toMatchObject({ code: 'untrusted' });
  });

  test('is trusted, and forgotten, in every process on the same data folder', async () => {
    const theirs = await published();
    await theirs.add({ title: 'Theirs', location });
    await theirs.refresh('theirs');
    const command = await open('publisher');
    const { key } = await signerIn(join(folder, 'other-key'))(Buffer.from(''));
    await command.trust('theirs', key);
    expect(await described(theirs)).toMatchObject({ publisher: { key } });
    await expect(theirs.refresh('theirs')).rejects.toMatchObject({ code: 'untrusted' });
    // Though it is the same dataset as their own, which stays.
    await command.remove('theirs');
    expect((await theirs.list()).map(({ id }) => id)).toEqual([AUTHORED, 'cases']);
  });

  test('is not held to the key before where another one is trusted while it is copied', async () => {
    const theirs = await published();
    const ours = await reading();
    const { key } = await signerIn(join(folder, 'other-key'))(Buffer.from(''));
    await fill(theirs, 'cases', [report(11)]);
    await theirs.publish('cases', location);
    let decided: Promise<unknown> | undefined;
    const onProgress = () => {
      decided ??= ours.trust('theirs', key);
    };
    const code = await ours.refresh('theirs', { onProgress }).then(
      () => 'copied',
      (thrown) => toWetreadError(thrown).code,
    );
    await decided;
    // Where the copy was the faster of the two, it was still trusted; the decision stands either way.
    expect(['untrusted', 'copied']).toContain(code);
    expect(await found(ours, 'k11')).toEqual(code === 'copied' ? ['case-11'] : []);
    expect(await described(ours)).toMatchObject({ publisher: { key } });
    await expect(ours.refresh('theirs')).rejects.toMatchObject({ code: 'untrusted' });
  });

  test('is not taken back to an older version that was signed as well', async () => {
    const theirs = await published();
    await cp(location, join(folder, 'version-1'), { recursive: true });
    const ours = await reading();
    await fill(theirs, 'cases', [report(11)]);
    await theirs.publish('cases', location);
    await ours.refresh('theirs');
    await rm(location, { recursive: true });
    await cp(join(folder, 'version-1'), location, { recursive: true });

    await expect(ours.refresh('theirs')).rejects.toMatchObject({
      code: 'untrusted',
      message: expect.stringContaining('older'),
    });
    expect(await described(ours)).toMatchObject({ state: 'untrusted', modalities: [{ documents: 11 }] });
    expect(await found(ours, 'k11')).toEqual(['case-11']);
    // Not by giving the old rows a new number or time either.
    await tamper(async () => {}, { version: 9, at: '2099-01-01T00:00:00.000Z' });
    await expect(ours.refresh('theirs')).rejects.toMatchObject({ code: 'untrusted' });
    expect(await found(ours, 'k11')).toEqual(['case-11']);

    // Its publisher may go back, and empty the place: what they sign later is newer, whatever its number.
    await theirs.rollback('cases', 1);
    await rm(location, { recursive: true });
    await theirs.publish('cases', location);
    await ours.refresh('theirs');
    expect(await described(ours)).toMatchObject({ state: 'ready', modalities: [{ documents: 10 }] });
  });

  test('whose tables have other columns is refused', async () => {
    const theirs = await published();
    const ours = await reading();
    await fill(theirs, 'cases', [report(11)]);
    await theirs.publish('cases', location);
    await tamper(async (connection) => {
      const table = await connection.openTable('xr_snippets');
      await table.addColumns([{ name: 'more', valueSql: "'orders'" }]);
      await table.dropColumns(['polarity']);
    });
    await expect(ours.refresh('theirs')).rejects.toMatchObject({ code: 'index-damaged' });
    expect(await described(ours)).toMatchObject({ state: 'damaged', modalities: [{ documents: 10 }] });
    expect(await found(ours, 'k3')).toEqual(['case-3']);
  });

  test("does not pass with the signature of another one of the same publisher's", async () => {
    const theirs = await published();
    const ours = await reading();
    await theirs.add({ title: 'Other' });
    await fill(theirs, 'other', [report(1, { edition: 7 })]);
    const place = join(folder, 'other-share');
    await theirs.publish('other', place);
    await rm(location, { recursive: true });
    await cp(place, location, { recursive: true });
    await expect(ours.refresh('theirs')).rejects.toMatchObject({
      code: 'untrusted',
      message: expect.stringContaining('Another dataset'),
    });

    // Nor where the version, or the signature too, claims to be of this one.
    const { dataset } = await atLocation(newestVersion, place);
    const uid = /"uid": "([^"]+)",\s+"title": "Theirs"/.exec(
      await readFile(join(folder, 'reader', 'datasets.json'), 'utf8'),
    )?.[1];
    expect(uid).not.toBe(dataset);
    await tamper(async () => {}, { dataset: uid });
    await expect(ours.refresh('theirs')).rejects.toMatchObject({ code: 'untrusted' });
    await tamper(async (connection) =>
      (await connection.openTable('signatures')).update({ values: { dataset: uid ?? '' } }),
    );
    await expect(ours.refresh('theirs')).rejects.toMatchObject({ code: 'untrusted' });
    expect(await described(ours)).toMatchObject({ offered: 'unsigned', modalities: [{ documents: 10 }] });
    expect(await found(ours, 'k3')).toEqual(['case-3']);
  });

  test('with signatures that are none is told, not tripped over', async () => {
    await published();
    const ours = await reading();
    await tamper(async (connection) =>
      (await connection.openTable('signatures')).update({ values: { key: 'x', rows: '…' } }),
    );
    await expect(ours.refresh('theirs')).rejects.toMatchObject({
      code: 'untrusted',
      message: expect.stringContaining('not signed by anybody'),
    });
  });
});

test('a signed dataset in an S3 bucket is held to its key and its rows as one in a folder is', async () => {
  const server = await startS3(join(folder, 's3'), 'department');
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await closeAll();
    await server.stop();
  });
  for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value);
  location = 's3://department/cases';
  const theirs = await published();
  const ours = await reading();
  await theirs.dispose();
  const other = await open('publisher', signerIn(join(folder, 'other-key')));
  await fill(other, 'cases', [report(11)]);
  const key = await other.publish('cases', location);
  await expect(ours.refresh('theirs')).rejects.toMatchObject({ code: 'untrusted' });
  expect(await described(ours)).toMatchObject({ state: 'untrusted', offered: key });
  await ours.trust('theirs', key.key);
  await tamper(changes['a word of a snippet was changed'] ?? (async () => {}));
  await expect(ours.refresh('theirs')).rejects.toMatchObject({
    code: 'untrusted',
    message: expect.stringContaining('not what its publisher signed'),
  });
  expect(await described(ours)).toMatchObject({ state: 'untrusted', modalities: [{ documents: 10 }] });
  await other.publish('cases', location);
  await ours.refresh('theirs');
  expect(await described(ours)).toMatchObject({ state: 'ready', modalities: [{ documents: 11 }] });
});

describe('a dataset that nobody signed', () => {
  const unsign = () =>
    tamper(async (connection) => (await connection.openTable('signatures')).delete('true'));

  test('is refused where it was signed before, and added only by somebody who says so', async () => {
    const theirs = await published();
    const ours = await reading();
    await fill(theirs, 'cases', [report(11)]);
    await theirs.publish('cases', location);
    await unsign();
    await expect(ours.refresh('theirs')).rejects.toMatchObject({
      code: 'untrusted',
      message: expect.stringContaining('not signed by anybody'),
    });
    expect(await described(ours)).toMatchObject({ state: 'untrusted', offered: 'unsigned' });
    expect(await found(ours, 'k3')).toEqual(['case-3']);

    const others = await open('others');
    await expect(others.add({ title: 'Theirs', location })).rejects.toMatchObject({
      code: 'untrusted',
      message: expect.stringContaining('not signed'),
    });
    expect(await others.list()).toHaveLength(1);
    expect(await others.add({ title: 'Theirs', location, allowUnsigned: true })).toMatchObject({
      publisher: 'unsigned',
    });
    await others.refresh('theirs');
    expect(await found(others, 'k11')).toEqual(['case-11']);

    // Once it is signed, it is held to that.
    const key = await theirs.publish('cases', location);
    await others.refresh('theirs');
    expect(await described(others)).toMatchObject({ publisher: key });
    await unsign();
    await expect(others.refresh('theirs')).rejects.toMatchObject({ code: 'untrusted' });
  });

  test('is refused where it was added before datasets were signed, until somebody trusts it', async () => {
    const theirs = await published();
    const ours = await reading();
    await ours.dispose();
    await forgetPublisher();
    await unsign();
    const again = await open('reader');
    await expect(again.refresh('theirs')).rejects.toMatchObject({ code: 'untrusted' });
    expect(await described(again)).toMatchObject({ state: 'untrusted', offered: 'unsigned' });
    expect(await found(again, 'k3')).toEqual(['case-3']);
    await again.trust('theirs', 'unsigned');
    await again.refresh('theirs');
    expect(await described(again)).toMatchObject({ state: 'ready', publisher: 'unsigned' });

    // Signed by now, it is simply held to that key.
    await again.dispose();
    await forgetPublisher();
    const key = await theirs.publish('cases', location);
    const third = await open('reader');
    await third.refresh('theirs');
    expect(await described(third)).toMatchObject({ state: 'ready', publisher: key });
  });

  /** As it was written before there were publishers. */
  async function forgetPublisher() {
    for (const file of [join('reader', 'datasets.json'), join('reader', 'theirs', 'dataset.json')]) {
      const text = await readFile(join(folder, file), 'utf8');
      await writeFile(join(folder, file), text.replace(/,\s*"publisher": ?"[^"]+"/, ''));
      expect(text).toContain('publisher');
    }
    const note = join(folder, 'reader', 'theirs', 'copy.json');
    await writeFile(note, (await readFile(note, 'utf8')).replace(/,"key":"[^"]+"/, ''));
  }
});

describe('a publication that is killed', () => {
  /** Publishes in a process of its own that is killed when it is about to sign, or after some time; whether it came to its end. */
  async function publishAndKill(afterMs: number | 'when it signs'): Promise<boolean> {
    const script = fileURLToPath(new URL('./killed-publication.ts', import.meta.url));
    const words = [join(folder, 'publisher'), location, join(folder, 'publisher-key'), String(afterMs)];
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    if (afterMs !== 'when it signs') await Promise.race([exited, sleep(afterMs)]);
    else await exited;
    child.kill('SIGKILL');
    const [code] = await exited;
    return code === 0;
  }

  test('before it signs, after it signed, or at any moment leaves the version before, or its own, whole', async () => {
    const theirs = await published();
    const ours = await reading();
    await fill(theirs, 'cases', reports(100, 400));
    await theirs.dispose();

    expect(await publishAndKill('when it signs')).toBe(false);
    // The rows are there, and more than those of the version that readers see.
    await atLocation(async (connection) =>
      expect(await (await connection.openTable('xr_documents')).countRows()).toBe(310),
    );
    expect(await ours.refresh('theirs')).toBeUndefined();
    expect(await described(ours)).toMatchObject({ state: 'ready', modalities: [{ documents: 10 }] });

    // A signature whose version was never added, as a kill right after it leaves behind.
    await atLocation(async (connection) => {
      const { dataset, version } = await newestVersion(connection);
      const next = { dataset, version: version + 1, at: new Date().toISOString(), rows: '0'.repeat(64) };
      await addSignature(connection, next, signerIn(join(folder, 'publisher-key')));
    });
    await ours.refresh('theirs');
    expect(await described(ours)).toMatchObject({ state: 'ready', modalities: [{ documents: 10 }] });

    for (let kills = 0, ended = false; !ended; kills += 1) {
      ended = await publishAndKill(kills < 2 ? Math.random() * 1500 : 120_000);
      await ours.refresh('theirs');
      const { state, modalities } = await described(ours);
      expect(state).toBe('ready');
      expect([10, 310]).toContain(modalities[0]?.documents);
    }
    expect(await found(ours, 'k250')).toEqual(['case-250']);
  });

  test('or whose key is damaged says so, and leaves what was published', async () => {
    const theirs = await published();
    const ours = await reading();
    await fill(theirs, 'cases', [report(11)]);
    await writeFile(join(folder, 'publisher-key', 'publisher-key.pem'), 'no key');
    await expect(theirs.publish('cases', location)).rejects.toMatchObject({
      code: 'store-damaged',
      message: expect.stringContaining('publisher-key.pem'),
    });
    await ours.refresh('theirs');
    expect(await described(ours)).toMatchObject({ state: 'ready', modalities: [{ documents: 10 }] });
  });
});
