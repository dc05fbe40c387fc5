import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../main/review/database.js';
import {
  acceptSentence,
  confirmFlag,
  editSentence,
  openStore,
  type Store,
  sign,
} from '../../../main/review/index.js';
import { sampleReport } from '../../unit/review/sample-report.js';
import { dataFolder, key, tickingClock } from './store-folder.js';

const context = { now: tickingClock(), newId: () => 'new', reground: () => ({ statements: [], flags: [] }) };

/** A store with one report that was drafted, accepted, edited, confirmed and signed, and another drafted in between. */
function reviewed(folder: string): Store {
  const store = openStore(folder, key, { now: tickingClock() });
  onTestFinished(() => store.dispose());
  const who = 'Dr. Ada Reader';
  let report = sampleReport();
  store.record(report, { who: 'wetread', action: 'draft' });
  report = acceptSentence(report, 'effusion', context);
  store.record(report, { who, action: 'accept', sentence: 'effusion' });
  report = editSentence(report, 'heart', 'The heart is small.', context);
  store.record(report, { who, action: 'edit', sentence: 'heart' });
  store.record(sampleReport({ id: 'other' }), { who: 'wetread', action: 'draft' });
  report = confirmFlag(report, 'effusion', 'unsupported', context);
  store.record(report, { who, action: 'confirm', sentence: 'effusion' });
  report = sign(report, who, context);
  store.record(report, { who, action: 'sign' });
  return store;
}

/** Writes past the store, as somebody who has the key could. */
function tamper(folder: string, ...statements: string[]): void {
  const database = openDatabase(folder, key);
  for (const statement of statements) database.exec(statement);
  database.close();
}

const unlocked = [
  'DROP TRIGGER audit_keeps_entries',
  'DROP TRIGGER audit_loses_nothing',
  'DROP TRIGGER reports_stay',
];

describe('the audit trail', () => {
  it('says who did what to which sentence on what evidence, and holds', async () => {
    const store = reviewed(dataFolder());
    const { id } = sampleReport();
    expect(
      store
        .audit(id)
        .map(({ seq, who, action, sentence, evidence }) => [seq, who, action, sentence, evidence]),
    ).toEqual([
      [1, 'wetread', 'draft', null, ['xr-effusion#2']],
      [2, 'Dr. Ada Reader', 'accept', 'effusion', ['xr-effusion#2']],
      [3, 'Dr. Ada Reader', 'edit', 'heart', []],
      [5, 'Dr. Ada Reader', 'confirm', 'effusion', ['xr-effusion#2']],
      [6, 'Dr. Ada Reader', 'sign', null, ['xr-effusion#2']],
    ]);
    expect(await store.verifyAudit()).toEqual({ entries: 6, problems: [] });
  });

  it('holds when empty', async () => {
    const store = openStore(dataFolder(), key, { now: tickingClock() });
    onTestFinished(() => store.dispose());
    expect(await store.verifyAudit()).toEqual({ entries: 0, problems: [] });
  });

  it('holds when two programs write to one store', async () => {
    const folder = dataFolder();
    const [app, shell] = [reviewed(folder), openStore(folder, key, { now: tickingClock() })];
    onTestFinished(() => shell.dispose());
    for (const id of ['a', 'b', 'c']) {
      app.record(sampleReport({ id }), { who: 'app', action: 'draft' });
      shell.record(acceptSentence(sampleReport({ id }), 'heart', context), {
        who: 'shell',
        action: 'accept',
      });
    }
    expect(app.audit('c').map(({ seq, who }) => [seq, who])).toEqual([
      [11, 'app'],
      [12, 'shell'],
    ]);
    expect(await shell.verifyAudit()).toEqual({ entries: 12, problems: [] });
  });

  it('holds over many pages, and stops when told', async () => {
    const store = openStore(dataFolder(), key, { now: tickingClock() });
    onTestFinished(() => store.dispose());
    for (let i = 0; i < 501; i++)
      store.record(sampleReport({ id: `r${i % 30}` }), { who: 'reader', action: 'accept' });
    expect(await store.verifyAudit()).toEqual({ entries: 501, problems: [] });
    await expect(store.verifyAudit({ signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
  });

  it.each([
    "UPDATE audit SET who = 'nobody' WHERE seq = 2",
    'DELETE FROM audit WHERE seq = 2',
    "DELETE FROM reports WHERE id = 'other'",
  ])('refuses %s', (statement) => {
    const folder = dataFolder();
    reviewed(folder);
    expect(() => tamper(folder, statement)).toThrow(/append-only|not deleted/);
  });

  it.each([
    ['an entry changed', "UPDATE audit SET who = 'nobody' WHERE seq = 2", { seq: 2 }],
    ['its evidence changed', `UPDATE audit SET evidence = '[]' WHERE seq = 2`, { seq: 2 }],
    ['an entry removed', 'DELETE FROM audit WHERE seq = 3', { seq: 4 }],
    ['the first entry removed', 'DELETE FROM audit WHERE seq = 1', { seq: 2 }],
    ['the end cut off', 'DELETE FROM audit WHERE seq >= 5', { seq: 5 }],
    [
      'two entries exchanged',
      'UPDATE audit SET seq = 99 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 99',
      { seq: 2 },
    ],
    [
      'a signed report changed',
      "UPDATE reports SET json = replace(json, 'small left', 'large right')",
      { report: sampleReport().id },
    ],
    ['a report removed', "DELETE FROM reports WHERE id = 'other'", { report: 'other' }],
    [
      'a report put in',
      "INSERT INTO reports SELECT 99, 'forged', study, json, state, open_flags, updated FROM reports WHERE id = 'other'",
      { report: 'forged' },
    ],
  ])('finds %s', async (_name, statement, expected) => {
    const folder = dataFolder();
    const store = reviewed(folder);
    tamper(folder, ...unlocked, statement);
    const { problems } = await store.verifyAudit();
    expect(problems).toContainEqual(expect.objectContaining(expected));
  });
});
