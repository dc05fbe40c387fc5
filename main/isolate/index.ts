/** Isolate: foreign bytes are read in processes of their own, which may die. What is read, this step does not know. */
export { type Child, forkReader, type Launch, readerFlags } from './child.js';
export { doTasks } from './do-tasks.js';
export { onParentGone } from './parent-gone.js';
export { Readers, type Session, type SubmitOptions } from './readers.js';
export { type ReaderPort, serveReader } from './serve.js';
export { entry, type Task, type TaskTable } from './task.js';
export { FromReader, ToReader } from './wire.js';

import { Readers } from './readers.js';

/** The readers of this process. */
export const readers = new Readers();
