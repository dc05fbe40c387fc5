import { parseArgs } from 'node:util';
import { WetreadError } from '../error.js';
import { exportFormats, exportReport } from '../export/index.js';
import type { Command } from './commands.js';
import { withEngine } from './open-engine.js';

export const exportCommand: Command = {
  usage: `export <report-id> --format ${exportFormats.join('|')}`,
  async run(words) {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { format: { type: 'string', default: 'text' } },
    });
    const format = exportFormats.find((one) => one === values.format);
    const [id] = positionals;
    if (!format || !id)
      throw new WetreadError('bad-input', `Name one report, and a format: ${exportFormats.join(', ')}.`);
    return withEngine(async (engine) => {
      const { report, study } = engine.report(id);
      process.stdout.write(`${exportReport(report, study, format).trimEnd()}\n`);
      return 0;
    });
  },
};
