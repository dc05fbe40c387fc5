/** A disk of its own in memory, to fill and to make read-only; needs root and Linux. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why there can be no disk of our own here; undefined where there can. */
export const noSmallDisk: string | undefined =
  process.platform !== 'linux'
    ? 'only Linux has disks in memory'
    : process.getuid?.() !== 0
      ? 'only root may mount a disk in memory'
      : mayMount()
        ? undefined
        : 'this system lets not even root mount a disk in memory';

/** Containers often may not. */
function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'wetread-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0;
  if (mounted) spawnSync('umount', ['--lazy', folder]);
  rmSync(folder, { recursive: true, force: true });
  return mounted;
}

export class SmallDisk {
  readonly #ballast: string;

  /** Mounts a disk of `megabytes` at `folder`, which is made. */
  constructor(
    readonly folder: string,
    megabytes: number,
  ) {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
    this.#ballast = join(folder, 'ballast');
  }

  /** Takes all that is free. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      const { bavail, bsize } = statfsSync(this.folder);
      const block = Buffer.alloc(bsize);
      for (let left = bavail; left > 0; left--) writeSync(file, block);
    } catch {
      // Full.
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  setReadOnly(readOnly: boolean): void {
    execFileSync('mount', ['-o', `remount,${readOnly ? 'ro' : 'rw'}`, this.folder]);
  }

  unmount(): void {
    execFileSync('umount', ['--lazy', this.folder]);
  }
}
