/** Local users on the real app: each test goes on where the one before it ended. */
import { rmSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { driveApp } from '../../.ci/drive.js';
import { fromRoot } from '../../.ci/root.js';
import { openRealApp, type RealApp } from './real-app.js';

const sample = fromRoot('test/sample/study');
const password = 'correct horse battery';
const residentPassword = 'seven quiet herons';

let real: RealApp;
let page: Page;
const byId = (id: string) => page.getByTestId(id);

beforeAll(async () => {
  real = await openRealApp([sample]);
  page = real.page;
});
afterAll(async () => {
  await real?.close();
});

/** The code that a call of the window is refused with, or `done`. */
const codeOf = (name: string, input: object): Promise<string> =>
  page.evaluate(
    ([call, value]) =>
      window.wetread.call(call as never, value as never).then(
        () => 'done',
        (thrown: { code: string }) => thrown.code,
      ),
    [name, input] as const,
  );

const status = (address: string): Promise<number> =>
  page.evaluate((url) => fetch(url).then((answer) => answer.status), address);

async function fillUser(name: string, fullName: string, roles: string[], secret: string): Promise<void> {
  await byId('user-name').fill(name);
  await byId('user-full-name').fill(fullName);
  for (const role of ['radiologist', 'resident', 'administrator']) {
    const box = byId(`role-${role}`);
    if (await box.isEnabled()) await box.setChecked(roles.includes(role));
  }
  await byId('new-password').fill(secret);
  await byId('new-password-again').fill(secret);
  await byId('user-confirm').click();
}

async function signIn(name: string, secret: string): Promise<void> {
  await byId('sign-in-name').fill(name);
  await byId('sign-in-password').fill(secret);
  await page.keyboard.press('Enter');
}

const unlocked = () => byId('lock-screen').waitFor({ state: 'detached' });

/** What the system says of itself, to the app's own listeners. */
const system = (event: 'lock-screen' | 'suspend') =>
  real.app.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event);

/** Has the system say that it has been idle so long. */
const idleFor = (seconds: number) =>
  real.app.evaluate(({ powerMonitor }, idle) => {
    powerMonitor.getSystemIdleTime = () => idle;
  }, seconds);

let image = { study: '', instance: '', report: '' };

test('without users nobody signs in, nothing locks, and Lock is not offered', async () => {
  await byId('worklist-row').waitFor();
  await idleFor(100_000);
  await system('lock-screen');
  expect(await codeOf('session.lock', {})).toBe('wrong-state');
  expect(await codeOf('session.signIn', { name: 'ada', password })).toBe('wrong-state');
  expect(await byId('lock').count()).toBe(0);
  expect(await byId('worklist-row').count()).toBe(1);
  await idleFor(0);
  image = await page.evaluate(async () => {
    const [row] = await window.wetread.call('study.list', {});
    const study = await window.wetread.call('study.get', { study: row?.study ?? '' });
    return { study: study.uid, instance: study.series[0]?.instances[0]?.uid ?? '', report: '' };
  });
});

test('the first user is an administrator and is signed in', async () => {
  await byId('view-users').click();
  await byId('add-user').click();
  await fillUser('Ada', 'Dr. Ada Reader', ['radiologist'], 'password12');
  expect(await byId('dialog-error').textContent()).toContain('among the first');
  await byId('new-password').fill(password);
  await byId('new-password-again').fill(password);
  await byId('user-confirm').click();
  const row = page.locator('[data-testid="user"][data-user="ada"]');
  await row.waitFor();
  expect(await row.textContent()).toContain('Radiologist, Administrator');
  expect(await byId('lock').textContent()).toContain('Dr. Ada Reader');
});

test('an administrator adds a resident', async () => {
  await byId('add-user').click();
  await fillUser('rob', 'Rob Resident', ['resident'], residentPassword);
  await page.locator('[data-testid="user"][data-user="rob"]').waitFor();
});

test('locks by its menu, and nothing is left to be seen or had', async () => {
  await byId('view-reading').click();
  await byId('add-findings').or(byId('draft-button')).first().waitFor();
  expect(await status(`wetread://frame/${image.study}/${image.instance}/0`)).toBe(200);
  expect(await status(`wetread://thumbnail/${image.study}/${image.instance}`)).toBe(200);
  await real.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('lock')?.click());
  await byId('lock-screen').waitFor();
  expect(await byId('worklist-row').isVisible()).toBe(false);
  expect(await byId('viewport-0').isVisible()).toBe(false);
  expect(await status(`wetread://frame/${image.study}/${image.instance}/0`)).toBe(422);
  expect(await status(`wetread://thumbnail/${image.study}/${image.instance}`)).toBe(422);
  expect(await status('wetread://case/any/any/0')).toBe(422);
  for (const [name, input] of [
    ['study.list', {}],
    ['study.get', { study: image.study }],
    ['report.ofStudy', { study: image.study }],
    ['report.draft', { study: image.study, task: 'x' }],
    ['index.search', { query: 'effusion', modality: 'XR' }],
    ['user.list', {}],
    ['user.add', { name: 'eve', fullName: 'Eve', roles: ['administrator'], password }],
    ['session.setLock', { minutes: 60 }],
  ] as const)
    expect(await codeOf(name, input), name).toBe('locked');
  const dialogs = await page.evaluate(() =>
    window.wetread.app('app.choosePaths', { kind: 'files' }).then(
      () => 'shown',
      (thrown: { code: string }) => thrown.code,
    ),
  );
  expect(dialogs).toBe('locked');
});

