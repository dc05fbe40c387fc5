import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
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

test('leaves a store that has its key file on it', () => {
  const folder = freshFolder();
  mkdirSync(join(folder, 'reports'));
  expect(storeKey(keyStore('gnome_libsecret'), folder)).toBeUndefined();
});

test('says so when the key store cannot open the key', () => {
  const folder = freshFolder();
  storeKey(keyStore('gnome_libsecret'), folder);
  expect(() => storeKey(keyStore('gnome_libsecret', { locked: true }), folder)).toThrow(
    expect.objectContaining({ code: 'store-damaged' }),
  );
});
