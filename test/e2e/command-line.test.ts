/** The command line beside the open window, on the same data folder: each test goes on where the one before it ended. */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromRoot } from '../../.ci/root.js';
import { openRealApp, type RealApp } from './real-app.js';

const firstBuildMs = 270_000;
const password = 'correct horse battery';
const files = mkdtempSync(join(tmpdir(), 'wetread-beside-'));

let real: RealApp;
let page: Page;
const byId = (id: string) => page.getByTestId(id);

beforeAll(async () => {
  mkdirSync(join(files, 'reports'));
  for (let n = 0; n < 40; n++)
    writeFileSync(
      join(files, 'reports', `${n}.txt`),
      `FINDINGS\nA quillback shadow of ${n} mm lies along the chest wall. The heart is not enlarged.\n`,
    );
  real = await openRealApp([fromRoot('test/sample/study')]);
  page = real.page;
  // A command loads its program anew each time, which takes long where others work too.
  page.setDefaultTimeout(firstBuildMs);
  await byId('worklist-row').waitFor();
});
afterAll(async () => {
  await real?.close();
  rmSync(files, { recursive: true, force: true });
});

/** Runs a command on the data folder of the open app; rejects with what it says where it fails. */
function wetread(words: string[], input = ''): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'main/cli.ts', ...words], {
    cwd: fromRoot('.'),
    env: { ...process.env, WETREAD_HOME: join(real.folder, 'data') },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) =>
    child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`${code}: ${err}`)))),
  );
}

test('imports while the window drafts and searches, and the window has it at once', {
  timeout: 2 * firstBuildMs,
}, async () => {
  await byId('draft-button').click();
  const importing = wetread([
    ...['index', 'add', join(files, 'reports'), '--dataset', 'Night ward'],
    ...['--modality', 'XR', '--words-only', '--json'],
  ]);
  await byId('sentence').first().waitFor({ timeout: firstBuildMs });
  await byId('view-indices').click();
  await byId('index-query').fill('pleural effusion');
  await page.keyboard.press('Enter');
  await byId('index-snippet').first().waitFor({ timeout: firstBuildMs });
  expect(JSON.parse(await importing)).toMatchObject({ added: 40, problems: [] });

  const ward = page.locator('[data-testid="dataset"][data-state="ready"]').filter({ hasText: 'Night ward' });
  await ward.waitFor();
  await byId('index-query').fill('quillback shadow');
  await page.keyboard.press('Enter');
  await byId('index-snippet').filter({ hasText: 'quillback' }).first().waitFor();
  expect(await byId('errors').textContent()).toBe('');

  // A dataset of the window's own does not push that of the command out of the list.
  await byId('new-dataset').click();
  await byId('dataset-title').fill('Day ward');
  await byId('dataset-confirm').click();
  await byId('dataset').filter({ hasText: 'Day ward' }).waitFor();
  const listed = await wetread(['index', 'list']);
  expect(listed).toContain('Night ward');
  expect(listed).toContain('Day ward');
  await wetread(['index', 'remove', 'night-ward']);
  await ward.waitFor({ state: 'detached' });
});

test('whom a command trusts is listed under Models', { timeout: 2 * firstBuildMs }, async () => {
  await byId('view-models').click();
  await byId('pack').waitFor();
  const key = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';
  await wetread(['trust', 'publisher', 'A lab far away', key]);
  const lab = page.getByText('A lab far away');
  await lab.waitFor();
  await wetread(['trust', 'remove', key]);
  await lab.waitFor({ state: 'detached' });
});

test('the first user that a command adds locks the window, and later ones are in its list', {
  timeout: 2 * firstBuildMs,
}, async () => {
  const add = (name: string, fullName: string, roles: string) =>
    wetread(['users', 'add', name, '--full-name', fullName, '--roles', roles], `${password}\n`);
  await add('ada', 'Dr. Ada Reader', 'radiologist,administrator');
  await byId('lock-screen').waitFor();
  await byId('sign-in-name').fill('ada');
  await byId('sign-in-password').fill(password);
  await page.keyboard.press('Enter');
  await byId('lock-screen').waitFor({ state: 'detached' });

  await byId('view-users').click();
  await page.locator('[data-testid="user"][data-user="ada"]').waitFor();
  await add('rob', 'Rob Resident', 'resident');
  const rob = page.locator('[data-testid="user"][data-user="rob"]');
  await rob.waitFor();
  expect(await rob.textContent()).not.toContain('Radiologist');
  // Without the role, who is signed in loses it at once.
  await wetread(['users', 'change', 'rob', '--roles', 'resident,administrator']);
  await wetread(['users', 'change', 'ada', '--roles', 'radiologist']);
  await rob.waitFor({ state: 'detached' });
  await wetread(['users', 'remove', 'ada']);
  await byId('lock-screen').waitFor();
});
