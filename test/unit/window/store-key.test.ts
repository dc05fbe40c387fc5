import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SafeStorage } from 'electron';
import { expect, test } from 'vitest';
import { storeKey } from '../../../main/window/store-key.js';

/** A key store that turns text around: enough to see what is written and read, which only a desktop session could show for real. */
function keyStore(backend: string, { locked = false } = {}): SafeStorage {
  const turn = (text: string) => [...text].reverse().join('');
  return {
    isEncryptionAvailable: () => true,
    getSelectedStorageBackend: () => backend,
    encryptString: (text: string) => Buffer.from(turn(text)),
    decryptString: (bytes: Buffer) => {
      if (locked) throw new Error('locked');
      return turn(bytes.toString());
    },
  } as unknown as SafeStorage;
}
const freshFolder = () => mkdtempSync(join(tmpdir(), 'wetread-key-'));

test('makes a key once, and keeps it only encrypted', () => {
  const folder = freshFolder();
  const key = storeKey(keyStore('gnome_libsecret'), folder);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(storeKey(keyStore('gnome_libsecret'), folder)).toBe(key);
  expect(readFileSync(join(folder, 'store-key.encrypted'), 'utf8')).not.toContain(key);
});

test.runIf(process.platform === 'linux')(
  'leaves the key to the engine where the system only obscures',
  () => {
    expect(storeKey(keyStore('basic_text'), freshFolder())).toBeUndefined();
  },
);

const fileKey = 'ab'.repeat(32);
/** A data folder whose store lives on a key file, as one made where there was no key store. */
function folderWithKeyFile(key = fileKey): string {
  const folder = freshFolder();
  mkdirSync(join(folder, 'reports'));
  writeFileSync(join(folder, 'reports', 'store.db'), '');
  writeFileSync(join(folder, 'reports', 'store.key'), `${key}\n`);
  return folder;
}
const keyFileOf = (folder: string) => join(folder, 'reports', 'store.key');

test('moves a key file into the key store once there is one', () => {
  const folder = folderWithKeyFile();
  expect(storeKey(keyStore('gnome_libsecret'), folder)).toBe(fileKey);
  expect(existsSync(keyFileOf(folder))).toBe(false);
  expect(storeKey(keyStore('gnome_libsecret'), folder)).toBe(fileKey);
  expect(readdirSync(folder).sort()).toEqual(['reports', 'store-key.encrypted']);
});

test.runIf(process.platform === 'linux')('leaves a key file where the system only obscures', () => {
  const folder = folderWithKeyFile();
  expect(storeKey(keyStore('basic_text'), folder)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(['reports']);
  expect(existsSync(keyFileOf(folder))).toBe(true);
});

test('keeps the key file where the key store does not give back what it took', () => {
  const folder = folderWithKeyFile();
  const forgetful = { ...keyStore('gnome_libsecret'), decryptString: () => 'something else' };
  expect(storeKey(forgetful, folder)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(['reports']);
  expect(readFileSync(keyFileOf(folder), 'utf8').trim()).toBe(fileKey);
});

test('ends a move that was cut short, and needs no key store while the file is still there', () => {
  const folder = folderWithKeyFile();
  const other = folderWithKeyFile();
  storeKey(keyStore('gnome_libsecret'), folder);
  writeFileSync(keyFileOf(folder), fileKey);
  expect(storeKey(keyStore('gnome_libsecret', { locked: true }), folder)).toBeUndefined();
  expect(storeKey(keyStore('gnome_libsecret'), folder)).toBe(fileKey);
  expect(existsSync(keyFileOf(folder))).toBe(false);
  // A key file of another key is not this one's leftover.
  storeKey(keyStore('gnome_libsecret'), other);
  writeFileSync(keyFileOf(other), 'cd'.repeat(32));
  expect(storeKey(keyStore('gnome_libsecret'), other)).toBe(fileKey);
  expect(existsSync(keyFileOf(other))).toBe(true);
});

test('leaves to the engine a key file that is no key, and a store without one', () => {
  const folder = folderWithKeyFile('not a key');
  expect(storeKey(keyStore('gnome_libsecret'), folder)).toBeUndefined();
  expect(existsSync(keyFileOf(folder))).toBe(true);
  const bare = freshFolder();
  mkdirSync(join(bare, 'reports'));
  writeFileSync(join(bare, 'reports', 'store.db'), '');
  expect(storeKey(keyStore('gnome_libsecret'), bare)).toBeUndefined();
});

test('says so when the key store cannot open the key', () => {
  const folder = freshFolder();
  storeKey(keyStore('gnome_libsecret'), folder);
  expect(() => storeKey(keyStore('gnome_libsecret', { locked: true }), folder)).toThrow(
    expect.objectContaining({ code: 'store-damaged' }),
  );
});
