import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Absolute path of something in the project. */
export const fromRoot = (...path: string[]): string => join(root, ...path);
