/** A disk of its own in memory, to fill and to make read-only; needs root and Linux. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Why there can be no disk of our own here; undefined where there can. */
export const noSmallDisk: string | undefined =
  process.platform !== 'linux'
    ? 'only Linux has disks in memory'
    : process.getuid?.() !== 0
      ? 'only root may mount a disk in memory'
      : undefined;

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
