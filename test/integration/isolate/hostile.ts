import { type Child, forkReader } from '../../../main/isolate/index.js';

const fork = (tasks: string) =>
  forkReader(new URL('./hostile-reader.ts', import.meta.url), new URL(tasks, import.meta.url));

/** A reader whose tasks are those of `hostile-tasks.ts`. */
export const forkHostile = (): Child => fork('./hostile-tasks.ts');

/** A reader of studies that some files break. */
export const forkHostileStudy = (): Child => fork('./hostile-study-tasks.ts');
