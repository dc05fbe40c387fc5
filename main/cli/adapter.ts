import { join } from 'node:path';
import { openPack } from '../encode/index.js';
import { WetreadError } from '../error.js';
import type { Command } from './commands.js';
import { packsFolder } from './open-engine.js';

export const adapterCommand: Command = {
  usage: 'adapter list',
  async run([verb]) {
    if (verb !== 'list') throw new WetreadError('bad-input', `Use wetread ${adapterCommand.usage}.`);
    const pack = await openPack(join(packsFolder, 'cxr'));
    for (const { id, title } of pack.manifest.adapters)
      process.stdout.write(`${id}${id === pack.manifest.defaultAdapter ? ' (in use)' : ''}: ${title}\n`);
    await pack.dispose();
    return 0;
  },
};
