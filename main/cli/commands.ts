import { adapterCommand } from './adapter.js';
import { decodeCommand } from './decode.js';
import { deidentifyCommand } from './deidentify.js';
import { draftCommand } from './draft.js';
import { evalCommand } from './eval.js';
import { exportCommand } from './export.js';
import { indexCommand } from './index-command.js';
import { packCommand } from './pack.js';
import { parseCommand } from './parse.js';
import { trustCommand } from './trust.js';
import { usersCommand } from './users.js';

/** One command of the command line. */
export interface Command {
  usage: string;
  /** Takes the words after the command's name; resolves to the exit code. */
  run(words: string[]): Promise<number>;
}

export const commands: Record<string, Command> = {
  draft: draftCommand,
  eval: evalCommand,
  decode: decodeCommand,
  deidentify: deidentifyCommand,
  index: indexCommand,
  export: exportCommand,
  adapter: adapterCommand,
  parse: parseCommand,
  pack: packCommand,
  trust: trustCommand,
  users: usersCommand,
};
