import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openPack } from '../encode/index.js';
import { WetreadError } from '../error.js';
import { evaluate, type SystemName, systemNames, tableOf } from '../evaluate/index.js';
import { dispose } from '../study/index.js';
import { openTrust } from '../trust/index.js';
import type { Command } from './commands.js';
import { dataFolder, documentsFolder, packsFolder } from './open-engine.js';

export const evalCommand: Command = {
  usage: `eval --dataset DIR --split S [--corpus DIR] [--system ${systemNames.join('|')}]… [--limit N] [--shuffled] --out DIR`,
  async run(words) {
    const values = optionsOf(words);
    const { dataset, split, out } = values;
    if (!dataset || !split || !out) throw new WetreadError('bad-input', `Use wetread ${evalCommand.usage}.`);
    const limit = values.limit === undefined ? undefined : Number(values.limit);
    if (limit !== undefined && !(Number.isInteger(limit) && limit > 0))
      throw new WetreadError('bad-input', '--limit takes a whole number above 0.');
    const systems = systemsOf(values.system);

    const stop = new AbortController();
    const interrupt = () => stop.abort();
    process.once('SIGINT', interrupt);
    const progress = progressLine();
    const pack = await openPack(join(packsFolder, 'cxr'), { trust: openTrust(dataFolder) });
    try {
      const metrics = await evaluate(
        pack,
        {
          dataset: resolve(dataset),
          corpus: resolve(values.corpus ?? dataset),
          ...{ split, systems, limit, shuffled: values.shuffled, out: resolve(out) },
          lenient: values.system === undefined,
          documentsFolder,
          cacheFolder: join(dataFolder, 'evaluation'),
          command: ['wetread', 'eval', ...words].join(' '),
        },
        {
          signal: stop.signal,
          onProgress: progress.show,
          onProblem: (message) => progress.say(`wetread eval: ${message}`),
        },
      );
      progress.clear();
      process.stdout.write(`${tableOf(metrics)}\n`);
      return metrics.counts.unreadable === metrics.counts.studies ? 1 : 0;
    } finally {
      progress.clear();
      process.off('SIGINT', interrupt);
      await pack.dispose();
      await dispose();
    }
  },
};

function optionsOf(words: string[]) {
  try {
    return parseArgs({
      args: words,
      options: {
        dataset: { type: 'string' },
        split: { type: 'string' },
        corpus: { type: 'string' },
        system: { type: 'string', multiple: true },
        limit: { type: 'string' },
        shuffled: { type: 'boolean', default: false },
        out: { type: 'string' },
      },
    }).values;
  } catch (cause) {
    throw new WetreadError('bad-input', `Use wetread ${evalCommand.usage}.`, { cause });
  }
}

/** The systems that were named, in the order in which they are measured; all where none was. */
function systemsOf(named: string[] | undefined): SystemName[] {
  const unknown = named?.find((name) => !systemNames.some((known) => known === name));
  if (unknown)
    throw new WetreadError(
      'bad-input',
      `There is no system ${unknown}. Choose from ${systemNames.join(', ')}.`,
    );
  return systemNames.filter((name) => !named || named.includes(name));
}

/** Progress on standard error: one line that is written over in a terminal, else a line a tenth. */
function progressLine() {
  const terminal = process.stderr.isTTY;
  let last = '';
  const clear = () => {
    if (terminal) process.stderr.write('\r\x1b[K');
  };
  return {
    clear,
    say(line: string) {
      clear();
      process.stderr.write(`${line}\n`);
    },
    show(label: string, done: number, total: number) {
      if (terminal) process.stderr.write(`\r\x1b[K${label} ${done}/${total}`);
      else {
        const step = `${label} ${Math.floor((10 * done) / Math.max(1, total))}`;
        if (step !== last) process.stderr.write(`${label} ${done}/${total}\n`);
        last = step;
      }
    },
  };
}
