import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SafeStorage } from 'electron';
import { WetreadError } from '../error.js';

/**
 * The key of the report store, 64 hexadecimal digits, kept encrypted by the system's key store (Keychain, DPAPI, Secret
 * Service). Undefined where there is none, or where the store already lives on the engine's own key file: the
 * engine then uses that. Throws WetreadError `store-damaged` when the system cannot decrypt the key any more.
 */
export function storeKey(safeStorage: SafeStorage, dataFolder: string): string | undefined {
  const file = join(dataFolder, 'store-key.encrypted');
  if (existsSync(file)) {
    try {
      return safeStorage.decryptString(readFileSync(file));
    } catch (cause) {
      throw new WetreadError(
        'store-damaged',
        "The system's key store cannot open the key of your reports. Unlock the key store and start Wetread again.",
        { cause },
      );
    }
  }
  // On Linux without a key store Electron only obscures, with a fixed password: no better than a file, and less honest.
  const obscuredOnly =
    process.platform === 'linux' &&
    ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend());
  if (existsSync(join(dataFolder, 'reports')) || obscuredOnly || !safeStorage.isEncryptionAvailable())
    return undefined;
  const key = randomBytes(32).toString('hex');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, safeStorage.encryptString(key), { mode: 0o600, flush: true });
  return key;
}
