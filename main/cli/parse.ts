import { createInterface } from 'node:readline';
import { z } from 'zod';
import { parseFindings } from '../draft/index.js';
import type { Command } from './commands.js';

const Line = z.object({ text: z.string() });

/** The finding parser as a filter, so that training rewards what grounding and evaluation see. */
export const parseCommand: Command = {
  usage: 'parse                         JSON lines {text} in, {findings: [{finding, state, side}]} out',
  async run() {
    for await (const line of createInterface({ input: process.stdin })) {
      if (line.trim() === '') continue;
      const { text } = Line.parse(JSON.parse(line));
      process.stdout.write(`${JSON.stringify({ findings: parseFindings(text) })}\n`);
    }
    return 0;
  },
};
