/** Signing a model pack, and checking one as Wetread would. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openPack } from '../encode/index.js';
import { WetreadError } from '../error.js';
import { fingerprintOf, openTrust, signPack } from '../trust/index.js';
import type { Command } from './commands.js';
import { dataFolder } from './open-engine.js';

const usage = 'pack sign <folder> --key FILE | verify <folder>';

export const packCommand: Command = {
  usage,
  async run([verb, ...rest]) {
    const { values, positionals } = parseArgs({
      args: rest,
      allowPositionals: true,
      options: { key: { type: 'string' } },
    });
    const [folder] = positionals;
    if (folder === undefined) throw new WetreadError('bad-input', `Use wetread ${usage}.`);
    if (verb === 'sign' && values.key !== undefined) {
      const key = await signPack(folder, await readFile(values.key, 'utf8'));
      process.stdout.write(`signed by ${key}\nfingerprint ${fingerprintOf(key)}\n`);
      return 0;
    }
    if (verb !== 'verify') throw new WetreadError('bad-input', `Use wetread ${usage}.`);
    const pack = await openPack(folder, { trust: openTrust(dataFolder) });
    const { id, version, files } = pack.manifest;
    const { kind, publisher } = pack.trust;
    await pack.dispose();
    const why = {
      shipped: 'ships with this Wetread',
      signed: `signed by ${publisher?.name} (${publisher?.fingerprint})`,
      accepted: 'trusted by the user',
    }[kind];
    process.stdout.write(`${id} ${version}: ${Object.keys(files).length} files match; ${why}\n`);
    return 0;
  },
};
