import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** The most resident memory that this process takes in one phase after the other, in megabytes. */
export class PhaseMemory<Phase extends string> {
  readonly #most = new Map<Phase, number>();
  #phase: Phase;

  constructor(phase: Phase) {
    this.#phase = phase;
    forgetMost();
  }

  enter(phase: Phase): void {
    if (phase === this.#phase) return;
    this.#note();
    this.#phase = phase;
  }

  /** The phases so far; empty where the system does not tell (only Linux does). */
  peaks(): Map<Phase, number> {
    this.#note();
    return this.#most;
  }

  #note(): void {
    const now = mostMb();
    if (now !== undefined) this.#most.set(this.#phase, Math.max(this.#most.get(this.#phase) ?? 0, now));
    forgetMost();
  }
}

function mostMb(): number | undefined {
  try {
    return mostIn(readFileSync('/proc/self/status', 'utf8'));
  } catch {
    return undefined;
  }
}

/** Has the kernel count the most anew (proc(5), `clear_refs`). */
function forgetMost(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not to be had: the most so far then counts for what follows too.
  }
}

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
  return mostIn(status);
}

const mostIn = (status: string) => (Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0) * 1024) / 1e6;
