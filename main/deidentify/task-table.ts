import { entry, type TaskTable } from '../isolate/index.js';
import { Pseudonyms } from './dicom/pseudonym.js';
import { rewriteObject } from './dicom/rewrite.js';
import { rewriteTask } from './dicom/tasks.js';

/** What a reader does for de-identification. */
export const deidentifyTasks: TaskTable = {
  ...entry(rewriteTask, async ({ file, target, options, secret }) =>
    rewriteObject(file, { target, options: new Set(options), pseudonyms: new Pseudonyms(secret) }),
  ),
};
