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

    await byId('view-indices').click();
    await byId('index-row').first().waitFor();
    await byId('index-query').fill('pleural effusion blunting of the costophrenic angle');
    await page.keyboard.press('Enter');
    await byId('index-snippet').first().waitFor();
    await take('indices');
    await byId('view-models').click();
    await byId('pack').first().waitFor();
    await take('models');
    await byId('view-reading').click();
    await page.keyboard.press('?');
    await byId('shortcut-sheet').waitFor();
    await take('shortcuts');
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
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
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
    }, file);
    await byId('open-files').click();
    await page.getByTestId('worklist-row').nth(1).waitFor();
    await byId('draft-button').click();
  }
}
