import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore, type Store } from '../../../main/review/index.js';
import { openSession, type Session } from '../../../main/session/index.js';
import { Role, type SessionState } from '../../../preload/values.js';
import { dataFolder, key, rawContents } from '../review/store-folder.js';

const password = 'correct horse battery';
const other = 'seven quiet herons';
const code = (wanted: string) => expect.objectContaining({ code: wanted });
const ada = { name: 'ada', fullName: 'Dr. Ada Reader', roles: ['radiologist' as const] };
const rob = { name: 'rob', fullName: 'Rob Resident', roles: ['resident' as const] };

interface Opened {
  session: Session;
  store: Store;
  told: SessionState[];
}

/** A session on a real store; `time` is the clock that store and throttle share. */
function open(folder: string, time: { ms: number }, { shell = false } = {}): Opened {
  const store = openStore(folder, key, { now: () => new Date(time.ms).toISOString() });
  onTestFinished(() => store.dispose());
  const told: SessionState[] = [];
  const session = openSession({
    ...{ users: store.users, systemUser: 'system-user', shell },
    clock: () => time.ms,
    onChange: (state) => told.push(state),
  });
  return { session, store, told };
}

const start = () => ({ ms: Date.UTC(2026, 0, 2) });
const actions = (store: Store) =>
  store.users
    .log(100)
    .map(({ who, action, subject }) => [who, action, subject])
    .reverse();

describe('without users', () => {
  it("is open to the system's user, with every role, and cannot be locked", () => {
    const { session } = open(dataFolder(), start());
    expect(session.state()).toEqual({
      state: 'open',
      user: { name: 'system-user', fullName: 'system-user', roles: Role.options },
      lockMinutes: 10,
    });
    expect(session.who()).toBe('system-user');
    expect(session.signature('Dr. Whoever')).toBe('Dr. Whoever');
    session.requireCall('report.sign');
    session.requireUnlocked();
    expect(() => session.lock()).toThrow(code('wrong-state'));
  });
});