test('stays locked for Escape, for keys of the room, and for a wrong password', async () => {
  for (const key of ['Escape', 'Escape', 'Escape', 'b', '?']) await page.keyboard.press(key);
  expect(await byId('lock-screen').isVisible()).toBe(true);
  expect(await byId('shortcut-sheet').count()).toBe(0);
  await signIn('ada', 'wrong password');
  await byId('sign-in-refusal').waitFor();
  expect(await byId('sign-in-refusal').textContent()).toContain('not right');
  expect(await byId('worklist-row').isVisible()).toBe(false);
});

test('the same user is where they were, the draft and what was being written included', async () => {
  await signIn('ada', password);
  await unlocked();
  await byId('draft-button').click();
  expect(await codeOf('session.lock', {})).toBe('done');
  await byId('lock-screen').waitFor();
  await signIn('ada', password);
  await unlocked();
  // The draft went on meanwhile.
  await byId('sentence').first().waitFor({ timeout: 270_000 });
  await byId('add-findings').click();
  await byId('edit-box').fill('Half a sentence');
  await system('suspend');
  await byId('lock-screen').waitFor();
  expect(await byId('edit-box').isVisible()).toBe(false);
  await signIn('ada', password);
  await unlocked();
  expect(await byId('edit-box').inputValue()).toBe('Half a sentence');
});

test('the screen lies over a dialog that was open, which is there again afterwards', async () => {
  await page.getByRole('button', { name: 'Keys' }).click();
  await byId('shortcut-sheet').waitFor();
  await system('lock-screen');
  await byId('lock-screen').waitFor();
  expect(await byId('shortcut-sheet').isVisible()).toBe(false);
  await signIn('ada', password);
  await unlocked();
  await byId('shortcut-sheet').waitFor();
  await page.keyboard.press('Escape');
  await byId('shortcut-sheet').waitFor({ state: 'detached' });
});

test('a lost engine comes back locked, and the room is kept', async () => {
  await real.app.evaluate(({ app }) => {
    const engine = app.getAppMetrics().find((metric) => metric.name === 'Wetread engine');
    if (engine) process.kill(engine.pid, 'SIGKILL');
  });
  await byId('lock-screen').waitFor();
  await signIn('ada', password);
  await unlocked();
  expect(await byId('edit-box').inputValue()).toBe('Half a sentence');
});

test('locks after the idle minutes that an administrator sets', async () => {
  expect(await codeOf('session.setLock', { minutes: 0 })).toBe('bad-input');
  await idleFor(59);
  expect(await codeOf('session.setLock', { minutes: 1 })).toBe('done');
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(await byId('lock-screen').count()).toBe(0);
  await idleFor(60);
  await byId('lock-screen').waitFor();
  await idleFor(0);
});

test('another user has a room of their own; a resident drafts and edits but does not sign', async () => {
  await signIn('rob', residentPassword);
  await unlocked();
  expect(await byId('edit-box').count()).toBe(0);
  const sign = byId('sign-button');
  await sign.waitFor();
  expect(await sign.getAttribute('aria-disabled')).toBe('true');
  expect(await sign.getAttribute('title')).toContain('radiologist');
  await sign.click({ force: true });
  expect(await byId('sign-name').count()).toBe(0);
  const report = await page.evaluate(async (study) => {
    const found = await window.wetread.call('report.ofStudy', { study });
    return found?.id ?? '';
  }, image.study);
  image = { ...image, report };
  expect(await codeOf('report.sign', { report, by: 'Dr. Ada Reader' })).toBe('role-missing');
  expect(await codeOf('report.addendum', { report, by: 'Dr. Ada Reader', text: 'x' })).toBe('role-missing');
  expect(await codeOf('dataset.add', { title: 'Mine' })).toBe('role-missing');
  expect(await codeOf('user.change', { user: 'rob', roles: ['administrator'] })).toBe('role-missing');
  await byId('preliminary-button').click();
  await page.locator('[data-testid="state"][data-state="preliminary"]').waitFor();
});

test('a signature bears the name of who is signed in, whatever the window sends', async () => {
  expect(await codeOf('session.lock', {})).toBe('done');
  await signIn('ada', password);
  await unlocked();
  await page.evaluate(async (id) => {
    const report = await window.wetread.call('report.ofStudy', {
      study: (await window.wetread.call('study.list', {}))[0]?.study ?? '',
    });
    for (const { id: sentence, flags } of report?.sentences ?? [])
      for (const { code, resolved } of flags)
        if (!resolved && code !== 'incomplete')
          await window.wetread.call('report.confirm', { report: id, sentence, flag: code });
    await window.wetread.call('report.sign', { report: id, by: 'Somebody Else' });
  }, image.report);
  await page.locator('[data-testid="state"][data-state="final"]').waitFor();
  expect(await byId('signature').textContent()).toContain('Dr. Ada Reader');
});

test('the trail says who signed in, who failed, who locked and what was changed', async () => {
  await byId('view-users').click();
  await byId('access-log').locator('summary').click();
  const log = () => byId('access-log').textContent();
  for (const words of ['User added', 'Wrong name or password', 'Locked', 'Setting changed', 'Signed in'])
    await expect.poll(log).toContain(words);
  expect(await log()).not.toContain(password);
});

test('an app that is started again is locked, with nothing behind the screen', async () => {
  await real.app.close();
  const executable = process.env.WETREAD_ELECTRON ?? '';
  const again = await driveApp(executable, real.folder, [sample]);
  real = {
    ...again,
    folder: real.folder,
    async close() {
      await again.app.close();
      rmSync(real.folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
  page = real.page;
  await byId('lock-screen').waitFor();
  expect(await byId('worklist-row').count()).toBe(0);
  await signIn('ada', 'wrong password');
  await byId('sign-in-refusal').waitFor();
  await signIn('ada', password);
  await unlocked();
  await byId('worklist-row').waitFor();
});
