/** What is trusted beyond what ships with Wetread. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { accountName } from '../account.js';
import { WetreadError } from '../error.js';
import { openTrust, type Places, type Trust } from '../trust/index.js';
import type { Command } from './commands.js';
import { dataFolder, documentsFolder, packsFolder } from './open-engine.js';

const places: Places = { packFolders: [join(packsFolder, 'cxr')], documentsFolder };
const usage = 'trust list [--json] | accept <digest> | publisher <name> <key> | remove <digest|key>';

export const trustCommand: Command = {
  usage,
  async run([verb, ...rest]) {
    const trust = openTrust(dataFolder);
    const { values, positionals } = parseArgs({
      args: rest,
      allowPositionals: true,
      options: { json: { type: 'boolean' } },
    });
    const [first, second] = positionals;
    const by = accountName();
    if (verb === 'accept' && first !== undefined) await trust.accept(first, places, by);
    else if (verb === 'publisher' && first !== undefined && second !== undefined)
      await trust.addPublisher({ name: first, key: second }, by);
    else if (verb === 'remove' && first !== undefined) await trust.remove(first);
    else if (verb !== 'list') throw new WetreadError('bad-input', `Use wetread ${usage}.`);
    await show(trust, values.json ?? false);
    return 0;
  },
};

async function show(trust: Trust, json: boolean): Promise<void> {
  const list = await trust.list(places);
  if (json) return print(JSON.stringify(list));
  if (list.problem !== undefined) print(list.problem);
  for (const { name, key, fingerprint, by, at } of list.publishers)
    print(`publisher\t${name}\t${key}\t${fingerprint}\t${by}\t${at}`);
  for (const { kind, what, digest, by, at } of list.accepted)
    print(`accepted\t${kind}\t${what}\t${digest}\t${by}\t${at}`);
  for (const { digest, signer, message } of list.waiting)
    print(`waiting\t${digest}\t${signer?.key ?? 'no signature'}\t${message}`);
  if (list.publishers.length + list.accepted.length + list.waiting.length === 0)
    print('Only what ships with Wetread is trusted, and nothing else is here.');
}

const print = (line: string) => {
  process.stdout.write(`${line}\n`);
};
