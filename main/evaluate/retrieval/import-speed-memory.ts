import { readFile } from 'node:fs/promises';

/** The most resident memory that a child of this process has taken so far, in megabytes; undefined where the system does not tell (only Linux does). */
export async function mostOfAChildMb(): Promise<number | undefined> {
  try {
    const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
    const pids = children.split(' ').filter((pid) => pid !== '');
    const most = await Promise.all(pids.map(mostOfMb));
    return Math.max(0, ...most);
  } catch {
    return undefined;
  }
}

/** 0: it is gone. */
async function mostOfMb(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return (Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0) * 1024) / 1e6;
}
