import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SafeStorage } from 'electron';
import { WetreadError } from '../error.js';

const keyPattern = /^[0-9a-f]{64}$/;

/**
 * The key of the report store, 64 hexadecimal digits, kept encrypted by the system's key store (Keychain, DPAPI, Secret
 * Service). A key file that the engine made while there was no key store moves into it. Undefined where there is none: the engine
 * then uses its key file. Throws WetreadError `store-damaged` when the system cannot decrypt the key any more.
 */
export function storeKey(safeStorage: SafeStorage, dataFolder: string): string | undefined {
  const encrypted = join(dataFolder, 'store-key.encrypted');
  const keyFile = join(dataFolder, 'reports', 'store.key');
  if (existsSync(encrypted)) return keptKey(safeStorage, encrypted, keyFile);
  if (!protects(safeStorage)) return undefined;
  if (existsSync(keyFile)) return movedKey(safeStorage, encrypted, keyFile);
  // A store without a key file: the engine says that its key is missing.
  if (existsSync(join(dataFolder, 'reports', 'store.db'))) return undefined;
  const key = randomBytes(32).toString('hex');
  keep(safeStorage, encrypted, key);
  return key;
}

/** On Linux without a key store Electron only obscures, with a fixed password: no better than a file, and less honest. */
function protects(safeStorage: SafeStorage): boolean {
  const obscures =
    process.platform === 'linux' &&
    ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend());
  return !obscures && safeStorage.isEncryptionAvailable();
}

function keptKey(safeStorage: SafeStorage, encrypted: string, keyFile: string): string | undefined {
  try {
    const key = safeStorage.decryptString(readFileSync(encrypted));
    // Left by a move that was cut short.
    if (existsSync(keyFile) && readFileSync(keyFile, 'utf8').trim() === key) rmSync(keyFile);
    return key;
  } catch (cause) {
    if (existsSync(keyFile)) return undefined;
    throw new WetreadError(
      'store-damaged',
      "The system's key store cannot open the key of your reports. Unlock the key store and start Wetread again.",
      { cause },
    );
  }
}

/** The key file goes only once the key store has given the key back from what lies on the disk. */
function movedKey(safeStorage: SafeStorage, encrypted: string, keyFile: string): string | undefined {
  const key = readFileSync(keyFile, 'utf8').trim();
  // The engine tells what is wrong with it.
  if (!keyPattern.test(key)) return undefined;
  keep(safeStorage, encrypted, key);
  if (safeStorage.decryptString(readFileSync(encrypted)) !== key) {
    rmSync(encrypted);
    return undefined;
  }
  rmSync(keyFile);
  return key;
}

/** Written whole or not at all: half an encrypted key would lock the reports away. */
function keep(safeStorage: SafeStorage, encrypted: string, key: string): void {
  mkdirSync(dirname(encrypted), { recursive: true });
  const part = `${encrypted}.part`;
  writeFileSync(part, safeStorage.encryptString(key), { mode: 0o600, flush: true });
  renameSync(part, encrypted);
}
