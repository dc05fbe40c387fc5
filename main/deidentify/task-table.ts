import { entry, type TaskTable } from '../isolate/index.js';
import { boxesIn, inspectObject } from './burned-in/inspect.js';
import { Pseudonyms } from './dicom/pseudonym.js';
import { readHeader } from './dicom/read-header.js';
import { rewriteObject } from './dicom/rewrite.js';
import { headerTask, inspectTask, rewriteTask, searchTask } from './dicom/tasks.js';
import { rewritePicture } from './rewrite-picture.js';

/** What a reader does for de-identification. */
export const deidentifyTasks: TaskTable = {
  ...entry(rewriteTask, async ({ file, target, options, secret, boxes }) => {
    const pseudonyms = new Pseudonyms(secret);
    const picture = await rewritePicture(file, { target, pseudonyms, boxes });
    if (picture) return { ...picture, ending: 'png' as const };
    const object = await rewriteObject(file, { target, options: new Set(options), pseudonyms, boxes });
    return { ...object, ending: 'dcm' as const };
  }),
  ...entry(inspectTask, ({ file }) => inspectObject(file)),
  ...entry(searchTask, async ({ image, modality }) => ({
    // An import stores 192 pixels a side at most: what cannot be read there need not be found.
    boxes: boxesIn(image, modality, { largestDoubledPx: 400 }),
  })),
  ...entry(headerTask, ({ file }) => readHeader(file)),
};
