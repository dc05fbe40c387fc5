/** Entry of the thread of a reader that touches foreign bytes: all that it can do with them. */
import { deidentifyTasks } from './deidentify/task-table.js';
import { importTasks } from './import/task-table.js';
import { doTasks } from './isolate/do-tasks.js';
import { studyTasks } from './study/task-table.js';

doTasks({ ...studyTasks, ...deidentifyTasks, ...importTasks });
