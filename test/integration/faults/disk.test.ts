/** A disk that is full, and one that can only be read: told by code, nothing half written, and it goes on once there is room. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../../main/engine.js';
import { readers } from '../../../main/isolate/index.js';
import { openStore, readOrMakeKeyFile } from '../../../main/review/index.js';
import type { Dataset, Evidence, Report } from '../../../preload/values.js';
import { articles, writeArticle } from '../retrieve/knowledge.js';
import { trustKnowledge } from './kills.js';
import { root, sampleStudy } from './real-engine.js';
import { noSmallDisk, SmallDisk } from './small-disk.js';

let folder: string;
let disk: SmallDisk;
let study: string;
const onDisk = () => join(disk.folder, 'data');
const open = (dataFolder = onDisk()) =>
  createEngine({
    ...{ dataFolder, packsFolder: join(root, 'models'), documentsFolder: join(folder, 'documents') },
    user: 'reader',
  });
const reportIn = async (engine: Engine) => (await engine.call('report.ofStudy', { study })) as Report;
const ward = async (engine: Engine) =>
  ((await engine.call('dataset.list', {})) as Dataset[]).filter(({ kind }) => kind === 'own');
const importAll = (engine: Engine) =>
  engine.call('import.run', {
    dataset: 'ward',
    paths: [join(folder, 'notes')],
    modality: 'XR',
    task: 'import',
  });

/** Every file of a folder with what is in it. */
const contentOf = (of: string) =>
  new Map(
    readdirSync(of, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .map((file) => [file, readFileSync(file).toString('base64')]),
  );

describe.skipIf(noSmallDisk)(`a small disk${noSmallDisk ? ` (skipped: ${noSmallDisk})` : ''}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wetread-disk-'));
    for (const article of articles) await writeArticle(join(folder, 'documents'), article);
    mkdirSync(join(folder, 'notes'));
    for (let n = 0; n < 6; n++)
      writeFileSync(
        join(folder, 'notes', `${n}.txt`),
        `FINDINGS\nA pleural effusion of ${n} mm on the right.\n`,
      );
    disk = new SmallDisk(join(folder, 'disk'), 48);
    await trustKnowledge(onDisk(), join(folder, 'documents'));
    const engine = await open();
    await engine.ready();
    const [opened] = (await engine.open([sampleStudy], 'open')).studies;
    if (!opened) throw new Error('The sample could not be opened.');
    study = opened.uid;
    await engine.draft(opened, { task: 'draft' });
    await engine.call('dataset.add', { title: 'Ward' });
    await engine.dispose();
  }, 400_000);
  afterAll(async () => {
    await readers.dispose();
    disk.unmount();
    rmSync(folder, { recursive: true, force: true });
  });

  test('full while it works: refused by code, nothing half written, and on it goes', {
    timeout: 400_000,
  }, async () => {
    const engine = await open();
    try {
      await engine.ready();
      const before = await reportIn(engine);
      const full = { code: 'disk-full', message: expect.stringContaining('disk is full') };
      disk.fill();

      const file = join(disk.folder, 'report.txt');
      writeFileSync(join(folder, 'old.txt'), 'old');
      const { id } = before;
      await expect(engine.call('report.export', { report: id, format: 'text', file })).rejects.toMatchObject(
        full,
      );
      expect(existsSync(file) || existsSync(`${file}.part`)).toBe(false);
      await expect(engine.call('adapter.use', { pack: 'cxr', adapter: null })).rejects.toMatchObject(full);
      await expect(engine.call('dataset.add', { title: 'Other' })).rejects.toMatchObject(full);
      expect(await ward(engine)).toHaveLength(1);
      await expect(importAll(engine)).rejects.toMatchObject(full);
      await expect(engine.call('report.draft', { study, task: 'draft' })).rejects.toMatchObject(full);

      // The journal of the store has some room left: sooner or later it has none.
      let acknowledged = before;
      let refused: unknown;
      for (let round = 0; refused === undefined && round < 200; round++)
        for (const { id: sentence } of before.sentences) {
          const name = round % 2 === 0 ? 'report.accept' : 'report.restore';
          try {
            acknowledged = (await engine.call(name, { report: id, sentence })) as Report;
          } catch (thrown) {
            refused = thrown;
            break;
          }
        }
      expect(refused).toMatchObject(full);
      expect(await reportIn(engine)).toEqual(acknowledged);
      const user = {
        name: 'ada',
        fullName: 'Ada',
        roles: ['radiologist'],
        password: 'meadow-lantern-gravel',
      };
      await expect(engine.call('user.add', user)).rejects.toMatchObject(full);
      expect(await engine.call('user.list', {})).toEqual([]);

      disk.free();
      const [sentence] = acknowledged.sentences;
      await engine.call('report.edit', {
        report: id,
        sentence: sentence?.id ?? '',
        text: 'There is room again.',
      });
      await engine.call('report.export', { report: id, format: 'text', file });
      expect(readFileSync(file, 'utf8')).toContain('There is room again.');
      await engine.call('adapter.use', { pack: 'cxr', adapter: null });
      expect(await importAll(engine)).toMatchObject({ added: 6, problems: [] });
      expect(await engine.call('dataset.documents', { dataset: 'ward', offset: 0, limit: 10 })).toMatchObject(
        {
          total: 6,
        },
      );
    } finally {
      disk.free();
      await engine.dispose();
    }
    const store = openStore(join(onDisk(), 'reports'), readOrMakeKeyFile(join(onDisk(), 'reports')), {
      now: () => new Date().toISOString(),
    });
    expect((await store.verifyAudit()).problems).toEqual([]);
    store.dispose();
  });

  test('full from the start: it says so, makes nothing, and starts when there is room', async () => {
    disk.fill();
    const fresh = join(disk.folder, 'fresh');
    await expect(open(fresh)).rejects.toMatchObject({ code: 'disk-full' });
    disk.free();
    const engine = await open(fresh);
    expect(await engine.call('study.list', {})).toEqual([]);
    await engine.dispose();
  });

  test('its indices cannot be built for want of room: drafts go without, and the next start builds them', async () => {
    const small = new SmallDisk(join(folder, 'smaller'), 24);
    try {
      await trustKnowledge(join(small.folder, 'data'), join(folder, 'documents'));
      const engine = await open(join(small.folder, 'data'));
      small.fill();
      await engine.ready();
      await expect(engine.call('index.search', { query: 'effusion', modality: 'XR' })).rejects.toMatchObject({
        code: 'disk-full',
      });
      small.free();
      await engine.dispose();
      const next = await open(join(small.folder, 'data'));
      await next.ready();
      const found = await next.call('index.search', { query: 'effusion', modality: 'XR' });
      expect((found as Evidence).snippets.length).toBeGreaterThan(0);
      await next.dispose();
    } finally {
      small.unmount();
    }
  });

  test('read-only: refused by code, and nothing in it is changed', async () => {
    disk.setReadOnly(true);
    try {
      const before = contentOf(onDisk());
      await expect(open()).rejects.toMatchObject({
        code: 'not-allowed',
        message: expect.stringMatching(/disk.*data.*permissions/s),
      });
      expect(contentOf(onDisk())).toEqual(before);
    } finally {
      disk.setReadOnly(false);
    }
    const engine = await open();
    expect((await reportIn(engine)).sentences.length).toBeGreaterThan(0);
    await engine.dispose();
  });

  test('an export to a place that can only be read is refused, and the old file stays', async () => {
    const target = new SmallDisk(join(folder, 'target'), 1);
    const file = join(target.folder, 'report.txt');
    writeFileSync(file, 'of yesterday');
    target.setReadOnly(true);
    const engine = await open();
    try {
      const { id } = await reportIn(engine);
      await expect(engine.call('report.export', { report: id, format: 'text', file })).rejects.toMatchObject({
        code: 'not-allowed',
        message: expect.stringContaining('report.txt'),
      });
      expect(readFileSync(file, 'utf8')).toBe('of yesterday');
    } finally {
      await engine.dispose();
      target.unmount();
    }
  });
});
