/** electron-builder, run as a command. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNotices } from './licences.js';
import { fromRoot } from './root.js';

/** Runs electron-builder, with the notices of all packages for it to ship; throws an Error when it fails. */
export function runBuilder(args: string[], { quiet = false } = {}): void {
  writeNotices();
  const { status, stderr } = spawnSync(
    process.execPath,
    [fromRoot('node_modules/electron-builder/cli.js'), ...args, '--publish=never'],
    { stdio: quiet ? 'pipe' : 'inherit', cwd: fromRoot('.'), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`electron-builder failed. ${stderr ?? ''}`.trim());
}

/** The options that pack the Electron in `dist` instead of a release that electron-builder would download. */
export function withElectron(dist: string): string[] {
  const version = readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
  return [`-c.electronDist=${dist}`, `-c.electronVersion=${version}`];
}

/** Packs the built app as a folder into `output`, quietly. */
export function packFolder(dist: string, output: string): void {
  runBuilder(['--dir', ...withElectron(dist), `-c.directories.output=${output}`], { quiet: true });
}
