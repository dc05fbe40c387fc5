import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openPack, type Pack } from '../encode/index.js';
import { WetreadError } from '../error.js';
import { searchCases } from '../evaluate/retrieval/case-sets.js';
import { compareCuts } from '../evaluate/retrieval/cut.js';
import { measureImport } from '../evaluate/retrieval/import-speed.js';
import { measureKill } from '../evaluate/retrieval/kill.js';
import { askQuestions } from '../evaluate/retrieval/questions.js';
import { measureEngines, measureScale } from '../evaluate/retrieval/scale.js';
import { type BenchSet, splits } from '../evaluate/retrieval/set.js';
import { dispose } from '../study/index.js';
import { openTrust } from '../trust/index.js';
import { dataFolder, documentsFolder, packsFolder } from './open-engine.js';

/** What can be measured, in this order. */
const sets: Record<string, BenchSet> = {
  medpix: searchCases('medpix'),
  iu: searchCases('iu'),
  distractors: searchCases('distractors'),
  questions: askQuestions,
  cut: compareCuts,
  scale: measureScale,
  engines: measureEngines,
  import: measureImport,
  kill: measureKill,
};

export const indexBenchUsage = `index bench --data DIR --out DIR [--set ${Object.keys(sets).join('|')}]… [--split ${splits.join('|')}] [--limit N]`;

/**
 * Measures retrieval: `metrics.json` in the folder `--out`, written anew after each set, and tables on standard output.
 */
export async function indexBench(words: string[]): Promise<number> {
  const values = optionsOf(words);
  const { data, out } = values;
  const split = splits.find((one) => one === values.split);
  if (!data || !out || !split) throw new WetreadError('bad-input', `Use wetread ${indexBenchUsage}.`);
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0))
    throw new WetreadError('bad-input', '--limit takes a whole number above 0.');
  const unknown = values.set?.find((name) => !(name in sets));
  if (unknown)
    throw new WetreadError(
      'bad-input',
      `There is no set ${unknown}. Choose from ${Object.keys(sets).join(', ')}.`,
    );

  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  let opening: Promise<Pack> | undefined;
  const pack = () => (opening ??= openPack(join(packsFolder, 'cxr'), { trust: openTrust(dataFolder) }));
  await mkdir(out, { recursive: true });
  const measured: Record<string, unknown> = {};
  let step = '';
  try {
    for (const [name, measure] of Object.entries(sets)) {
      if (values.set && !values.set.includes(name)) continue;
      const { metrics, lines } = await measure({
        ...{ data: resolve(data), out: resolve(out), split, limit, pack, documentsFolder },
        cacheFolder: join(dataFolder, 'evaluation'),
        signal: stop.signal,
        onProgress: (label, done, total) => {
          const tenth = `${label} ${Math.floor((10 * done) / Math.max(1, total))}`;
          if (tenth !== step) process.stderr.write(`${label} ${done}/${total}\n`);
          step = tenth;
        },
        onProblem: (message) => process.stderr.write(`wetread index bench: ${message}\n`),
      });
      measured[name] = metrics;
      process.stdout.write(`${lines.join('\n')}\n\n`);
      const file = {
        at: new Date().toISOString(),
        command: ['wetread index bench', ...words].join(' '),
        split,
        sets: measured,
      };
      await writeFile(join(out, 'metrics.json'), `${JSON.stringify(file, null, 1)}\n`);
    }
    return 0;
  } finally {
    process.off('SIGINT', interrupt);
    await opening?.then((one) => one.dispose());
    await dispose();
  }
}

function optionsOf(words: string[]) {
  try {
    return parseArgs({
      args: words,
      options: {
        data: { type: 'string' },
        out: { type: 'string' },
        set: { type: 'string', multiple: true },
        split: { type: 'string', default: 'val' },
        limit: { type: 'string' },
      },
    }).values;
  } catch (cause) {
    throw new WetreadError('bad-input', `Use wetread ${indexBenchUsage}.`, { cause });
  }
}
