import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makePrivateKey } from '../../unit/trust/private-key.js';

const root = join(import.meta.dirname, '../../..');

it('signs a pack, refuses it, and takes it once its publisher is trusted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wetread-trust-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const wetread = (...words: string[]) =>
    new Promise<{ code: unknown; out: string; err: string }>((resolve) =>
      execFile(
        process.execPath,
        ['--import', 'tsx', 'main/cli.ts', ...words],
        { cwd: root, env: { ...process.env, WETREAD_HOME: join(folder, 'home') } },
        (error, out, err) => resolve({ code: error ? error.code : 0, out, err }),
      ),
    );
  const pack = join(folder, 'other');
  await cp(join(root, 'models/cxr'), pack, { recursive: true });
  const manifest = join(pack, 'manifest.json');
  await writeFile(manifest, `${await readFile(manifest, 'utf8')}\n`);
  await writeFile(join(folder, 'key.pem'), makePrivateKey());

  expect(await wetread('pack', 'verify', pack)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/is not signed.*\(untrusted\)/),
  });
  const signed = await wetread('pack', 'sign', pack, '--key', join(folder, 'key.pem'));
  const [, key = ''] = /signed by (\S+)/.exec(signed.out) ?? [];
  expect(await wetread('trust', 'publisher', 'A lab', key)).toMatchObject({
    code: 0,
    out: expect.stringContaining('A lab'),
  });
  expect(await wetread('pack', 'verify', pack)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/files match; signed by A lab/),
  });
  expect(await wetread('trust', 'remove', key)).toMatchObject({ code: 0 });
});
