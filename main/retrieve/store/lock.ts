import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Progress } from '../../../preload/values.js';
import { WetreadError } from '../../error.js';

const pollMs = 200;
/** Who holds a lock says so this often. */
const beatMs = 5000;
/** Who has not for so long has lost it: its process hangs, or another one has its number now. */
const leaseMs = 5 * 60 * 1000;
/**
 * For so long, awake, the silence must have been watched: when a computer wakes, all locks look forsaken, and their owners are just
 * waking too.
 */
const watchedPolls = (3 * beatMs) / pollMs;

/** Locks that this process holds, by token: after a crash the next process may have got the same id, as in a container. */
const held = new Set<string>();

/** What stands in a lock file. */
const Content = z.object({ pid: z.number().int().positive(), token: z.string(), since: z.string() });
type Content = z.infer<typeof Content>;

/** Who holds a lock that is waited for. */
export interface Holder {
  since: Date;
  /** This very process: another task of it. */
  isOwn: boolean;
}

export interface WaitOptions {
  signal?: AbortSignal | undefined;
  /** Told once of each holder that is waited for. */
  onWait?: ((holder: Holder) => void) | undefined;
}

/** A lock that is held, unless it was lost meanwhile. */
export interface Lock {
  /** Its last holder lives and was only silent: what it had begun may still come. */
  readonly isTakenOver: boolean;
  /**
   * To be asked before each write, since a process that was stopped for longer than the lease finds another one writing.
   * @throws WetreadError `wrong-state` where the lock was lost
   */
  requireHeld(): Promise<void>;
  release(): Promise<void>;
}

/** The lock of a dataset. */
export const lockFile = (folder: string) => join(folder, 'write.lock');

/** How waiting for a holder is told as the progress of a task. @param title - of what it holds */
export function waitingFor(title: string, { since, isOwn }: Holder): Omit<Progress, 'task'> {
  const at = since.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  const who = isOwn ? 'another task of this Wetread' : 'another Wetread';
  return {
    label: `Waiting: ${who} is writing ${title} (since ${at})`,
    done: 0,
    total: 0,
    isWaiting: true,
  };
}

/**
 * Takes the lock file `file`, waiting while another process that lives holds it; the command line and the window may both
 * want to write.
 */
export async function takeLock(file: string, { signal, onWait }: WaitOptions = {}): Promise<Lock> {
  let [told, beat, polls] = ['', 0, 0];
  for (;;) {
    signal?.throwIfAborted();
    const seen = await look(file);
    polls = seen?.mtimeMs === beat ? polls + 1 : 0;
    beat = seen?.mtimeMs ?? 0;
    const lock = await tryFor(file, seen, seen !== undefined && isGone(seen, polls >= watchedPolls));
    if (lock !== undefined) return lock;
    const holder = seen?.content;
    if (holder !== undefined && holder.token !== told) {
      told = holder.token;
      onWait?.({ since: new Date(holder.since), isOwn: held.has(holder.token) });
    }
    await sleep(pollMs, undefined, { signal });
  }
}

/** Takes the lock file `file` if nobody holds it. */
export async function tryLock(file: string): Promise<Lock | undefined> {
  const seen = await look(file);
  return await tryFor(file, seen, seen !== undefined && isGone(seen, true));
}

/** Whether somebody who lives holds the lock. */
export async function isLocked(file: string): Promise<boolean> {
  const seen = await look(file);
  return seen !== undefined && !isGone(seen, true);
}

interface Seen {
  /** Undefined: not written yet, or damaged. */
  content: Content | undefined;
  mtimeMs: number;
}

async function look(file: string): Promise<Seen | undefined> {
  try {
    const [text, { mtimeMs }] = [await readFile(file, 'utf8'), await stat(file)];
    return { content: contentIn(text), mtimeMs };
  } catch {
    return undefined;
  }
}

function contentIn(text: string): Content | undefined {
  try {
    return Content.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** @param isWatched - whether a silence that is longer than the lease counts */
function isGone({ content, mtimeMs }: Seen, isWatched: boolean): boolean {
  const silentMs = Date.now() - mtimeMs;
  // Just created, its holder not in it yet.
  if (content === undefined) return silentMs > pollMs * 10;
  if (content.pid === process.pid) return !held.has(content.token);
  return !isAlive(content.pid) || (silentMs > leaseMs && isWatched);
}

async function tryFor(file: string, seen: Seen | undefined, isForsaken: boolean): Promise<Lock | undefined> {
  if (isForsaken) await putAside(file, seen?.content?.token);
  const token = randomUUID();
  if (!(await create(file, token))) return undefined;
  held.add(token);
  const beat = setInterval(() => void keep(file, token), beatMs);
  beat.unref();
  const pid = seen?.content?.pid;
  return {
    isTakenOver: isForsaken && pid !== undefined && pid !== process.pid && isAlive(pid),
    async requireHeld() {
      if ((await look(file))?.content?.token === token) return;
      throw new WetreadError(
        'wrong-state',
        'Another Wetread took over this dataset while this one was stopped or asleep. What was stored before is there; do the rest again.',
      );
    },
    async release() {
      clearInterval(beat);
      held.delete(token);
      if ((await look(file))?.content?.token === token) await rm(file, { force: true });
    },
  };
}

/** @returns false where it is there already */
async function create(file: string, token: string): Promise<boolean> {
  const content: Content = { pid: process.pid, token, since: new Date().toISOString() };
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(JSON.stringify(content));
    } catch (thrown) {
      // A full disk has room for the file and none for what is in it.
      await rm(file, { force: true });
      throw thrown;
    } finally {
      await handle.close();
    }
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
}

/** Says that the holder lives, unless the lock is another's by now or gone with its folder. */
async function keep(file: string, token: string): Promise<void> {
  if ((await look(file))?.content?.token !== token) return;
  const now = new Date();
  await utimes(file, now, now).catch(() => {});
}

/** Removes a forsaken lock, and no other: two may find it forsaken, and the faster of them holds it by now. */
async function putAside(file: string, token: string | undefined): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  // Where it cannot be given back, its holder finds before its next write that it lost it.
  if ((await look(aside))?.content?.token !== token) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}
