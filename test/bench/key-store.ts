/**
 * The key of the reports in a real Secret Service, with the real app: `npx tsx test/bench/key-store.ts`. Starts a bus and a
 * gnome-keyring of its own on empty folders (Debian: dbus, gnome-keyring) and ends with 1 where one of its checks fails.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../.ci/build.js';
import { driveApp } from '../../.ci/drive.js';
import { obtainElectron } from '../../.ci/electron.js';
import { hasDisplay, onDisplay, prepareLinux } from '../../.ci/linux.js';
import { fromRoot } from '../../.ci/root.js';

const inside = 'WETREAD_KEY_STORE_BENCH';
const { executable } = await obtainElectron(console.log);
prepareLinux(executable, console.log);
if (process.env[inside] && hasDisplay) await measure(process.env[inside]);
else {
  await buildApp(console.log);
  const folder = mkdtempSync(join(tmpdir(), 'wetread-keyring-'));
  const [command, args] = onDisplay('dbus-run-session', [
    ...['--', process.execPath, '--import', 'tsx', import.meta.filename],
  ]);
  const run = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, [inside]: folder, XDG_DATA_HOME: folder, XDG_RUNTIME_DIR: folder },
  });
  rmSync(folder, { recursive: true, force: true });
  if (run.error) console.error(`${run.error.message}. Debian: apt-get install dbus gnome-keyring`);
  process.exitCode = run.status ?? 1;
}

async function measure(folder: string): Promise<void> {
  // An empty password makes and opens the login keyring; the daemon ends with the bus.
  execFileSync('gnome-keyring-daemon', ['--unlock', '--components=secrets', '--daemonize'], {
    input: '\n',
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const check = (what: string, holds: boolean) => {
    console.log(`${holds ? 'yes' : 'NO '}  ${what}`);
    if (!holds) process.exitCode = 1;
  };

  const moved = join(folder, 'moved');
  const keyFile = join(moved, 'data', 'reports', 'store.key');
  const encrypted = join(moved, 'data', 'store-key.encrypted');
  const before = await start(moved, '', [fromRoot('test/sample/study')]);
  console.log(`Electron ${before.electron}; without a desktop: ${before.backend}`);
  check('without a key store the key is in a key file', existsSync(keyFile) && !existsSync(encrypted));
  const key = existsSync(keyFile) ? readFileSync(keyFile, 'utf8').trim() : '';

  const after = await start(moved, 'GNOME');
  console.log(`on a GNOME desktop: ${after.backend}`);
  check('with one it has moved there', !existsSync(keyFile) && existsSync(encrypted));
  const kept = existsSync(encrypted) ? readFileSync(encrypted).toString('latin1') : key;
  check('and what is on the disk does not show it', !kept.includes(key));
  check('the reports open with it', before.studies === 1 && after.studies === 1);
  check('and again at the next start', (await start(moved, 'GNOME')).studies === 1);

  const fresh = join(folder, 'fresh');
  await start(fresh, 'GNOME');
  check(
    'a new store has never had a key file',
    existsSync(join(fresh, 'data', 'store-key.encrypted')) &&
      !existsSync(join(fresh, 'data', 'reports', 'store.key')),
  );
}

/** Starts the app once on a folder, as on this desktop (Electron chooses the key store by it), and counts the studies on its worklist. */
async function start(folder: string, desktop: string, paths: string[] = []) {
  process.env.XDG_CURRENT_DESKTOP = desktop;
  const { app, page } = await driveApp(executable, folder, paths);
  try {
    if (paths.length > 0) await page.getByTestId('worklist-row').waitFor();
    return {
      electron: await app.evaluate(() => process.versions.electron),
      backend: await app.evaluate(({ safeStorage }) => safeStorage.getSelectedStorageBackend()),
      studies: await page.evaluate(async () => (await window.wetread.call('study.list', {})).length),
    };
  } finally {
    await app.close();
  }
}
