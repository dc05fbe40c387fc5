import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WetreadError } from '../../error.js';
import { memoryGivenBack } from '../../import/index.js';
import { openLibrary } from '../../retrieve/index.js';
import { Outcome, type Task } from './import-speed-task.js';

const script = fileURLToPath(new URL('./import-speed-child.ts', import.meta.url));

/** An import that runs in a process of its own. */
export interface RunningImport {
  child: ChildProcess;
  /** When it has begun to import, or has ended before. */
  ready: Promise<void>;
  /** Its outcome; undefined where it was killed. */
  ended: Promise<Outcome | undefined>;
}

/** Starts an import in a process of its own. */
export function startImport(task: Task, signal?: AbortSignal): RunningImport {
  const child = spawn(process.execPath, [...process.execArgv, script, JSON.stringify(task)], {
    // As the command line imports.
    env: { ...process.env, ...memoryGivenBack },
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(signal && { signal }),
  });
  let last = '';
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      last = line;
      if (line === 'ready') resolve();
    });
    child.once('exit', () => resolve());
  });
  const ended = once(child, 'close').then(([code, killedBy]) => {
    if (killedBy !== null) return undefined;
    if (code !== 0) throw new WetreadError('internal', `The import ended with code ${code}.`);
    return Outcome.parse(JSON.parse(last));
  });
  return { child, ready, ended };
}

/** A new dataset in the library at `folder`, for imports with these vectors; returns its id. */
export async function addDataset(folder: string, vectors: Task['vectors']): Promise<string> {
  const library = await openLibrary({
    folder,
    embedder: vectors === 'pack' ? 'pack' : 'drawn',
    embed: async () => [],
  });
  const { id } = await library.add({ title: 'Import' });
  await library.dispose();
  return id;
}
