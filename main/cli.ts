#!/usr/bin/env node
/** The command line: the same engine as the window's, for batches, tests and measurements. */
import { commands } from './cli/commands.js';
import { toWetreadError } from './error.js';

// Whoever reads may have read enough: `wetread index list | head`.
process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
  if (thrown.code !== 'EPIPE') throw thrown;
  process.exit(0);
});

const [name = 'help', ...rest] = process.argv.slice(2);
const command = commands[name];
try {
  if (!command) {
    process.stdout.write(`${usage()}\n`);
    process.exitCode = name === 'help' ? 0 : 2;
  } else {
    process.exitCode = await command.run(rest);
  }
} catch (thrown) {
  const { code, message } = toWetreadError(thrown);
  process.stderr.write(`wetread ${name}: ${message} (${code})\n`);
  process.exitCode = 1;
}

function usage(): string {
  return ['Wetread drafts radiology reports. It is not a medical device; a radiologist signs.', '']
    .concat(Object.values(commands).map((one) => `  wetread ${one.usage}`))
    .join('\n');
}
