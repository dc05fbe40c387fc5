/** The smoke test of a packaged app: starts it under a display, opens the bundled sample, waits for a cited draft. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';
import { electronFlags, onDisplay } from './linux.js';

const limitMs = 120_000;

/** Runs the smoke test in a process of its own, on a display of its own where there is none; returns its exit code. */
export function trySmoke(executable: string): number {
  const [command, args] = onDisplay(process.execPath, ['--import', 'tsx', import.meta.filename, executable]);
  return spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
}

/** A package has no Node inspector, so the window is driven over Chromium's own debugging port. */
async function smoke(executable: string): Promise<void> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'wetread-smoke-'));
  const portFile = join(dataFolder, 'DevToolsActivePort');
  const child = spawn(
    executable,
    [...electronFlags(() => {}), `--user-data-dir=${dataFolder}`, '--remote-debugging-port=0'],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    const start = performance.now();
    while (!existsSync(portFile)) {
      if (child.exitCode !== null || performance.now() - start > 30_000)
        throw new Error('The packaged app did not start.');
      await wait(50);
    }
    const [port = ''] = (await readFile(portFile, 'utf8')).split('\n');
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const context = browser.contexts()[0];
    const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
    if (!page) throw new Error('The packaged app has no window.');
    await page.getByTestId('open-files').waitFor();
    console.log(
      `The packaged app was usable ${((performance.now() - start) / 1000).toFixed(1)} s after launch.`,
    );
    await page.getByTestId('open-sample').click();
    await page.getByTestId('worklist-row').first().waitFor({ timeout: limitMs });
    await page.getByTestId('draft-button').click();
    await page.getByTestId('citation').first().waitFor({ timeout: limitMs });
    const sentences = await page.getByTestId('sentence').count();
    const citations = await page.getByTestId('citation').count();
    console.log(`The packaged app drafted ${sentences} sentences with ${citations} citations.`);
    await page.close();
    await ended;
  } finally {
    child.kill();
    await ended;
    await rm(dataFolder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await smoke(process.argv[2] ?? '');
