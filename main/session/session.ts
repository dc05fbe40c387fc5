/**
 * Who is at the workstation, and what they may do. Without local users: the system's user, everything. With them nothing is answered
 * until one has signed in. The store is asked each time, so that what the command line changes holds at once.
 */

import { needs, roleMissing } from '../../preload/access.js';
import type { CallName } from '../../preload/calls.js';
import { Role, type SessionState, type User } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import {
  hashPassword,
  passwordProblem,
  type Store,
  type StoredPassword,
  unknownName,
  verifyPassword,
} from '../review/index.js';
import { waitSeconds } from './throttle.js';

export interface SessionOptions {
  users: Store['users'];
  /** The system's name of the user. */
  systemUser: string;
  /**
   * The command line: who can read the key can read the store, so it is asked for no password and never locked. Where there are
   * local users, the trail says that it was not one of them.
   */
  shell: boolean;
  /** Time for the throttle, in milliseconds. */
  clock: () => number;
  onChange: (state: SessionState) => void;
}

export interface Session {
  state(): SessionState;
  /** Name for the audit trail: a local user's, else the system's. */
  who(): string;
  /** Name under a signature: the signed-in user's full name; `given` where nobody signs in. */
  signature(given: string): string;
  /** @throws WetreadError `locked`, or `role-missing` where the user lacks the role. */
  requireCall(name: CallName): void;
  /** For images, which come by no call. @throws WetreadError `locked` */
  requireUnlocked(): void;
  /** @throws WetreadError `not-allowed` for a wrong name or password, or too soon after several. */
  signIn(name: string, password: string): Promise<SessionState>;
  lock(): SessionState;
  setLock(minutes: number): SessionState;
  setPassword(current: string, password: string): Promise<void>;
  addUser(user: Omit<User, 'active'>, password: string): Promise<User>;
  changeUser(
    name: string,
    change: Partial<Pick<User, 'fullName' | 'roles'>> & { active?: true; password?: string },
  ): Promise<User>;
  removeUser(name: string): User;
  /** Removes all users, so that nobody has to sign in: the way back where no administrator knows their password. */
  reset(): void;
}

const lockSetting = 'lock after idle minutes';
const lockMinutesAtFirst = 10;

