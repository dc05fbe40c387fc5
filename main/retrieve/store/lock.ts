import { type FileHandle, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 200;
/** Who holds a lock says so this often; what has been silent for long was left by a process whose id another one has now. */
const beatMs = 60 * 1000;
const staleMs = 30 * 60 * 1000;

/** Locks that this process holds: after a crash the next process may have got the same id, as in a container. */
const held = new Set<string>();

/** The lock of a dataset. */
export const lockFile = (folder: string) => join(folder, 'write.lock');

export type Release = () => Promise<void>;

/**
 * Takes the lock file `file`, waiting while another process that lives holds it; the command line and the window may both
 * want to write. Returns what releases it.
 */
export async function takeLock(file: string, signal?: AbortSignal): Promise<Release> {
  for (;;) {
    signal?.throwIfAborted();
    const release = await tryLock(file);
    if (release !== undefined) return release;
    await sleep(pollMs, undefined, { signal });
  }
}

/** Takes the lock file `file` if nobody holds it. */
export async function tryLock(file: string): Promise<Release | undefined> {
  if (await isStale(file)) await rm(file, { force: true });
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return undefined;
    throw thrown;
  }
  try {
    await handle.writeFile(String(process.pid));
  } catch (thrown) {
    // A full disk has room for the file and none for what is in it.
    await rm(file, { force: true });
    throw thrown;
  } finally {
    await handle.close();
  }
  held.add(file);
  const beat = setInterval(() => {
    const now = new Date();
    // Gone with its dataset's folder: nothing to keep then.
    utimes(file, now, now).catch(() => {});
  }, beatMs);
  beat.unref();
  return async () => {
    clearInterval(beat);
    held.delete(file);
    await rm(file, { force: true });
  };
}

/** Whether somebody who lives holds the lock. */
export async function isLocked(file: string): Promise<boolean> {
  try {
    await stat(file);
  } catch {
    return false;
  }
  return !(await isStale(file));
}

async function isStale(file: string): Promise<boolean> {
  try {
    const [pid, { mtimeMs }] = [Number(await readFile(file, 'utf8')), await stat(file)];
    const ageMs = Date.now() - mtimeMs;
    // Just created, its writer's id not in it yet.
    if (!(pid > 0)) return ageMs > pollMs * 10;
    return ageMs > staleMs || (pid === process.pid ? !held.has(file) : !isAlive(pid));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}
