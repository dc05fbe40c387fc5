import { resolve } from 'node:path';

/** What the app was asked for on its command line. */
export interface Arguments {
  /** Files and folders to open, absolute. */
  paths: string[];
  /** `--draft`: draft what was opened. */
  draft: boolean;
}

/**
 * Reads a command line: everything that is no switch is a path, relative to `folder`. An app that is not packaged runs
 * as `electron <switches> <folder of the app> …`, so its first path is its own.
 */
export function readArguments(argv: string[], folder: string, packaged: boolean): Arguments {
  const words = argv.slice(1);
  const paths = words.filter((word) => !word.startsWith('-'));
  return {
    paths: (packaged ? paths : paths.slice(1)).map((path) => resolve(folder, path)),
    draft: words.includes('--draft'),
  };
}
