/** The thread of a reader of studies for which some files are fatal, by their names; the others are read as they are. */
import { doTasks } from '../../../main/isolate/do-tasks.js';
import { entry, type Task, type TaskTable } from '../../../main/isolate/task.js';
import { tasks } from '../../../main/study/pool.js';
import { runTask } from '../../../main/study/tasks.js';

/** Keeps what is taken alive. */
const taken: unknown[] = [];

const study = (name: 'scan' | 'frame', task: Task<object, unknown>): TaskTable =>
  entry(task, async (input) => {
    const files = 'files' in input ? input.files : 'file' in input ? [input.file] : [];
    const text = String(files);
    if (text.includes('segfault')) process.kill(process.pid, 'SIGSEGV');
    if (text.includes('hang')) for (;;) taken.length = 0;
    if (text.includes('bomb')) for (;;) taken.push(new Uint8Array(16 * 2 ** 20).fill(1));
    return runTask(name, tasks[name].input.parse(input));
  });

doTasks({ ...study('scan', tasks.scan), ...study('frame', tasks.frame) });
