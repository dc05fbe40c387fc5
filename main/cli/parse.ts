import { createInterface } from 'node:readline';
import { z } from 'zod';
import { comparison } from '../draft/priors.js';
import { parseFindings } from '../findings/index.js';
import type { Command } from './commands.js';

const Line = z.object({ text: z.string() });

/**
 * The finding parser as a filter, so that training rewards what grounding and evaluation see. `comparison` holds the words
 * by which the text compares with an earlier examination, null where it does not. Each line is answered at once.
 */
export const parseCommand: Command = {
  usage:
    'parse                         JSON lines {text} in, {findings: [{finding, state, side}], comparison} out',
  async run() {
    for await (const line of createInterface({ input: process.stdin })) {
      if (line.trim() === '') continue;
      const { text } = Line.parse(JSON.parse(line));
      const read = { findings: parseFindings(text), comparison: comparison(text) ?? null };
      process.stdout.write(`${JSON.stringify(read)}\n`);
    }
    return 0;
  },
};
