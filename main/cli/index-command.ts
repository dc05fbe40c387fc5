import { WetreadError } from '../error.js';
import type { Command } from './commands.js';
import { add } from './index/add.js';
import { bench } from './index/bench.js';
import { check } from './index/check.js';
import { list } from './index/list.js';
import { publish, refresh, remove, rollback, share, trust, versions } from './index/manage.js';
import { search } from './index/search.js';
import type { Verb } from './index/verbs.js';

const verbs: Record<string, Verb> = {
  ...{ list, check, search, add, versions, rollback, remove, share, trust, refresh, publish, bench },
};

export const indexCommand: Command = {
  usage: `index ${Object.keys(verbs).join('|')} …`,
  async run([verb = '', ...words]) {
    const known = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (known) return known.run(words);
    const all = Object.values(verbs).map(({ usage }) => `  wetread ${usage}`);
    throw new WetreadError('bad-input', `Use one of:\n${all.join('\n')}`);
  },
};
