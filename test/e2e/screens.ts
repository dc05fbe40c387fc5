/** `npx tsx test/e2e/screens.ts`: takes the pictures of every screen in docs/screens, on the real app and the sample. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { buildApp } from '../../.ci/build.js';
import { driveApp } from '../../.ci/drive.js';
import { obtainElectron } from '../../.ci/electron.js';
import { hasDisplay, onDisplay, prepareLinux } from '../../.ci/linux.js';
import { fromRoot } from '../../.ci/root.js';
import { writeOwnCases } from './knowledge-cases.js';

const { executable } = await obtainElectron(console.log);
prepareLinux(executable, console.log);
await buildApp(console.log);
if (hasDisplay) await takeScreens();
else {
  const [command, args] = onDisplay(process.execPath, ['--import', 'tsx', import.meta.filename]);
  process.exitCode = spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
}

async function takeScreens(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wetread-screens-'));
  mkdirSync(fromRoot('docs/screens'), { recursive: true });
  const { app, page } = await driveApp(executable, folder);
  const byId = (id: string) => page.getByTestId(id);
  const take = async (name: string) => {
    await page.waitForTimeout(400); // transitions
    // A palette of 256 colours is a third of the size; the room is mostly grey.
    await sharp(await page.screenshot())
      .png({ palette: true, effort: 10 })
      .toFile(fromRoot('docs/screens', `${name}.png`));
    console.log(`docs/screens/${name}.png`);
  };
  try {
    await byId('open-sample').waitFor();
    await take('welcome');
    await byId('open-sample').click();
    await page.locator('[data-testid="viewport-1"][data-image-ready="true"]').waitFor();
    await take('study');
    await byId('draft-button').click();
    await byId('sentence').first().waitFor({ timeout: 180_000 });
    await page.mouse.move(5, 500);
    await take('draft');
    await byId('citation').first().click();
    await take('evidence');
    await byId('sentence').first().hover();
    await take('focus');
    await byId('sentence').first().focus();
    await page.keyboard.press('e');
    await byId('edit-box').fill('Large left pneumothorax, unchanged from the prior study.');
    await take('edit');
    await page.keyboard.press('Enter');
    await byId('flag').first().waitFor();
    await byId('sign-button').click();
    await byId('sign-refusal').waitFor();
    await take('refused');
    while ((await byId('confirm-flag').count()) > 0) {
      const left = await byId('confirm-flag').count();
      await byId('confirm-flag').first().click();
      while ((await byId('confirm-flag').count()) === left) await page.waitForTimeout(50);
    }
    await byId('sign-button').click();
    await byId('sign-name').fill('Dr. Ada Reader');
    await take('sign');
    await byId('sign-confirm').click();
    await page.locator('[data-testid="state"][data-state="final"]').waitFor();
    await take('final');

    await openOwnPicture(join(folder, 'not-a-radiograph.png'));
    await byId('abstention').waitFor({ timeout: 60_000 });
    await take('abstention');

    await takeIndices();
    await takeStudyPanel();
    await byId('deidentify-open').click();
    await byId('deidentify-write').waitFor();
    await page.getByText('Looking for text').first().waitFor({ state: 'hidden' });
    await take('deidentify');
    await page.keyboard.press('Escape');
    await byId('view-models').click();
    await byId('pack').first().waitFor();
    await take('models');
    await byId('view-reading').click();
    await page.keyboard.press('?');
    await byId('shortcut-sheet').waitFor();
    await take('shortcuts');
    await page.keyboard.press('Escape');
    await takeUsers();
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }

  /** The department's own knowledge: imported, read, searched, and its versions. */
  async function takeIndices(): Promise<void> {
    const own = await writeOwnCases(folder);
    await byId('view-indices').click();
    await page.locator('[data-testid="dataset"][data-state="ready"]').click({ timeout: 180_000 });
    await byId('document-row').first().waitFor();
    await take('dataset-authored');
    await byId('new-dataset').click();
    await byId('dataset-title').fill('Chest clinic');
    await byId('dataset-confirm').click();
    await choose([own.cases]);
    await byId('import-here').click();
    await page.locator('[data-testid="import-preview"][data-state="ready"]').waitFor();
    await byId('import-licence').fill('Department use only');
    await take('import-preview');
    await byId('import-start').click();
    await byId('import-result').waitFor({ timeout: 120_000 });
    await take('import-result');
    await byId('open-imported').click();
    await choose([own.table]);
    await byId('import-here').click();
    await byId('mapping').waitFor();
    await byId('import-modality').selectOption('XR');
    await page.locator('[data-testid="import-preview"][data-state="ready"]').waitFor();
    await take('import-mapping');
    await byId('import-start').click();
    await byId('import-result').waitFor({ timeout: 120_000 });
    await byId('open-imported').click();
    await byId('open-document').last().click();
    await byId('document').waitFor();
    await take('dataset');
    await byId('dataset-tab-versions').click();
    await byId('rollback').first().click();
    await take('rollback');
    await page.keyboard.press('Escape');
    await byId('add-shared').click();
    await byId('dataset-location').fill('s3://radiology/chest');
    await take('shared');
    await page.keyboard.press('Escape');
    await byId('rail-search').click();
    await byId('index-query').fill('pleural effusion blunting of the costophrenic angle');
    await page.keyboard.press('Enter');
    await byId('index-snippet').first().waitFor({ timeout: 120_000 });
    await take('indices');
  }

  /** What stands beside the report of the sample: earlier cases, and answers. */
  async function takeStudyPanel(): Promise<void> {
    await byId('view-reading').click();
    await byId('worklist-row').filter({ hasText: 'synthetic' }).click();
    await page.locator('[data-testid="viewport-1"][data-image-ready="true"]').waitFor();
    await page.keyboard.press('c');
    await byId('case').first().waitFor({ timeout: 60_000 });
    await take('similar-cases');
    await byId('case-head').first().click();
    await byId('case-report').waitFor();
    await take('similar-case');
    await page.keyboard.press('q');
    await byId('question').fill('How does a small pleural effusion look on the upright chest radiograph?');
    await page.keyboard.press('Enter');
    await byId('answer-snippet').first().waitFor({ timeout: 60_000 });
    await take('answer');
    await byId('question').fill('Which restaurant near the harbour serves the best fish soup?');
    await page.keyboard.press('Enter');
    await byId('not-found').waitFor({ timeout: 60_000 });
    await take('no-answer');
  }

  /** Two users, and the screen that asks for one. */
  async function takeUsers(): Promise<void> {
    await byId('view-users').click();
    for (const [name, fullName, role] of [
      ['ada', 'Dr. Ada Reader', 'radiologist'],
      ['rob', 'Dr. Rob Resident', 'resident'],
    ] as const) {
      await byId('add-user').click();
      await byId('user-name').fill(name);
      await byId('user-full-name').fill(fullName);
      for (const one of ['radiologist', 'resident', 'administrator'])
        if (await byId(`role-${one}`).isEnabled()) await byId(`role-${one}`).setChecked(one === role);
      await byId('new-password').fill('four words are enough');
      await byId('new-password-again').fill('four words are enough');
      if (name === 'rob') await take('user');
      await byId('user-confirm').click();
      await byId('user').filter({ hasText: fullName }).waitFor({ timeout: 30_000 });
    }
    await take('users');
    await byId('lock').click();
    await byId('lock-screen').waitFor();
    await take('sign-in');
  }

  /** Has the system's open dialog answer with these paths. */
  async function choose(paths: string[]): Promise<void> {
    await app.evaluate(({ dialog }, filePaths) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths });
    }, paths);
  }

  /** A coloured gradient, as far from a radiograph as can be, opened and drafted. */
  async function openOwnPicture(file: string): Promise<void> {
    const [width, height] = [640, 480];
    const data = Uint8Array.from({ length: width * height * 3 }, (_value, at) => {
      const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
      return [(x / width) * 255, (y / height) * 255, (Math.sin(x / 40) + 1) * 127][at % 3] ?? 0;
    });
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(file);
    await choose([file]);
    await byId('open-files').click();
    await page.getByTestId('worklist-row').nth(1).waitFor();
    await byId('draft-button').click();
  }
}
