/** Sharing a dataset by command, between two data folders. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openLibrary } from '../../../main/retrieve/index.js';
import { signerIn } from '../../../main/trust/index.js';
import { hashingEmbedder } from '../retrieve/hashing-embedder.js';
import { reports } from '../retrieve/source-documents.js';

const root = join(import.meta.dirname, '../../..');
const Manifest = z.object({ files: z.record(z.string(), z.object({ sha256: z.string() })) });

it('tells both sides the fingerprint, refuses another key, and takes it once it is trusted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wetread-share-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const location = join(folder, 'share');
  const manifest = Manifest.parse(JSON.parse(await readFile(join(root, 'models/cxr/manifest.json'), 'utf8')));
  const wetread = (home: string, ...words: string[]) =>
    new Promise<{ code: unknown; out: string }>((resolve) =>
      execFile(
        process.execPath,
        ['--import', 'tsx', 'main/cli.ts', 'index', ...words],
        { cwd: root, env: { ...process.env, WETREAD_HOME: join(folder, home) } },
        (error, out, err) => resolve({ code: error ? error.code : 0, out: out + err }),
      ),
    );
  /** What is in the publisher's dataset, as the product's own writer writes it. */
  const withCases = async (
    count: number,
    use: (library: Awaited<ReturnType<typeof openLibrary>>) => unknown,
  ) => {
    const library = await openLibrary({
      folder: join(folder, 'theirs', 'indices'),
      embed: hashingEmbedder().embed,
      embedder: manifest.files['text-encoder.onnx']?.sha256 ?? '',
      sign: signerIn(join(folder, 'another-key')),
    });
    if ((await library.list()).length === 1) await library.add({ title: 'Cases' });
    const writer = await library.openWriter('cases');
    await writer.write(reports(0, count), { vectors: false });
    await writer.finish(`${count} cases`);
    await writer.close();
    await use(library);
    await library.dispose();
  };

  await withCases(3, () => {});
  const published = await wetread('theirs', 'publish', 'Cases', location);
  const [, fingerprint = 'none'] = /fingerprint ([0-9a-f ]+)/.exec(published.out) ?? [];
  expect(published.code).toBe(0);
  const added = await wetread('ours', 'share', 'Clinic', location);
  expect(added).toMatchObject({ code: 0, out: expect.stringContaining(fingerprint.trim()) });
  expect(added.out).toContain('clinic: ready');

  let other = '';
  await withCases(5, async (library) => {
    ({ key: other } = await library.publish('cases', location));
  });
  expect(await wetread('ours', 'refresh', 'clinic')).toMatchObject({
    code: 1,
    out: expect.stringMatching(/is signed by the key .*untrusted/s),
  });
  expect(await wetread('ours', 'trust', 'clinic', other)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/signed by .*\nclinic: ready/),
  });
}, 600_000);
