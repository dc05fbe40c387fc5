import { entry, type TaskTable } from '../isolate/index.js';
import { tasks } from './pool.js';
import { runTask } from './tasks.js';

/** What a reader does for studies. */
export const studyTasks: TaskTable = {
  ...entry(tasks.scan, (input) => runTask('scan', input)),
  ...entry(tasks.members, (input) => runTask('members', input)),
  ...entry(tasks.frame, (input) => runTask('frame', input)),
  ...entry(tasks.describe, (input) => runTask('describe', input)),
  ...entry(tasks.report, (input) => runTask('report', input)),
  ...entry(tasks.same, (input) => runTask('same', input)),
};
