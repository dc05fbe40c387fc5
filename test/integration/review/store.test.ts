import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  acceptSentence,
  addAddendum,
  confirmFlag,
  openStore,
  readOrMakeKeyFile,
  type Store,
  sign,
} from '../../../main/review/index.js';
import type { Report } from '../../../preload/values.js';
import { sampleReport, sampleStudy } from '../../unit/review/sample-report.js';
import { dataFolder, key, otherKey, rawContents, tickingClock } from './store-folder.js';

const context = { now: tickingClock(), newId: () => 'new', reground: () => ({ statements: [], flags: [] }) };
const damaged = expect.objectContaining({ code: 'store-damaged' });

function open(folder: string, given = key): Store {
  const store = openStore(folder, given, { now: tickingClock() });
  onTestFinished(() => store.dispose());
  return store;
}

function signed(report: Report): Report {
  return sign(confirmFlag(report, 'effusion', 'unsupported', context), 'Dr. Ada Reader', context);
}

describe('openStore', () => {
  it('gives back after a restart what was stored', () => {
    const folder = dataFolder();
    const first = openStore(folder, key, { now: tickingClock() });
    const report = acceptSentence(sampleReport(), 'heart', context);
    first.keepStudy(sampleStudy());
    first.record(report, { who: 'reader', action: 'draft' });
    first.dispose();

    const store = open(folder);
    expect(store.report(report.id)).toEqual(report);
    expect(store.reportOfStudy(report.study)).toEqual(report);
    expect(store.studies()).toEqual({ studies: [sampleStudy()], problems: [] });
    expect(store.report('gone')).toBeUndefined();
    expect(store.reportOfStudy('gone')).toBeUndefined();
  });

  it('keeps the worklist: last opened first, closed ones off it but still known', () => {
    const store = open(dataFolder());
    for (const uid of ['1.1', '1.2', '1.3', '1.1']) store.keepStudy(sampleStudy({ uid }));
    expect(store.studies().studies.map(({ uid }) => uid)).toEqual(['1.1', '1.3', '1.2']);
    store.closeStudy('1.3');
    expect(store.studies().studies.map(({ uid }) => uid)).toEqual(['1.1', '1.2']);
    expect(store.study('1.3')?.uid).toBe('1.3');
    store.keepStudy(sampleStudy({ uid: '1.3' }));
    expect(store.studies().studies.map(({ uid }) => uid)).toEqual(['1.3', '1.1', '1.2']);
  });

  it('knows the newest report of a study, and sums it up', () => {
    const store = open(dataFolder());
    store.record(sampleReport({ id: 'b' }), { who: 'reader', action: 'draft' });
    store.record(sampleReport({ id: 'a' }), { who: 'reader', action: 'draft' });
    store.record(acceptSentence(sampleReport({ id: 'b' }), 'heart', context), {
      who: 'reader',
      action: 'accept',
    });
    const { study } = sampleReport();
    expect(store.reportOfStudy(study)?.id).toBe('a');
    expect(store.summaries()).toEqual([{ study, id: 'a', state: 'draft', openFlags: 1 }]);
    store.record(signed(sampleReport({ id: 'a' })), { who: 'reader', action: 'sign' });
    expect(store.summaries()).toEqual([{ study, id: 'a', state: 'final', openFlags: 0 }]);
  });

  it('keeps what was signed, whatever the caller does, addenda apart', () => {
    const store = open(dataFolder());
    const final = signed(sampleReport());
    store.record(final, { who: 'reader', action: 'sign' });
    const wrongState = expect.objectContaining({ code: 'wrong-state' });
    const change = { who: 'reader', action: 'edit' } as const;
    expect(() => store.record({ ...final, sentences: [] }, change)).toThrow(wrongState);
    expect(() => store.record({ ...final, state: 'draft' }, change)).toThrow(wrongState);
    const added = addAddendum(final, 'Dr. Ada Reader', 'Later.', context);
    store.record(added, { who: 'Dr. Ada Reader', action: 'addendum' });
    expect(() => store.record(final, change)).toThrow(wrongState);
    expect(store.report(final.id)).toEqual(added);
    expect(store.audit(final.id).map(({ action }) => action)).toEqual(['sign', 'addendum']);
  });
});

describe('encryption at rest', () => {
  it('leaves no plain text in any file, neither while open nor closed', () => {
    const folder = dataFolder();
    const store = openStore(folder, key, { now: tickingClock() });
    store.keepStudy(sampleStudy());
    store.record(sampleReport(), { who: 'Reader-Marker', action: 'draft' });
    const markers = ['Marker-Quandt', 'pleural', 'Reader-Marker', 'CREATE TABLE', 'SQLite format', key];
    expect(existsSync(join(folder, 'store.db-wal'))).toBe(true);
    expect(statSync(join(folder, 'store.db-wal')).size).toBeGreaterThan(4096);
    for (const marker of markers) expect(rawContents(folder), marker).not.toContain(marker);
    store.dispose();
    expect(statSync(join(folder, 'store.db')).size).toBeGreaterThan(4096);
    for (const marker of markers) expect(rawContents(folder), marker).not.toContain(marker);
  });

  it('refuses a wrong, a malformed and no key, and changes nothing', () => {
    const folder = dataFolder();
    const store = openStore(folder, key, { now: tickingClock() });
    store.record(sampleReport(), { who: 'reader', action: 'draft' });
    store.dispose();
    const before = readFileSync(join(folder, 'store.db'));
    expect(() => openStore(folder, otherKey, { now: tickingClock() })).toThrow(damaged);
    for (const malformed of ['', 'secret', key.slice(1)])
      expect(() => openStore(folder, malformed, { now: tickingClock() })).toThrow(
        expect.objectContaining({ code: 'bad-input' }),
      );
    expect(readFileSync(join(folder, 'store.db')).equals(before)).toBe(true);
    expect(open(folder).report(sampleReport().id)).toEqual(sampleReport());
  });

  it('says so when the file is damaged or no folder can be made', () => {
    const folder = dataFolder();
    writeFileSync(join(folder, 'store.db'), 'This is no database. '.repeat(500));
    expect(() => openStore(folder, key, { now: tickingClock() })).toThrow(damaged);
    expect(() => openStore(join(folder, 'store.db', 'below'), key, { now: tickingClock() })).toThrow();
  });
});

describe('readOrMakeKeyFile', () => {
  it('makes a key once, for its owner alone', () => {
    const folder = join(dataFolder(), 'new', 'folder');
    const made = readOrMakeKeyFile(folder);
    expect(made).toMatch(/^[0-9a-f]{64}$/);
    expect(readOrMakeKeyFile(folder)).toBe(made);
    expect(readOrMakeKeyFile(dataFolder())).not.toBe(made);
    if (process.platform === 'win32') return;
    const file = join(folder, 'store.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    readOrMakeKeyFile(folder);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('makes no new key beside a store that needs the old one, and takes no rubbish for a key', () => {
    const folder = dataFolder();
    open(folder);
    expect(() => readOrMakeKeyFile(folder)).toThrow(damaged);
    writeFileSync(join(folder, 'store.key'), 'rubbish');
    expect(() => readOrMakeKeyFile(folder)).toThrow(damaged);
  });
});
