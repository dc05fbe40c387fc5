/**
 * `npm run package`: builds the folder package for this system and tries it. Other targets by their electron-builder
 * names: `npm run package -- --linux AppImage deb`, `--win nsis`, `--mac dmg`.
 */
import { buildApp } from './build.js';
import { obtainElectron } from './electron.js';
import { supportEnds } from './electron-support.js';
import { prepareLinux } from './linux.js';
import { runBuilder, withElectron } from './pack.js';
import { fromRoot } from './root.js';
import { trySmoke } from './smoke.js';

const say = (line: string) => console.log(line);

try {
  const electron = await obtainElectron(say);
  prepareLinux(electron.executable, say);
  if (electron.origin === 'official' && supportEnds(electron.version) < new Date())
    throw new Error(
      `Electron ${electron.version} gets no security fixes any more. Update it, then pack again.`,
    );
  await buildApp(say);
  const asked = process.argv.slice(2);
  // The stand-in is no release of Electron's, so electron-builder cannot fetch it by itself; an official one it can.
  const standIn = electron.origin === 'stand-in' ? withElectron(electron.dist) : [];
  if (standIn.length > 0)
    say(`This package carries the stand-in Electron ${electron.version}: to test with, not to hand out.`);
  runBuilder([...(asked.length > 0 ? asked : ['--dir']), ...standIn]);
  if (process.platform === 'linux' && asked.length === 0)
    process.exitCode = trySmoke(fromRoot('dist/packages/linux-unpacked/wetread'));
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 1;
}
