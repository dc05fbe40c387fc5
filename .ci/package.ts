/**
 * `npm run package`: builds the folder package for this system and tries it. Other targets by their electron-builder
 * names: `npm run package -- --linux AppImage deb`, `--win nsis`, `--mac dmg`.
 */
import { spawnSync } from 'node:child_process';
import { buildApp } from './build.js';
import { obtainElectron } from './electron.js';
import { prepareLinux } from './linux.js';
import { fromRoot } from './root.js';
import { trySmoke } from './smoke.js';

const say = (line: string) => console.log(line);

try {
  const electron = await obtainElectron(say);
  prepareLinux(electron.executable, say);
  await buildApp(say);
  const asked = process.argv.slice(2);
  // The stand-in is no release of Electron's, so electron-builder cannot fetch it by itself; an official one it can.
  const standIn =
    electron.origin === 'stand-in'
      ? [`-c.electronDist=${electron.dist}`, `-c.electronVersion=${electron.version}`]
      : [];
  if (standIn.length > 0)
    say(`This package carries the stand-in Electron ${electron.version}: to test with, not to hand out.`);
  const { status } = spawnSync(
    process.execPath,
    [
      fromRoot('node_modules/electron-builder/cli.js'),
      ...(asked.length > 0 ? asked : ['--dir']),
      ...standIn,
      '--publish=never',
    ],
    { stdio: 'inherit', cwd: fromRoot('.') },
  );
  if (status !== 0) throw new Error('electron-builder failed.');
  if (process.platform === 'linux' && asked.length === 0)
    process.exitCode = trySmoke(fromRoot('dist/packages/linux-unpacked/wetread'));
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 1;
}
