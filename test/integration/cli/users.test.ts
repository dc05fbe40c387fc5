import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { accountName } from '../../../main/account.js';

const root = join(import.meta.dirname, '../../..');
const home = mkdtempSync(join(tmpdir(), 'wetread-cli-users-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs `wetread users` with `input` on standard input. */
function users(
  input: string,
  ...words: string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'main/cli.ts', 'users', ...words], {
    cwd: root,
    env: { ...process.env, WETREAD_HOME: home },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

const add = (name: string, password: string, roles: string) =>
  users(`${password}\nnot this line\n`, 'add', name, '--full-name', `Dr. ${name}`, '--roles', roles);

test('a site sets up its users by script, and the trail says by which account', async () => {
  expect(await add('ada', 'correct horse battery', 'radiologist')).toMatchObject({
    code: 0,
    out: 'ada: radiologist, administrator\n',
  });
  const refused = await add('rob', 'short', 'resident');
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain('too short');
  expect((await users('', 'reset', '--yes')).code).toBe(0);
  const log = (await users('', 'log', '--json')).out;
  const [last] = log.split('\n').map((line) => line && JSON.parse(line));
  expect(last).toMatchObject({
    who: `${accountName()} (command line)`,
    action: 'user-remove',
    subject: 'ada',
  });
  for (const secret of ['horse', 'short', 'scrypt']) expect(log).not.toContain(secret);
});
