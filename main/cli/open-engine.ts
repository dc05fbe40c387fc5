import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
      if (name !== 'progress' || !process.stderr.isTTY || !('label' in value)) return;
      process.stderr.write(
        `\r\x1b[K${value.done < value.total ? `${value.label} ${value.done}/${value.total}` : ''}`,
      );
    },
  });
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
