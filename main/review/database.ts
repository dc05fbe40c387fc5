/**
 * The encrypted database file. Only this file imports libsql.
 *
 * libsql's cipher (AES-256-CBC over every page, WAL included) carries no authentication: a wrong key shows only as "file
 * is not a database". Worse, a writable connection with a wrong key that finds a WAL left by a crash checkpoints it
 * when it closes and destroys the file. Therefore the key is tried on a read-only connection first.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { z } from 'zod';
import { diskFull, WetreadError } from '../error.js';
import { migrations } from './tables.js';

export type Connection = Database.Database;

/** Path of the database in a data folder. */
export function storeFile(folder: string): string {
  return join(folder, 'store.db');
}

/**
 * Opens, or makes, the database of `folder` and brings its tables up to date.
 * @throws WetreadError `store-damaged` for a wrong key, a damaged file, or a store of a newer Wetread.
 */
export function openDatabase(folder: string, key: string): Connection {
  const file = storeFile(folder);
  mkdirSync(folder, { recursive: true });
  return translated(file, () => {
    if (existsSync(file)) tryKey(file, key);
    const database = new Database(file, encryption(key));
    try {
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.pragma('busy_timeout = 5000');
      database.pragma('foreign_keys = ON');
      // Sorting must not spill plain text into a temporary file.
      database.pragma('temp_store = MEMORY');
      migrate(database);
    } catch (thrown) {
      database.close();
      throw thrown;
    }
    return database;
  });
}

/** Runs `work`, turning what SQLite throws into a WetreadError that names `file`. */
export function translated<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw translate(file, thrown);
  }
}

/** Runs `work` in one transaction that takes the write lock at once, so that what it reads cannot change before it writes. */
export function inTransaction<T>(database: Connection, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (thrown) {
    try {
      database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full; what tells why is the first error.
    }
    throw thrown;
  }
}

function encryption(key: string): Database.Options & { encryptionCipher: string; encryptionKey: string } {
  return { encryptionCipher: 'aes256cbc', encryptionKey: key };
}

function tryKey(file: string, key: string): void {
  const reader = new Database(`${pathToFileURL(file).href}?mode=ro`, encryption(key));
  try {
    reader.prepare('SELECT count(*) FROM sqlite_master').get();
  } finally {
    reader.close();
  }
}

const UserVersion = z.object({ user_version: z.number().int() });

function migrate(database: Connection): void {
  inTransaction(database, () => {
    const { user_version: version } = UserVersion.parse(database.prepare('PRAGMA user_version').get());
    if (version > migrations.length)
      throw new WetreadError(
        'store-damaged',
        'The reports were stored by a newer Wetread than this one. Update Wetread to open them.',
      );
    for (const sql of migrations.slice(version)) database.exec(sql);
    if (version < migrations.length) database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function translate(file: string, thrown: unknown): unknown {
  if (thrown instanceof WetreadError || !(thrown instanceof Error)) return thrown;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  // libsql reports a file that cannot be opened without a code, only with SQLite's number 14 (CANTOPEN) in the message.
  if (
    code.startsWith('SQLITE_CANTOPEN') ||
    code.startsWith('SQLITE_READONLY') ||
    /: 14\b/.test(thrown.message)
  )
    return new WetreadError('not-allowed', `${file} cannot be opened for writing. Check its permissions.`, {
      cause: thrown,
    });
  // The first write to a WAL of its own makes room for shared memory, whose lack has a code of its own.
  if (code.startsWith('SQLITE_FULL') || code === 'SQLITE_IOERR_SHMSIZE')
    return new WetreadError('disk-full', diskFull, { cause: thrown });
  if (code.startsWith('SQLITE_BUSY'))
    return new WetreadError('timed-out', `${file} is held by another program. Try again.`, { cause: thrown });
  if (code.startsWith('SQLITE_NOTADB'))
    return new WetreadError(
      'store-damaged',
      `${file} cannot be read: its key is not the one it was made with, or the file is damaged. Nothing was changed in it.`,
      { cause: thrown },
    );
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_IOERR'))
    return new WetreadError('store-damaged', `${file} is damaged. Restore it from a backup.`, {
      cause: thrown,
    });
  return thrown;
}
