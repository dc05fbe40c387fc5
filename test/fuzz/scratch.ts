import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Linux keeps files in memory; elsewhere the folder for temporary files. */
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
let folder: string | undefined;

/** A folder of this process, gone when it ends. */
export function scratchFolder(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(base, 'wetread-fuzz-'));
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
    process.on('SIGTERM', () => process.exit(0));
    folder = made;
  }
  return folder;
}

/** A file that is written again for each execution, for readers that take a path. */
export function scratchFile(name: string): { write(bytes: Uint8Array): string } {
  return {
    write(bytes) {
      const path = join(scratchFolder(), name);
      writeFileSync(path, bytes);
      return path;
    },
  };
}