/** The session of one engine; it begins locked where there are users. */
export function openSession({ users, systemUser, shell, clock, onChange }: SessionOptions): Session {
  /** No local user can have a name with a space in it. */
  const fromCommandLine = `${systemUser} (command line)`;
  let signedIn: string | undefined;
  let last: string | undefined;
  let told = '';
  let trying: Promise<unknown> = Promise.resolve();

  function state(): SessionState {
    const now = read();
    const text = JSON.stringify(now);
    if (text !== told) {
      told = text;
      onChange(now);
    }
    return now;
  }

  function read(): SessionState {
    const lockMinutes = users.setting(lockSetting) ?? lockMinutesAtFirst;
    if (shell || !users.any()) {
      signedIn = undefined;
      return {
        state: 'open',
        user: { name: systemUser, fullName: systemUser, roles: [...Role.options] },
        lockMinutes,
      };
    }
    const user = signedIn === undefined ? undefined : users.find(signedIn);
    if (user?.active) return { state: 'signed-in', user: shown(user), lockMinutes };
    signedIn = undefined;
    const before = last === undefined ? undefined : users.find(last);
    return { state: 'locked', user: before?.active ? shown(before) : null, lockMinutes };
  }

  function begin(name: string): SessionState {
    signedIn = name;
    last = name;
    return state();
  }

  function who(): string {
    if (signedIn !== undefined) return signedIn;
    return shell && users.any() ? fromCommandLine : systemUser;
  }

  function requireUnlocked(): SessionState {
    const now = state();
    if (now.state === 'locked') throw new WetreadError('locked', 'Wetread is locked. Sign in first.');
    return now;
  }

  /** Counts the try before the password is looked at, so that a process killed meanwhile has not tried for nothing. */
  async function check(name: string, password: string): Promise<StoredPassword> {
    const user = users.find(name);
    const known = user?.active ? name : unknownName;
    const wait = waitSeconds(users.failedSignIns(known), clock());
    if (wait > 0)
      throw new WetreadError(
        'not-allowed',
        `Too many tries. Try again in ${wait < 120 ? `${wait} s` : `${Math.ceil(wait / 60)} minutes`}.`,
      );
    users.countFailedSignIn(known);
    const stored = user?.active ? users.password(name) : undefined;
    if (!(await verifyPassword(password, stored)) || !stored) {
      // What was typed as a name that nobody has is not kept: it may well be a password.
      users.note({ who: systemUser, action: 'sign-in-failed', ...(known && { subject: known }) });
      throw new WetreadError('not-allowed', 'The name or the password is not right.');
    }
    users.forgetFailedSignIns(name);
    return stored;
  }

  /** One at a time: each try takes 32 MB, and tries side by side would each pass the throttle. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = trying.then(work);
    trying = turn.catch(() => {});
    return turn;
  }

  async function accepted(password: string, name: string): Promise<StoredPassword> {
    const problem = passwordProblem(password, name);
    if (problem) throw new WetreadError('bad-input', problem);
    return hashPassword(password);
  }

  return {
    state,
    who,
    signature: (given) => {
      const now = state();
      return now.state === 'signed-in' && now.user ? now.user.fullName : given;
    },
    requireCall(name) {
      if (needs[name] === 'anyone') return;
      const missing = roleMissing(name, requireUnlocked().user?.roles ?? []);
      if (missing) throw new WetreadError('role-missing', missing);
    },
    requireUnlocked,
    signIn: (given, password) =>
      inTurn(async () => {
        if (!users.any())
          throw new WetreadError('wrong-state', 'There are no local users: nobody has to sign in.');
        const name = given.trim().toLowerCase();
        await check(name, password);
        if (signedIn !== undefined && signedIn !== name)
          users.note({ who: signedIn, action: 'lock', subject: signedIn });
        users.note({ who: name, action: 'sign-in', subject: name });
        return begin(name);
      }),
    lock() {
      const now = state();
      if (now.state === 'open')
        throw new WetreadError(
          'wrong-state',
          'Without local users there is nobody to lock out. Add users under Users first.',
        );
      if (signedIn !== undefined) users.note({ who: signedIn, action: 'lock', subject: signedIn });
      signedIn = undefined;
      return state();
    },
    setLock(minutes) {
      users.set(lockSetting, minutes, who());
      return state();
    },
    setPassword: (current, password) =>
      inTurn(async () => {
        const name = signedIn;
        if (name === undefined)
          throw new WetreadError('wrong-state', 'Without local users there is no password.');
        await check(name, current);
        users.change(name, { password: await accepted(password, name) }, name);
      }),
    addUser({ name, fullName, roles }, password) {
      // Whoever asked, also when they lock before the password is hashed.
      const by = who();
      return inTurn(async () => {
        const stored = await accepted(password, name);
        const first = !users.any();
        const user: User = {
          ...{ name, fullName, active: true },
          roles: Role.options.filter((role) => roles.includes(role) || (first && role === 'administrator')),
        };
        users.add(user, stored, by);
        if (first && !shell) {
          users.note({ who: name, action: 'sign-in', subject: name });
          begin(name);
        }
        state();
        return user;
      });
    },
    async changeUser(name, { password, ...change }) {
      const by = who();
      const user = users.find(name);
      if (!user) throw new WetreadError('not-found', `There is no user ${name}.`);
      const stored = password === undefined ? undefined : await accepted(password, name);
      const changed = users.change(name, { ...change, ...(stored && { password: stored }) }, by);
      // Whoever may set a password may also end the wait after wrong ones.
      if (stored) users.forgetFailedSignIns(name);
      state();
      return changed;
    },
    removeUser(name) {
      const removed = users.change(name, { active: false }, who());
      state();
      return removed;
    },
    reset() {
      // Administrators last, as nobody else may be left without one.
      const active = users.list().filter((user) => user.active);
      const rank = (user: User) => (user.roles.includes('administrator') ? 1 : 0);
      for (const { name } of active.sort((a, b) => rank(a) - rank(b)))
        users.change(name, { active: false }, fromCommandLine);
      state();
    },
  };
}

function shown({ name, fullName, roles }: User) {
  return { name, fullName, roles };
}
