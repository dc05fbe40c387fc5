/** Entry of the thread of a reader that touches foreign bytes: all that it can do with them. */
import { doTasks } from './isolate/do-tasks.js';
import { studyTasks } from './study/task-table.js';

doTasks(studyTasks);
