import { type Child, forkReader } from '../../../main/isolate/index.js';

/** A reader whose tasks are those of `hostile-tasks.ts`. */
export function forkHostile(): Child {
  return forkReader(
    new URL('./hostile-reader.ts', import.meta.url),
    new URL('./hostile-tasks.ts', import.meta.url),
  );
}
