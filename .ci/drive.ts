/** Drives the real app with Playwright: for the start without a display, the end-to-end tests and the screenshots. */
import { join } from 'node:path';
import { type ElectronApplication, _electron as electron, type Page } from 'playwright';
import type { Bridge } from '../preload/calls.js';
import { electronFlags, noSandboxBecause } from './linux.js';
import { watchedExecutable, watchVariable } from './network-watch.js';
import { fromRoot } from './root.js';

declare global {
  interface Window {
    wetread: Bridge;
  }
}

export interface DrivenApp {
  app: ElectronApplication;
  page: Page;
  /** Milliseconds from launch until the window could be used. */
  interactiveMs: number;
}

let launches = 0;

/** Launches the built app on a user data folder and waits until its window can be used. */
export async function driveApp(
  executable: string,
  dataFolder: string,
  args: string[] = [],
): Promise<DrivenApp> {
  const start = performance.now();
  const traces = process.env[watchVariable];
  const app = await electron.launch({
    timeout: 120_000,
    // Playwright's own default is to leave the sandbox out; whoever can have it has it here as in daily use.
    chromiumSandbox: noSandboxBecause === undefined,
    executablePath: traces
      ? watchedExecutable(executable, join(traces, `${process.pid}-${launches++}.trace`))
      : executable,
    args: [...electronFlags(() => {}), `--user-data-dir=${dataFolder}`, fromRoot('.'), ...args],
    cwd: fromRoot('.'),
  });
  const page = await app.firstWindow({ timeout: 120_000 });
  page.setDefaultTimeout(60_000);
  // With local users the window begins locked.
  await page.getByTestId('open-files').or(page.getByTestId('sign-in-name')).first().waitFor();
  return { app, page, interactiveMs: performance.now() - start };
}
