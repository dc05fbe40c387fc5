import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 200;
/** No build takes this long; what is older was left by a process whose id another one has now. */
const staleMs = 30 * 60 * 1000;

/** Locks that this process holds: after a crash the next process may have got the same id, as in a container. */
const held = new Set<string>();

/**
 * Takes the lock file `file`, waiting while another process that lives holds it; the command line and the window may both
 * want to build. Returns what releases it.
 */
export async function takeLock(file: string, signal?: AbortSignal): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      held.add(file);
      return async () => {
        held.delete(file);
        await rm(file, { force: true });
      };
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
    }
    if (await isStale(file)) await rm(file, { force: true });
    else await sleep(pollMs, undefined, { signal });
  }
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
