/** The engine on what was tampered with, as a user meets it: refused by name, trusted on request, loaded without a new start. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createEngine } from '../../../main/engine.js';
import { signPack } from '../../../main/trust/index.js';
import { calls } from '../../../preload/calls.js';
import { makePrivateKey } from '../../unit/trust/private-key.js';

const root = join(import.meta.dirname, '../../..');

/** A copy of the real pack and of two documents, and an engine on them. */
async function tamperedInstall() {
  const folder = await mkdtemp(join(tmpdir(), 'wetread-tampered-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(root, 'models/cxr'), join(folder, 'models/cxr'), { recursive: true });
  await cp(join(root, 'indices/mg'), join(folder, 'indices/mg'), { recursive: true });
  const open = async () => {
    const engine = await createEngine({
      dataFolder: join(folder, 'data'),
      packsFolder: join(folder, 'models'),
      documentsFolder: join(folder, 'indices'),
      user: 'ada',
    });
    onTestFinished(() => engine.dispose());
    return engine;
  };
  return { folder, open };
}

const trustList = calls['trust.list'].output;

it('refuses a changed knowledge base, drafts without it, and builds it once it is trusted', async () => {
  const { open } = await tamperedInstall();
  const engine = await open();
  await engine.ready();
  await expect
    .poll(() => engine.call('dataset.list', {}))
    .toMatchObject([{ kind: 'authored', state: 'untrusted', message: expect.stringContaining('Indices') }]);
  const search = { modality: 'MG', query: 'breast density' };
  await expect(engine.call('index.search', search)).rejects.toMatchObject({ code: 'untrusted' });
  await expect(engine.call('dataset.refresh', { dataset: 'wetread', task: 'refresh' })).rejects.toMatchObject(
    { code: 'untrusted' },
  );

  const { waiting } = trustList.parse(await engine.call('trust.list', {}));
  expect(waiting).toMatchObject([{ kind: 'knowledge' }]);
  await engine.call('trust.accept', { digest: waiting[0]?.digest });
  await engine.ready();
  expect(await engine.call('dataset.list', {})).toMatchObject([{ kind: 'authored', state: 'ready' }]);
  expect(await engine.call('trust.list', {})).toMatchObject({
    waiting: [],
    accepted: [{ kind: 'knowledge', by: 'ada' }],
  });
});

it('refuses a changed model pack, and loads it once its signer is trusted', async () => {
  const { folder, open } = await tamperedInstall();
  const pack = join(folder, 'models/cxr');
  const file = join(pack, 'manifest.json');
  const changed = (await readFile(file, 'utf8')).replace('"likely": 0.', '"likely": 0.0');
  await writeFile(file, changed);
  const engine = await open();
  await expect(engine.ready()).rejects.toMatchObject({
    code: 'untrusted',
    message: expect.stringMatching(/cxr .*is not signed/),
  });
  await expect(engine.call('pack.list', {})).rejects.toMatchObject({ code: 'untrusted' });

  const key = await signPack(pack, makePrivateKey());
  const { waiting } = trustList.parse(await engine.call('trust.list', {}));
  expect(waiting[0]).toMatchObject({ kind: 'pack', signer: { key } });
  await engine.call('trust.addPublisher', { name: 'A lab', key });
  expect(await engine.call('pack.list', {})).toMatchObject([
    { id: 'cxr', trust: { kind: 'signed', publisher: { name: 'A lab' } } },
  ]);
});

it('loads what ships as what ships', async () => {
  const { open } = await tamperedInstall();
  expect(await (await open()).call('pack.list', {})).toMatchObject([{ trust: { kind: 'shipped' } }]);
});