describe('with users', () => {
  it('makes the first an administrator, signs them in, and begins locked after a restart', async () => {
    const folder = dataFolder();
    const time = start();
    const first = open(folder, time);
    expect(await first.session.addUser(ada, password)).toEqual({
      ...ada,
      roles: ['radiologist', 'administrator'],
      active: true,
    });
    expect(first.session.state()).toMatchObject({ state: 'signed-in', user: { name: 'ada' } });
    expect(first.told.map(({ state }) => state)).toEqual(['signed-in']);
    expect(first.session.signature('Somebody Else')).toBe('Dr. Ada Reader');

    const { session, told } = open(folder, time);
    expect(session.state()).toEqual({ state: 'locked', user: null, lockMinutes: 10 });
    expect(() => session.requireUnlocked()).toThrow(code('locked'));
    expect(() => session.requireCall('study.list')).toThrow(code('locked'));
    session.requireCall('session.signIn');
    await session.signIn(' ADA ', password);
    expect(session.who()).toBe('ada');
    session.requireCall('report.sign');
    expect(session.lock()).toMatchObject({ state: 'locked', user: { fullName: 'Dr. Ada Reader' } });
    expect(told.map(({ state }) => state)).toEqual(['locked', 'signed-in', 'locked']);
  });

  it('gives each no more than their roles, also when these change while they are signed in', async () => {
    const { session } = open(dataFolder(), start());
    await session.addUser(ada, password);
    await session.addUser(rob, other);
    await session.signIn('rob', other);
    session.requireCall('report.edit');
    expect(() => session.requireCall('report.sign')).toThrow(code('role-missing'));
    expect(() => session.requireCall('user.add')).toThrow(code('role-missing'));
    await session.changeUser('rob', { roles: ['radiologist'] });
    session.requireCall('report.sign');
    session.removeUser('rob');
    expect(session.state()).toEqual({ state: 'locked', user: null, lockMinutes: 10 });
    await expect(session.signIn('rob', other)).rejects.toThrow(code('not-allowed'));
  });

  it('is never left without an administrator, but may go back to no users at all', async () => {
    const { session, store } = open(dataFolder(), start());
    await session.addUser(ada, password);
    await session.addUser(rob, other);
    expect(() => session.removeUser('ada')).toThrow(code('wrong-state'));
    await expect(session.changeUser('ada', { roles: ['radiologist'] })).rejects.toThrow(code('wrong-state'));
    expect(store.users.find('ada')?.roles).toContain('administrator');
    session.removeUser('rob');
    session.removeUser('ada');
    expect(session.state().state).toBe('open');
    // A name is never given twice.
    await expect(session.addUser({ ...rob, fullName: 'Another Rob' }, other)).rejects.toThrow(
      code('wrong-state'),
    );
    // Nobody comes back alone who could not manage users.
    await expect(session.changeUser('rob', { active: true })).rejects.toThrow(code('wrong-state'));
    await session.changeUser('ada', { active: true });
    expect(session.state().state).toBe('locked');
    await session.signIn('ada', password);
  });

  it('refuses passwords that anybody would try, and a wrong present one', async () => {
    const { session } = open(dataFolder(), start());
    await expect(session.addUser(ada, 'password12')).rejects.toThrow(code('bad-input'));
    expect(session.state().state).toBe('open');
    await session.addUser(ada, password);
    await expect(session.setPassword('wrong wrong wrong', other)).rejects.toThrow(code('not-allowed'));
    await expect(session.setPassword(password, 'short')).rejects.toThrow(code('bad-input'));
    await session.setPassword(password, other);
    await expect(session.signIn('ada', password)).rejects.toThrow(code('not-allowed'));
    await session.signIn('ada', other);
  });

  it('makes wait after wrong passwords, longer each time, also over a restart', async () => {
    const folder = dataFolder();
    const time = start();
    const { session, store } = open(folder, time);
    await session.addUser(ada, password);
    session.lock();
    const wrong = (with_: Session) =>
      with_.signIn('ada', 'wrong wrong wrong').catch((thrown) => thrown.message);
    for (let i = 0; i < 3; i++) expect(await wrong(session)).toContain('not right');
    // Refused without being tried: even the right one.
    await expect(session.signIn('ada', password)).rejects.toThrow('Try again in 2 s.');
    time.ms += 2000;
    expect(await wrong(session)).toContain('not right');
    const again = open(folder, time);
    expect(await wrong(again.session)).toContain('Try again in 4 s.');
    expect(again.store.users.failedSignIns('ada').count).toBe(4);
    time.ms += 4000;
    await again.session.signIn('ada', password);
    expect(again.store.users.failedSignIns('ada').count).toBe(0);
    expect(actions(store).filter(([, action]) => action === 'sign-in-failed')).toHaveLength(4);
  });

  it('tries side by side count one after another', async () => {
    const { session } = open(dataFolder(), start());
    await session.addUser(ada, password);
    const tries = await Promise.allSettled(
      Array.from({ length: 6 }, () => session.signIn('ada', 'wrong wrong wrong')),
    );
    const messages = tries.map((one) => (one.status === 'rejected' ? String(one.reason.message) : 'in'));
    expect(messages.filter((message) => message.includes('not right'))).toHaveLength(3);
    expect(messages.filter((message) => message.includes('Too many'))).toHaveLength(3);
  });

  it('tells an unknown name from a wrong password in nothing, and keeps neither', async () => {
    const folder = dataFolder();
    const { session, store } = open(folder, start());
    await session.addUser(ada, password);
    const said = async (name: string) =>
      session.signIn(name, other).catch(({ code: c, message }) => [c, message]);
    expect(await said('nobody-of-that-name')).toEqual(await said('ada'));
    const log = JSON.stringify(store.users.log(10));
    expect(log).not.toContain('nobody-of-that-name');
    expect(log).not.toContain(other);
    store.users.note({ who: 'x', action: 'lock' });
    const raw = rawContents(folder);
    for (const secret of [password, other, 'ada', 'Ada Reader', 'scrypt']) expect(raw).not.toContain(secret);
  });

  it('enters a change as of who asked for it, also when they lock meanwhile', async () => {
    const { session, store } = open(dataFolder(), start());
    await session.addUser(ada, password);
    const adding = session.addUser(rob, other);
    session.lock();
    await adding;
    await session.signIn('rob', other);
    await session.signIn('ada', password);
    expect(actions(store).slice(2)).toEqual([
      ['ada', 'lock', 'ada'],
      ['ada', 'user-add', 'rob'],
      ['rob', 'sign-in', 'rob'],
      ['rob', 'lock', 'rob'],
      ['ada', 'sign-in', 'ada'],
    ]);
  });

  it('keeps the idle minutes that were set', async () => {
    const folder = dataFolder();
    const { session } = open(folder, start());
    await session.addUser(ada, password);
    expect(session.setLock(3).lockMinutes).toBe(3);
    expect(open(folder, start()).session.state().lockMinutes).toBe(3);
  });

  it('writes everything into the trail, which holds', async () => {
    const { session, store } = open(dataFolder(), start());
    await session.addUser(ada, password);
    await session.addUser(rob, other);
    session.setLock(5);
    session.lock();
    await session.signIn('rob', password).catch(() => {});
    await session.signIn('ada', password);
    await session.changeUser('rob', { roles: ['radiologist', 'resident'], password: 'lungs and ladders' });
    session.removeUser('rob');
    expect(actions(store)).toEqual([
      ['system-user', 'user-add', 'ada'],
      ['ada', 'sign-in', 'ada'],
      ['ada', 'user-add', 'rob'],
      ['ada', 'setting', null],
      ['ada', 'lock', 'ada'],
      ['system-user', 'sign-in-failed', 'rob'],
      ['ada', 'sign-in', 'ada'],
      ['ada', 'user-change', 'rob'],
      ['ada', 'user-remove', 'rob'],
    ]);
    expect(store.users.log(2).map(({ detail }) => detail)).toEqual([
      'removed',
      'roles: radiologist, resident; password',
    ]);
    expect(await store.verifyAudit()).toEqual({ entries: 9, problems: [] });
  });
});

describe('the command line', () => {
  it('needs no password, is named in the trail, and what it changes holds at once in the app', async () => {
    const folder = dataFolder();
    const time = start();
    const shell = open(folder, time, { shell: true });
    const app = open(folder, time);
    expect(app.session.state().state).toBe('open');
    await shell.session.addUser(ada, password);
    expect(shell.session.state().state).toBe('open');
    expect(() => app.session.requireCall('study.list')).toThrow(code('locked'));
    await app.session.signIn('ada', password);
    expect(shell.session.who()).toBe('system-user (command line)');
    shell.session.reset();
    expect(app.session.state().state).toBe('open');
    expect(actions(app.store).at(-1)).toEqual(['system-user (command line)', 'user-remove', 'ada']);
  });
});
