import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { WetreadError } from '../error.js';
import { storeFile } from './database.js';

/** 32 random bytes as 64 lower-case hexadecimal digits. */
export const StoreKey = z.string().regex(/^[0-9a-f]{64}$/);

/** A new key for a new store. */
export function newKey(): string {
  return randomBytes(32).toString('hex');
}

/**
 * The key of the store in `folder`, from the file `store.key` (mode 0600), which is made where there is no store yet. For the
 * command line and for systems without a key store; the app keeps its key in the system's instead and never calls this.
 * @throws WetreadError `store-damaged` where the key file is not a key, or is missing beside a store that needs it.
 */
export function readOrMakeKeyFile(folder: string): string {
  const file = join(folder, 'store.key');
  if (!existsSync(file)) {
    if (existsSync(storeFile(folder)))
      throw new WetreadError(
        'store-damaged',
        `The reports in ${folder} are encrypted and their key file store.key is missing. Put the file back, or choose another data folder.`,
      );
    makeKeyFile(folder, file);
  }
  // A key that others can read is no secret: tighten rather than refuse, as a restored backup often loses its mode.
  if (process.platform !== 'win32') chmodSync(file, 0o600);
  const key = StoreKey.safeParse(readFileSync(file, 'utf8').trim());
  if (!key.success)
    throw new WetreadError('store-damaged', `${file} is not a key of Wetread. Put the right file back.`);
  return key.data;
}

/** Links a complete file into place, so that neither a crash nor a second process ever sees half a key or two keys. */
function makeKeyFile(folder: string, file: string): void {
  mkdirSync(folder, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${newKey()}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(unfinished, file);
  } catch (cause) {
    if (!existsSync(file)) throw cause;
  } finally {
    rmSync(unfinished);
  }
}
