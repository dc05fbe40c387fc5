/** What Electron needs of a Linux machine besides itself: shared libraries, a display, and as root no sandbox. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const libraries = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libatk-bridge2.0-0',
  'libcups2',
  'libxkbcommon0',
  'libxcomposite1',
  'libxdamage1',
  'libxrandr2',
  'libxfixes3',
  'libdrm2',
  'libatspi2.0-0',
];
const display = ['xvfb', 'xauth'];

export const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

/** Why Chromium's sandbox cannot be had here; undefined where it can. A container may forbid user namespaces to whoever is in it. */
export const noSandboxBecause: string | undefined = isRoot
  ? 'Running as root'
  : process.platform === 'linux' &&
      !restrictedBySetting() &&
      spawnSync('unshare', ['--user', 'true']).status === 1
    ? 'No user namespaces in this container'
    : undefined;

export const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/**
 * Sees to it that the executable finds its libraries and, without a display, Xvfb. As root on Debian or Ubuntu it
 * installs what is missing; otherwise it throws an Error with the line to type.
 */
export function prepareLinux(executable: string, say: (line: string) => void): void {
  if (process.platform !== 'linux') return;
  requireSandbox(join(dirname(executable), 'chrome-sandbox'));
  const missing = [
    ...(missingLibraries(executable).length > 0 ? libraries : []),
    ...(hasDisplay || (found('Xvfb') && found('xauth')) ? [] : display),
  ];
  if (missing.length === 0) return;
  if (!found('apt-get'))
    throw new Error(
      `Electron needs the libraries of the Debian packages ${missing.join(' ')}; install your system's equivalents.`,
    );
  if (!isRoot)
    throw new Error(
      `Electron needs some Linux packages. Type:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`,
    );
  say(`Installing Linux packages that Electron needs: ${missing.join(' ')}`);
  const apt = (...args: string[]) =>
    execFileSync('apt-get', ['-o', 'Acquire::Retries=5', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('-q', 'update');
  apt('-q', 'install', '-y', '--no-install-recommends', ...missing.map(debianName));
  const still = missingLibraries(executable);
  if (still.length > 0) throw new Error(`Electron still lacks these libraries: ${still.join(', ')}.`);
}

/** A command, put behind xvfb-run where there is no display. */
export function onDisplay(command: string, args: string[]): [string, string[]] {
  return hasDisplay
    ? [command, args]
    : ['xvfb-run', ['-a', '-s', '-screen 0 1600x1000x24', command, ...args]];
}

/** Where its sandbox cannot start Electron runs without, and that is said. Without a GPU, WebGL needs SwiftShader. */
export function electronFlags(say: (line: string) => void): string[] {
  if (noSandboxBecause !== undefined)
    say(
      `${noSandboxBecause}: Electron starts with --no-sandbox (an ordinary user of a workstation keeps the sandbox).`,
    );
  return [
    ...(noSandboxBecause === undefined ? [] : ['--no-sandbox']),
    ...(hasDisplay ? [] : ['--enable-unsafe-swiftshader']),
  ];
}

/** Whether the system's settings keep ordinary users from making user namespaces (Ubuntu 24.04, older Debian). */
function restrictedBySetting(): boolean {
  const setting = (name: string) => {
    try {
      return readFileSync(`/proc/sys/kernel/${name}`, 'utf8').trim();
    } catch {
      return undefined;
    }
  };
  return (
    setting('apparmor_restrict_unprivileged_userns') === '1' || setting('unprivileged_userns_clone') === '0'
  );
}

/** Where the settings forbid user namespaces, Chromium's sandbox needs its helper to be setuid root. */
function requireSandbox(helper: string): void {
  if (isRoot || !restrictedBySetting()) return;
  const { uid, mode } = statSync(helper);
  if (uid === 0 && (mode & 0o4000) !== 0) return;
  throw new Error(
    `This system lets Electron's sandbox start only by its helper. Type:\n  sudo chown root "${helper}" && sudo chmod 4755 "${helper}"`,
  );
}

function missingLibraries(executable: string): string[] {
  const listing = spawnSync('ldd', [executable], { encoding: 'utf8' }).stdout ?? '';
  return [...listing.matchAll(/^\s*(\S+) => not found/gm)].map(([, name = '']) => name);
}

/** Debian 13 and Ubuntu 24.04 renamed some libraries with the suffix t64. */
function debianName(name: string): string {
  const policy = spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' }).stdout ?? '';
  return /Candidate: \d/.test(policy) ? name : `${name}t64`;
}

function found(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}
