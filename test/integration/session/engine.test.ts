/** The engine as a whole: no call and no image gets past the session. No model is needed for that, so there is none. */
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createEngine, type Engine } from '../../../main/engine.js';
import { needs } from '../../../preload/access.js';
import { type CallName, calls } from '../../../preload/calls.js';
import { dataFolder } from '../review/store-folder.js';

const password = 'correct horse battery';
const names = Object.keys(calls) as CallName[];

async function open(folder: string, more: { shell?: boolean; resetUsers?: boolean } = {}): Promise<Engine> {
  const engine = await createEngine({
    dataFolder: folder,
    packsFolder: join(folder, 'no-packs'),
    documentsFolder: join(folder, 'no-documents'),
    user: 'system-user',
    ...more,
  });
  onTestFinished(() => engine.dispose());
  return engine;
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (thrown: { code?: string }) => thrown.code ?? 'no code',
  );

it('answers no call and shows no image while it is locked', async () => {
  const folder = dataFolder();
  const first = await open(folder);
  await first.call('user.add', { name: 'ada', fullName: 'Ada', roles: ['radiologist'], password });
  expect(await codeOf(first.call('study.list', {}))).toBe('done');

  const engine = await open(folder);
  for (const name of names.filter((one) => needs[one] !== 'anyone'))
    expect(await codeOf(engine.call(name, {})), name).toBe('locked');
  expect(await codeOf(engine.frame('1.2', '1.3', 0))).toBe('locked');
  expect(await codeOf(engine.thumbnail('1.2', '1.3'))).toBe('locked');
  expect(await codeOf(engine.caseImage('ward', 'case', 0))).toBe('locked');
  expect(await engine.call('session.state', {})).toMatchObject({ state: 'locked' });
  await engine.call('session.signIn', { name: 'ada', password });
  expect(await codeOf(engine.call('study.list', {}))).toBe('done');
  expect(await codeOf(engine.frame('1.2', '1.3', 0))).toBe('not-found');
});

it('refuses each role what the table says, before it looks at the input', async () => {
  const engine = await open(dataFolder());
  await engine.call('user.add', { name: 'ada', fullName: 'Ada', roles: ['radiologist'], password });
  await engine.call('user.add', { name: 'rob', fullName: 'Rob', roles: ['resident'], password });
  await engine.call('session.signIn', { name: 'rob', password });
  for (const name of names) {
    const need = needs[name];
    if (need !== 'anyone' && !need.includes('resident'))
      expect(await codeOf(engine.call(name, {})), name).toBe('role-missing');
  }
  expect(await codeOf(engine.call('report.edit', {}))).toBe('bad-input');
});

it('opens without users after a reset, and is locked to nobody who holds the key', async () => {
  const folder = dataFolder();
  const first = await open(folder);
  await first.call('user.add', { name: 'ada', fullName: 'Ada', roles: ['radiologist'], password });
  const shell = await open(folder, { shell: true });
  expect(await codeOf(shell.call('study.list', {}))).toBe('done');
  const engine = await open(folder, { resetUsers: true });
  expect(await engine.call('session.state', {})).toMatchObject({ state: 'open' });
  expect(await engine.call('user.list', {})).toEqual([
    { name: 'ada', fullName: 'Ada', roles: ['radiologist', 'administrator'], active: false },
  ]);
});

it('no answer bears a password or its hash', async () => {
  const engine = await open(dataFolder());
  const answers = [
    await engine.call('user.add', { name: 'ada', fullName: 'Ada', roles: ['radiologist'], password }),
    await engine.call('session.setPassword', { current: password, password: 'seven quiet herons' }),
    await engine.call('user.list', {}),
    await engine.call('user.log', { limit: 500 }),
    await engine.call('session.state', {}),
    await engine.call('session.signIn', { name: 'ada', password: 'wrong wrong wrong' }).catch(String),
  ];
  const text = JSON.stringify(answers);
  for (const secret of [password, 'seven quiet herons', 'wrong wrong', 'scrypt', 'salt'])
    expect(text).not.toContain(secret);
});
