import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const key = '0123456789abcdef'.repeat(4);
export const otherKey = 'fedcba9876543210'.repeat(4);

/** A data folder that goes when the test ends. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wetread-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** All bytes of all files of a folder, as Latin-1 text. */
export function rawContents(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');
}

/** A clock that is a second later at each reading. */
export function tickingClock(): () => string {
  let seconds = 0;
  return () => new Date(Date.UTC(2026, 0, 2) + 1000 * seconds++).toISOString();
}
