import type { Verb } from './verbs.js';

/** Measures retrieval. What measures is loaded only here: no other verb needs it. */
export const bench: Verb = {
  usage: 'index bench --data DIR --out DIR [--set NAME]… [--split val|dev] [--limit N]',
  run: async (words) => (await import('../index-bench.js')).indexBench(words),
};
