/** Local users in the store: each change and its entry in the audit trail in one transaction. Who may do it is decided elsewhere. */
import { z } from 'zod';
import { Role, User } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import {
  type AuditAction,
  type AuditEntry,
  appendAudit,
  hashOfUser,
  readAccessAudit,
  UserRow,
} from './audit.js';
import { type Connection, inTransaction } from './database.js';
import { StoredPassword } from './password.js';

/** The name that stands for all names that nobody has, where failed sign-ins are counted. */
export const unknownName = '';

/** Failed sign-ins of one name since it last signed in. */
export interface FailedSignIns {
  count: number;
  /** Of the last one, ISO 8601 UTC. */
  at: string;
}

/** Synchronous; every call throws WetreadError as those of the store do. */
export interface Users {
  /** Whether anybody has to sign in: whether there is an active user. */
  any(): boolean;
  /** All users, removed ones too, by name. */
  list(): User[];
  find(name: string): User | undefined;
  password(name: string): StoredPassword | undefined;
  /** @throws WetreadError `wrong-state` where the name is taken, also by a removed user. */
  add(user: User, password: StoredPassword, who: string): void;
  /**
   * @throws WetreadError `not-found` for a name that nobody has; `wrong-state` where active users would be left without an
   *   administrator.
   */
  change(
    name: string,
    change: Partial<Omit<User, 'name'>> & { password?: StoredPassword },
    who: string,
  ): User;

  failedSignIns(name: string): FailedSignIns;
  /** Counts a failed sign-in; durable when it returns. */
  countFailedSignIn(name: string): void;
  forgetFailedSignIns(name: string): void;

  /** A number kept under a name; undefined where none was set. */
  setting(name: string): number | undefined;
  set(name: string, value: number, who: string): void;

  /** Appends an entry about access that changes nothing. */
  note(entry: { who: string; action: AuditAction; subject?: string; detail?: string }): void;
  /** The newest entries about access, newest first. */
  log(limit: number): AuditEntry[];
}

type Guard = <A extends unknown[], T>(work: (...inputs: A) => T) => (...inputs: A) => T;

