import { parseArgs } from 'node:util';
import { WetreadError } from '../error.js';
import { describeFile, dispose } from '../study/index.js';
import type { Command } from './commands.js';

export const decodeCommand: Command = {
  usage: 'decode <file>… [--json]      shape, range, SHA-256 of the decoded pixels, or the error',
  async run(words) {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { json: { type: 'boolean' } },
    });
    if (positionals.length === 0) throw new WetreadError('bad-input', 'Name at least one file to decode.');
    let failed = false;
    for (const file of positionals) {
      const description = await describeFile(file);
      const error = 'error' in description ? description.error : undefined;
      failed ||= error !== undefined;
      if (values.json) process.stdout.write(`${JSON.stringify(description)}\n`);
      else if (error) process.stdout.write(`${file}: ${error.message} (${error.code})\n`);
      else if ('shape' in description)
        process.stdout.write(`${file}: ${description.shape} ${description.range} ${description.sha256}\n`);
    }
    await dispose();
    return failed ? 1 : 0;
  },
};
