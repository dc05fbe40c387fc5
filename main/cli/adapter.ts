import { join } from 'node:path';
import { adapterInUse, chooseAdapter } from '../adapter-choice.js';
import { openPack } from '../encode/index.js';
import { WetreadError } from '../error.js';
import { openTrust } from '../trust/index.js';
import type { Command } from './commands.js';
import { dataFolder, packsFolder } from './open-engine.js';

export const adapterCommand: Command = {
  usage: 'adapter list|use <id>|use none',
  async run([verb, id]) {
    const pack = await openPack(join(packsFolder, 'cxr'), { trust: openTrust(dataFolder) });
    try {
      if (verb === 'use' && id) await chooseAdapter(dataFolder, pack, id === 'none' ? null : id);
      else if (verb !== 'list') throw new WetreadError('bad-input', `Use wetread ${adapterCommand.usage}.`);
      const inUse = await adapterInUse(dataFolder, pack);
      for (const { id: known, title } of [
        { id: 'none', title: 'the decoder as trained' },
        ...pack.manifest.adapters,
      ])
        process.stdout.write(`${known}${known === (inUse ?? 'none') ? ' (in use)' : ''}: ${title}\n`);
      return 0;
    } finally {
      await pack.dispose();
    }
  },
};
