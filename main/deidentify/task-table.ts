import { entry, type TaskTable } from '../isolate/index.js';
import { inspectObject } from './burned-in/inspect.js';
import { Pseudonyms } from './dicom/pseudonym.js';
import { rewriteObject } from './dicom/rewrite.js';
import { inspectTask, rewriteTask } from './dicom/tasks.js';

/** What a reader does for de-identification. */
export const deidentifyTasks: TaskTable = {
  ...entry(rewriteTask, async ({ file, target, options, secret, boxes }) =>
    rewriteObject(file, { target, options: new Set(options), pseudonyms: new Pseudonyms(secret), boxes }),
  ),
  ...entry(inspectTask, ({ file }) => inspectObject(file)),
};