/** The users of an open store; `guarded` turns what SQLite throws into WetreadErrors. */
export function usersOf(database: Connection, { now }: { now: () => string }, guarded: Guard): Users {
  const writing = <T>(work: () => T): T => inTransaction(database, work);
  const rowOf = (name: string): UserRow | undefined => {
    const row = database.prepare('SELECT * FROM users WHERE name = ?').get([name]);
    return row === undefined ? undefined : UserRow.parse(row);
  };
  const append = (
    entry: { who: string; action: AuditAction; subject?: string; detail?: string },
    before: UserRow | undefined,
    after: UserRow | undefined,
  ) =>
    appendAudit(database, {
      ...{ at: now(), report: '', sentence: null, evidence: [], ...entry },
      before: before ? hashOfUser(before) : null,
      after: after ? hashOfUser(after) : '',
    });
  const write = (row: UserRow) =>
    database
      .prepare(
        `INSERT INTO users (name, full_name, roles, active, password) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET full_name = excluded.full_name, roles = excluded.roles, active = excluded.active,
           password = excluded.password`,
      )
      .run([row.name, row.full_name, row.roles, row.active, row.password]);
  const list = () =>
    database
      .prepare('SELECT * FROM users ORDER BY name')
      .all([])
      .map((row) => userOf(UserRow.parse(row)));

  return {
    any: guarded(() => database.prepare('SELECT 1 FROM users WHERE active = 1 LIMIT 1').get() !== undefined),
    list: guarded(list),
    find: guarded((name) => {
      const row = rowOf(name);
      return row && userOf(row);
    }),
    password: guarded((name) => {
      const row = rowOf(name);
      return row && StoredPassword.parse(JSON.parse(row.password));
    }),
    add: guarded((user, password, who) =>
      writing(() => {
        if (rowOf(user.name))
          throw new WetreadError(
            'wrong-state',
            `The name ${user.name} is taken. A user that was removed keeps the name and can be brought back.`,
          );
        const row = rowFrom(user, password);
        write(row);
        append(
          { who, action: 'user-add', subject: user.name, detail: describe(undefined, row) },
          undefined,
          row,
        );
      }),
    ),
    change: guarded((name, change, who) =>
      writing(() => {
        const before = rowOf(name);
        if (!before) throw new WetreadError('not-found', `There is no user ${name}.`);
        const user = userOf(before);
        const { password, ...rest } = change;
        const after = rowFrom(
          { ...user, ...rest },
          password ?? StoredPassword.parse(JSON.parse(before.password)),
        );
        const detail = describe(before, after);
        if (detail === '') return user;
        write(after);
        requireAdministrator(list());
        const action = before.active === 1 && after.active === 0 ? 'user-remove' : 'user-change';
        append({ who, action, subject: name, detail }, before, after);
        return userOf(after);
      }),
    ),
    failedSignIns: guarded((name) =>
      FailedRow.parse(
        database.prepare('SELECT count, at FROM failed_sign_ins WHERE name = ?').get([name]) ?? {
          count: 0,
          at: now(),
        },
      ),
    ),
    countFailedSignIn: guarded((name) => {
      database
        .prepare(
          `INSERT INTO failed_sign_ins (name, count, at) VALUES (?, 1, ?)
           ON CONFLICT (name) DO UPDATE SET count = count + 1, at = excluded.at`,
        )
        .run([name, now()]);
    }),
    forgetFailedSignIns: guarded((name) => {
      database.prepare('DELETE FROM failed_sign_ins WHERE name = ?').run([name]);
    }),
    setting: guarded((name) => {
      const row = database.prepare('SELECT value FROM settings WHERE name = ?').get([name]);
      return row === undefined ? undefined : Number(SettingRow.parse(row).value);
    }),
    set: guarded((name, value, who) =>
      writing(() => {
        database
          .prepare(
            'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
          )
          .run([name, String(value)]);
        append({ who, action: 'setting', detail: `${name}: ${value}` }, undefined, undefined);
      }),
    ),
    note: guarded((entry) => writing(() => append(entry, undefined, undefined))),
    log: guarded((limit) => readAccessAudit(database, limit)),
  };
}

const FailedRow = z.object({ count: z.number().int(), at: z.string() });
const SettingRow = z.object({ value: z.string() });

function userOf(row: UserRow): User {
  return User.parse({
    name: row.name,
    fullName: row.full_name,
    roles: JSON.parse(row.roles),
    active: row.active === 1,
  });
}

function rowFrom(user: User, password: StoredPassword): UserRow {
  const { name, fullName, roles, active } = User.parse(user);
  return {
    name,
    full_name: fullName,
    // In one order, so that the same roles are the same text.
    roles: JSON.stringify(Role.options.filter((role) => roles.includes(role))),
    active: active ? 1 : 0,
    password: JSON.stringify(StoredPassword.parse(password)),
  };
}

/** What changed, for the trail. */
function describe(before: UserRow | undefined, after: UserRow): string {
  const changes = [];
  if (before?.full_name !== after.full_name) changes.push(`full name: ${after.full_name}`);
  if (before?.roles !== after.roles) changes.push(`roles: ${JSON.parse(after.roles).join(', ')}`);
  if (before && before.active !== after.active) changes.push(after.active ? 'brought back' : 'removed');
  if (before && before.password !== after.password) changes.push('password');
  return changes.join('; ');
}

/** Active users without an administrator could never again be changed; no active user at all is an app without users. */
function requireAdministrator(users: User[]): void {
  const active = users.filter((user) => user.active);
  if (active.length > 0 && !active.some((user) => user.roles.includes('administrator')))
    throw new WetreadError(
      'wrong-state',
      'This is the only administrator. Make another user an administrator first.',
    );
}
