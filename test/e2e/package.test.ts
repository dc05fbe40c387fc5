/** Item 19 of Electron's security checklist: the fuses of the packaged program, read back from its binary and tried. */
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { electronFlags } from '../../.ci/linux.js';
import { packFolder } from '../../.ci/pack.js';
import { fromRoot } from '../../.ci/root.js';

const onLinux = process.platform === 'linux';
if (!onLinux) console.warn('Skipped: here the package is made and tried on Linux only.');

const electron = process.env.WETREAD_ELECTRON ?? '';
mkdirSync(fromRoot('.cache'), { recursive: true });
// Beside the app, whose files it links to; a folder of its own, since others may pack meanwhile.
const output = mkdtempSync(fromRoot('.cache/package-'));
const packed = join(output, 'linux-unpacked', 'wetread');
const work = mkdtempSync(join(tmpdir(), 'wetread-package-'));

beforeAll(() => {
  if (onLinux) packFolder(dirname(electron), output);
}, 240_000);
afterAll(() => {
  rmSync(output, { recursive: true, force: true });
  rmSync(work, { recursive: true, force: true });
});

test.skipIf(!onLinux)('19 the fuses of the binary are as they should be', async () => {
  const wire = await getCurrentFuseWire(packed);
  const state = (option: FuseV1Options) => FuseState[wire[option] ?? FuseState.INHERIT];
  expect({
    runAsNode: state(FuseV1Options.RunAsNode),
    cookieEncryption: state(FuseV1Options.EnableCookieEncryption),
    nodeOptions: state(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: state(FuseV1Options.EnableNodeCliInspectArguments),
    // Enforced by macOS and Windows; the wire is set everywhere.
    asarIntegrity: state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: state(FuseV1Options.OnlyLoadAppFromAsar),
    filePrivileges: state(FuseV1Options.GrantFileProtocolExtraPrivileges),
  }).toEqual({
    runAsNode: 'DISABLE',
    cookieEncryption: 'ENABLE',
    nodeOptions: 'DISABLE',
    inspect: 'DISABLE',
    asarIntegrity: 'ENABLE',
    onlyAsar: 'ENABLE',
    filePrivileges: 'DISABLE',
  });
});

/** Starts a binary with every way there is to make it run a script of ours instead, and tells whether it did. */
async function runsForeignCode(
  binary: string,
  name: string,
  withinMs: number,
): Promise<{ ran: boolean; inspected: boolean }> {
  const marker = join(work, `${name}.ran`);
  const script = join(work, `${name}.cjs`);
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');`);
  let said = '';
  const child = spawn(
    binary,
    ['--inspect=0', script, ...electronFlags(() => {}), `--user-data-dir=${join(work, name)}`],
    { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require ${script}` } },
  );
  // Not `exit`, after which there may still be something to read.
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await Promise.race([ended, wait(withinMs)]);
  child.kill('SIGKILL');
  await ended;
  return { ran: existsSync(marker), inspected: said.includes('Debugger listening') };
}

test.skipIf(!onLinux)('19 neither the environment nor the command line makes it run other code', async () => {
  // The one that runs the script ends with it; the other is ended.
  expect(await runsForeignCode(electron, 'development', 120_000)).toEqual({ ran: true, inspected: true });
  expect(await runsForeignCode(packed, 'packed', 6000)).toEqual({ ran: false, inspected: false });
});

test.skipIf(!onLinux)(
  '19 a folder laid beside the archive is not run, and there is no default app',
  async () => {
    const resources = join(dirname(packed), 'resources');
    expect(readdirSync(resources)).not.toContain('default_app.asar');
    const marker = join(work, 'folder.ran');
    mkdirSync(join(resources, 'app'));
    writeFileSync(join(resources, 'app', 'package.json'), '{"main": "main.js"}');
    writeFileSync(
      join(resources, 'app', 'main.js'),
      `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');`,
    );
    const run = () =>
      spawnSync(packed, [...electronFlags(() => {}), `--user-data-dir=${join(work, 'folder')}`], {
        timeout: 6000,
      });
    run();
    expect(existsSync(marker)).toBe(false);
    // Without its archive it runs nothing at all, rather than the folder.
    copyFileSync(join(resources, 'app.asar'), join(work, 'app.asar'));
    rmSync(join(resources, 'app.asar'));
    run();
    expect(existsSync(marker)).toBe(false);
  },
);
