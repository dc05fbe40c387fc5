import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { events } from '../../preload/calls.js';
import type { Progress } from '../../preload/values.js';
import { accountName } from '../account.js';
import { createEngine, type Engine } from '../engine.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where the command line keeps reports and indices: WETREAD_HOME, else `.wetread` in the home folder. */
export const dataFolder = process.env.WETREAD_HOME ?? join(homedir(), '.wetread');

export const packsFolder = join(root, 'models');
export const documentsFolder = join(root, 'indices');

/** The engine on the repository's packs and knowledge base; progress goes to standard error where that is a terminal. */
export async function openEngine(): Promise<Engine> {
  return createEngine({
    dataFolder,
    packsFolder,
    documentsFolder,
    user: accountName(),
    shell: true,
    onEvent: (name, value) => {
      if (name === 'progress') tell(events.progress.parse(value));
    },
  });
}

/** A terminal is told of every step; a script only of what keeps it waiting. */
function tell({ label, done, total, isWaiting, task }: Progress): void {
  const { stderr } = process;
  // The knowledge base is built in the background, and no command waits for its lock.
  if (isWaiting && task !== 'index')
    stderr.write(`${stderr.isTTY ? '\r\x1b[K' : ''}${label}; Ctrl+C ends it.\n`);
  else if (stderr.isTTY) stderr.write(`\r\x1b[K${done < total ? `${label} ${done}/${total}` : ''}`);
}

/** Runs `work` with an engine and lets go of it afterwards, whatever happens. */
export async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openEngine();
  try {
    return await work(engine);
  } finally {
    await engine.dispose();
  }
}
