import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { type DrivenApp, driveApp } from '../../.ci/drive.js';
import { watchedExecutable } from '../../.ci/network-watch.js';

/** The app on an empty data folder, which goes when it closes. */
export interface RealApp extends DrivenApp {
  folder: string;
  close(): Promise<void>;
}

/** Launches the built app with the Electron that `npm test` has found; `trace`: a file for what it does on the network. */
export async function openRealApp(args: string[] = [], { trace }: { trace?: string } = {}): Promise<RealApp> {
  const executable = process.env.WETREAD_ELECTRON;
  if (!executable) throw new Error('Run these tests by npm test, which finds an Electron and a display.');
  const folder = mkdtempSync(join(tmpdir(), 'wetread-e2e-'));
  const driven = await driveApp(trace ? watchedExecutable(executable, trace) : executable, folder, args);
  return {
    ...driven,
    folder,
    async close() {
      await driven.app.close();
      // Chromium's other processes may write there for a moment longer.
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

/** Has the system's open dialog answer with these paths. */
export async function answerOpenDialog(app: ElectronApplication, filePaths: string[]): Promise<void> {
  await app.evaluate(({ dialog }, paths) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: paths });
  }, filePaths);
}

/** Has the system's save dialog answer with this file. */
export async function answerSaveDialog(app: ElectronApplication, file: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
}
