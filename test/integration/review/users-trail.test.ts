import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, storeFile } from '../../../main/review/database.js';
import { hashPassword, openStore, type Store } from '../../../main/review/index.js';
import { migrations } from '../../../main/review/tables.js';
import { sampleReport } from '../../unit/review/sample-report.js';
import { dataFolder, key, tickingClock } from './store-folder.js';

function open(folder: string): Store {
  const store = openStore(folder, key, { now: tickingClock() });
  onTestFinished(() => store.dispose());
  return store;
}

/** Writes past the store, as somebody who has the key could. */
function tamper(folder: string, ...statements: string[]): void {
  const database = openDatabase(folder, key);
  for (const statement of statements) database.exec(statement);
  database.close();
}

/** A store as the version before users wrote it: its tables, and one entry with its hash over ten values. */
function storeOfBefore(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const database = new Database(storeFile(folder), {
    encryptionCipher: 'aes256cbc',
    encryptionKey: key,
  } as Database.Options);
  const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
  const report = sampleReport();
  const json = JSON.stringify(report);
  const entry = [1, report.createdAt, 'reader', 'draft', report.id, null, '[]', null, sha256(json)] as const;
  const chained = [...entry, '0'.repeat(64)];
  database.exec(migrations[0] ?? '');
  database.exec('PRAGMA user_version = 1');
  database
    .prepare('INSERT INTO reports (id, study, json, state, open_flags, updated) VALUES (?, ?, ?, ?, 0, ?)')
    .run([report.id, report.study, json, report.state, report.updatedAt]);
  database
    .prepare(
      `INSERT INTO audit (seq, at, who, action, report, sentence, evidence, before, after, prev_hash, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run([...chained, sha256(JSON.stringify(chained))]);
  database.close();
}

/** Made once, as it takes its time. */
const hashing = hashPassword('correct horse battery');

async function withUsers(folder: string): Promise<Store> {
  const store = open(folder);
  const password = await hashing;
  store.users.add({ name: 'ada', fullName: 'Ada', roles: ['administrator'], active: true }, password, 'sys');
  store.users.add({ name: 'rob', fullName: 'Rob', roles: ['resident'], active: true }, password, 'ada');
  store.users.note({ who: 'rob', action: 'sign-in', subject: 'rob' });
  store.record(sampleReport(), { who: 'rob', action: 'draft' });
  store.users.change('rob', { roles: ['radiologist'] }, 'ada');
  return store;
}

describe('the trail of a store from before there were users', () => {
  it('still holds, and goes on', async () => {
    const folder = dataFolder();
    storeOfBefore(folder);
    const store = open(folder);
    expect(await store.verifyAudit()).toEqual({ entries: 1, problems: [] });
    expect(store.users.any()).toBe(false);
    store.users.note({ who: 'reader', action: 'lock' });
    store.record(sampleReport(), { who: 'reader', action: 'accept' });
    expect(await store.verifyAudit()).toEqual({ entries: 3, problems: [] });
    expect(store.audit(sampleReport().id).map(({ seq }) => seq)).toEqual([1, 3]);
  });
  it('is found out when an old entry is changed', async () => {
    const folder = dataFolder();
    storeOfBefore(folder);
    tamper(folder, 'DROP TRIGGER audit_keeps_entries', "UPDATE audit SET detail = 'more' WHERE seq = 1");
    const { problems } = await open(folder).verifyAudit();
    expect(problems).toContainEqual({ seq: 1, message: 'The entry was changed.' });
  });
});

describe('the trail of users', () => {
  it('holds, and users are not deleted', async () => {
    const folder = dataFolder();
    const store = await withUsers(folder);
    expect(await store.verifyAudit()).toEqual({ entries: 5, problems: [] });
    expect(() => tamper(folder, "DELETE FROM users WHERE name = 'rob'")).toThrow('not deleted');
  });
  it('says nothing of what did not change', async () => {
    const store = await withUsers(dataFolder());
    store.users.change('rob', { roles: ['radiologist'], fullName: 'Rob' }, 'ada');
    expect(await store.verifyAudit()).toEqual({ entries: 5, problems: [] });
  });
  it.each([
    [
      'a role given behind its back',
      `UPDATE users SET roles = '["administrator"]' WHERE name = 'rob'`,
      { user: 'rob' },
    ],
    [
      'a password exchanged',
      "UPDATE users SET password = replace(password, 'hash', 'Hash') WHERE name = 'ada'",
      { user: 'ada' },
    ],
    [
      'a user put in',
      "INSERT INTO users SELECT 'eve', full_name, roles, active, password FROM users WHERE name = 'ada'",
      { user: 'eve' },
    ],
    ['a user taken out', "DROP TRIGGER users_stay; DELETE FROM users WHERE name = 'rob'", { user: 'rob' }],
    [
      'a sign-in laid on another',
      "DROP TRIGGER audit_keeps_entries; UPDATE audit SET subject = 'ada' WHERE seq = 3",
      { seq: 3 },
    ],
    [
      'a change said to be another',
      'DROP TRIGGER audit_keeps_entries; UPDATE audit SET detail = NULL WHERE seq = 5',
      { seq: 5 },
    ],
  ])('finds %s', async (_what, statements, where) => {
    const folder = dataFolder();
    await withUsers(folder);
    tamper(folder, ...statements.split('; '));
    const { problems } = await open(folder).verifyAudit();
    expect(problems).toContainEqual(expect.objectContaining(where));
  });
});
