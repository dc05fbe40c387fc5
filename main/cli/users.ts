/**
 * Local users by script. Whoever can read the key of the store is let in without a password: they could read the reports anyway. The
 * audit trail names their account of the system.
 */
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { calls } from '../../preload/calls.js';
import { accountName } from '../account.js';
import { WetreadError } from '../error.js';
import { openStore, readOrMakeKeyFile, type Store } from '../review/index.js';
import { openSession, type Session } from '../session/index.js';
import type { Command } from './commands.js';
import { dataFolder } from './open-engine.js';

interface Given {
  session: Session;
  users: Store['users'];
  words: string[];
  options: {
    'full-name'?: string;
    roles?: string;
    password?: boolean;
    active?: boolean;
    json?: boolean;
    limit?: string;
    yes?: boolean;
  };
}

interface Verb {
  usage: string;
  run(given: Given): Promise<void>;
}

const verbs: Record<string, Verb> = {
  list: {
    usage: 'users list [--json]',
    async run({ users, session, options }) {
      if (options.json) return print(JSON.stringify(users.list()));
      for (const { name, fullName, roles, active } of users.list())
        print([name, fullName, active ? roles.join(', ') : 'removed'].join('\t'));
      print(`Locks after ${session.state().lockMinutes} idle minutes.`);
    },
  },
  add: {
    usage: 'users add NAME --full-name "Dr. Ada Reader" --roles radiologist,administrator < password',
    async run({ session, words, options }) {
      const { password, ...user } = parsed(calls['user.add'].input, {
        name: words[0],
        fullName: options['full-name'],
        roles: options.roles?.split(','),
        password: await passwordFromStdin(),
      });
      const { name, roles } = await session.addUser(user, password);
      print(`${name}: ${roles.join(', ')}`);
    },
  },
  change: {
    usage: 'users change NAME [--full-name …] [--roles …] [--active] [--password < password]',
    async run({ session, words, options }) {
      const { user, ...change } = parsed(calls['user.change'].input, {
        user: words[0],
        ...(options['full-name'] !== undefined && { fullName: options['full-name'] }),
        ...(options.roles !== undefined && { roles: options.roles.split(',') }),
        ...(options.active && { active: true }),
        ...(options.password && { password: await passwordFromStdin() }),
      });
      const { name, roles } = await session.changeUser(user, change);
      print(`${name}: ${roles.join(', ')}`);
    },
  },
  remove: {
    usage: 'users remove NAME',
    async run({ session, words }) {
      const { user } = parsed(calls['user.remove'].input, { user: words[0] });
      print(`${session.removeUser(user).name}: removed`);
    },
  },
  lock: {
    usage: 'users lock MINUTES',
    async run({ session, words }) {
      const { minutes } = parsed(calls['session.setLock'].input, { minutes: Number(words[0]) });
      print(`Locks after ${session.setLock(minutes).lockMinutes} idle minutes.`);
    },
  },
  log: {
    usage: 'users log [--limit N] [--json]',
    async run({ users, options }) {
      const { limit } = parsed(calls['user.log'].input, { limit: Number(options.limit ?? 100) });
      for (const entry of users.log(limit)) {
        const { seq, at, who, action, subject, detail } = entry;
        if (options.json) print(JSON.stringify({ seq, at, who, action, subject, detail }));
        else print([at, who, action, subject ?? '', detail ?? ''].join('\t'));
      }
    },
  },
  reset: {
    usage: 'users reset --yes    (removes all users: Wetread then opens without a password)',
    async run({ session, options }) {
      if (!options.yes)
        throw new WetreadError(
          'bad-input',
          'Wetread then opens without a password. If that is meant, add --yes.',
        );
      session.reset();
      print('All users are removed.');
    },
  },
};

export const usersCommand: Command = {
  usage: `users ${Object.keys(verbs).join('|')} …`,
  async run([name = '', ...rest]) {
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (!verb) {
      const all = Object.values(verbs).map(({ usage }) => `  wetread ${usage}`);
      throw new WetreadError('bad-input', `Use one of:\n${all.join('\n')}`);
    }
    const { values, positionals } = parseArgs({
      args: rest,
      allowPositionals: true,
      options: {
        'full-name': { type: 'string' },
        roles: { type: 'string' },
        password: { type: 'boolean' },
        active: { type: 'boolean' },
        json: { type: 'boolean' },
        limit: { type: 'string' },
        yes: { type: 'boolean' },
      },
    });
    const folder = join(dataFolder, 'reports');
    const store = openStore(folder, readOrMakeKeyFile(folder), { now: () => new Date().toISOString() });
    try {
      const session = openSession({
        users: store.users,
        systemUser: accountName(),
        shell: true,
        clock: Date.now,
        onChange: () => {},
      });
      await verb.run({ session, users: store.users, words: positionals, options: values });
      return 0;
    } finally {
      store.dispose();
    }
  },
};

const print = (line: string) => {
  process.stdout.write(`${line}\n`);
};

/** The first line of standard input; a terminal would show it to the room. */
async function passwordFromStdin(): Promise<string> {
  if (process.stdin.isTTY)
    throw new WetreadError('bad-input', 'Give the password on standard input: … < file, or by a pipe.');
  return (await text(process.stdin)).split(/\r?\n/, 1)[0] ?? '';
}

function parsed<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: Error } },
  value: unknown,
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new WetreadError(
    'bad-input',
    'Something is missing or does not fit. A name has up to 40 letters, digits, dots, dashes and underscores; the roles are radiologist, resident, administrator; minutes go from 1 to 60.',
    { cause: result.error },
  );
}
