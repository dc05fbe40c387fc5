import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  fingerprintOf,
  knowledgeDigest,
  openTrust,
  type Places,
  sha256,
  signPack,
} from '../../../main/trust/index.js';
import { signWith } from '../../../main/trust/signature.js';
import { makePrivateKey } from './private-key.js';

let folder: string;
let pack: string;
let documents: string;
let data: string;
let places: Places;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-trust-'));
  [pack, documents, data] = [join(folder, 'cxr'), join(folder, 'indices'), join(folder, 'data')];
  places = { packFolders: [pack], documentsFolder: documents };
  await mkdir(pack);
  await mkdir(join(documents, 'xr'), { recursive: true });
  await writeFile(join(pack, 'manifest.json'), '{"id":"cxr","version":"9.9.9"}');
  await writeFile(join(documents, 'xr', 'xr-one.md'), 'one');
  await writeFile(join(documents, 'xr', 'xr-two.md'), 'two');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const manifest = () => readFile(join(pack, 'manifest.json'));
const nothingShips = { packs: {}, knowledge: '0'.repeat(64) };
const trustOf = () => openTrust(data, { shipped: nothingShips });
const requirePack = async (trust = trustOf()) => trust.requirePack(pack, await manifest());

describe('a model pack', () => {
  it('that ships is trusted by the digest of its manifest', async () => {
    const packs = { cxr: sha256(await manifest()) };
    const trust = openTrust(undefined, { shipped: { ...nothingShips, packs } });
    expect(await requirePack(trust)).toEqual({ kind: 'shipped' });
    await writeFile(join(pack, 'manifest.json'), '{"id":"cxr","version":"9.9.9"} ');
    await expect(requirePack(trust)).rejects.toMatchObject({ code: 'untrusted' });
  });

  it('that nobody signed is refused by name', async () => {
    await expect(requirePack()).rejects.toMatchObject({
      code: 'untrusted',
      message: expect.stringMatching(/cxr 9\.9\.9 .*is not signed.*Models/),
    });
  });

  it('is trusted by its signer once that one is', async () => {
    const key = await signPack(pack, makePrivateKey());
    await expect(requirePack()).rejects.toMatchObject({
      code: 'untrusted',
      message: expect.stringContaining(fingerprintOf(key)),
    });
    await trustOf().addPublisher({ name: 'A lab', key }, 'ada');
    const publisher = { name: 'A lab', fingerprint: fingerprintOf(key) };
    expect(await requirePack()).toEqual({ kind: 'signed', publisher });

    await trustOf().remove(fingerprintOf(key));
    await expect(requirePack()).rejects.toMatchObject({ code: 'untrusted' });
  });

  it('with the signature of another manifest, or of another key under a trusted name, is refused', async () => {
    const key = await signPack(pack, makePrivateKey());
    await trustOf().addPublisher({ name: 'A lab', key }, 'ada');
    await writeFile(join(pack, 'manifest.json'), '{"id":"cxr","version":"9.9.10"}');
    await expect(requirePack()).rejects.toMatchObject({
      code: 'untrusted',
      message: expect.stringContaining('its signature does not match it'),
    });
    const { signature } = signWith(makePrivateKey(), await manifest());
    await writeFile(join(pack, 'manifest.json.sig'), JSON.stringify({ key, signature }));
    await expect(requirePack()).rejects.toMatchObject({ code: 'untrusted' });
    await writeFile(join(pack, 'manifest.json.sig'), '{');
    await expect(requirePack()).rejects.toMatchObject({ code: 'untrusted' });
  });

  it('that the user accepted is trusted as it is, and not when it changes', async () => {
    const trust = trustOf();
    const [waiting] = (await trust.list(places)).waiting;
    expect(waiting).toMatchObject({ kind: 'pack', what: 'cxr 9.9.9', digest: sha256(await manifest()) });
    await trust.accept(waiting?.digest ?? '', places, 'ada');
    expect(await requirePack()).toEqual({ kind: 'accepted' });
    expect((await trust.list(places)).accepted).toMatchObject([{ what: 'cxr 9.9.9', by: 'ada' }]);
    await writeFile(join(pack, 'manifest.json'), '{"id":"cxr","version":"9.9.10"}');
    await expect(requirePack()).rejects.toMatchObject({ code: 'untrusted' });
    await expect(trust.accept('0'.repeat(64), places, 'ada')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('cannot put words into the sentence that refuses it', async () => {
    const id = 'cxr ships with Wetread.\u202e Trust it.';
    await writeFile(join(pack, 'manifest.json'), JSON.stringify({ id, version: '1' }));
    const refused = await requirePack().catch((thrown: Error) => thrown.message);
    expect(refused).not.toContain('Trust it. ');
    expect(refused).not.toContain('\u202e');
  });
});

describe('the knowledge base', () => {
  it.each([
    ['changed', () => writeFile(join(documents, 'xr', 'xr-one.md'), 'ane')],
    ['added', () => writeFile(join(documents, 'xr', 'xr-three.md'), 'three')],
    ['taken away', () => rm(join(documents, 'xr', 'xr-two.md'))],
    ['renamed', () => rename(join(documents, 'xr', 'xr-two.md'), join(documents, 'xr', 'xr-2.md'))],
  ])('is refused where a document was %s, until that is accepted', async (_, change) => {
    const shipped = { ...nothingShips, knowledge: await knowledgeDigest(documents) };
    const trust = openTrust(data, { shipped });
    await trust.requireKnowledge(documents);
    await change();
    await expect(trust.requireKnowledge(documents)).rejects.toMatchObject({ code: 'untrusted' });
    const waiting = (await trust.list(places)).waiting.find(({ kind }) => kind === 'knowledge');
    await trust.accept(waiting?.digest ?? '', places, 'ada');
    await trust.requireKnowledge(documents);
  });

  it('is not another one for what the system leaves in its folders', async () => {
    const before = await knowledgeDigest(documents);
    await writeFile(join(documents, 'xr', 'Thumbs.db'), 'x');
    expect(await knowledgeDigest(documents)).toBe(before);
  });

  it('that is not there has an error of its own', async () => {
    await expect(trustOf().requireKnowledge(join(folder, 'none'))).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('the list of what is trusted', () => {
  const key = signWith(makePrivateKey(), Buffer.from('x')).key;

  it('is readable by its owner only', async () => {
    await mkdir(data);
    await writeFile(join(data, 'trust.json.new'), '');
    await chmod(join(data, 'trust.json.new'), 0o666);
    await trustOf().addPublisher({ name: 'A lab', key }, 'ada');
    if (process.platform !== 'win32') expect((await stat(join(data, 'trust.json'))).mode & 0o777).toBe(0o600);
  });

  it('trusts nothing beyond what ships where it is damaged, says so, and is put aside by the next decision', async () => {
    await signPack(pack, makePrivateKey());
    await trustOf().addPublisher({ name: 'A lab', key }, 'ada');
    const whole = await readFile(join(data, 'trust.json'), 'utf8');
    for (const damage of ['{', whole.replace('"format": 1', '"format": 2'), whole.replace(key, 'A')]) {
      await writeFile(join(data, 'trust.json'), damage);
      const list = await trustOf().list(places);
      expect(list).toMatchObject({ publishers: [], accepted: [], problem: expect.stringMatching(/damaged/) });
    }
    await trustOf().addPublisher({ name: 'A lab', key }, 'ada');
    expect((await trustOf().list(places)).problem).toBeUndefined();
    expect((await readdir(data)).sort()).toEqual(['trust.json', 'trust.json.damaged']);
  });

  it('keeps decisions that are made at once, and a publisher once', async () => {
    const trust = trustOf();
    const other = signWith(makePrivateKey(), Buffer.from('x')).key;
    await Promise.all([
      trust.addPublisher({ name: 'A lab', key }, 'ada'),
      trust.addPublisher({ name: 'B lab', key: other }, 'ada'),
      trust.addPublisher({ name: 'C lab', key }, 'ada'),
    ]);
    expect((await trust.list(places)).publishers.map(({ name }) => name)).toEqual(['B lab', 'C lab']);
    await expect(trust.remove('nobody')).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each(['', 'not a key', `${key}A`])('refuses "%s" as a key', async (wrong) => {
    await expect(trustOf().addPublisher({ name: 'A lab', key: wrong }, 'ada')).rejects.toMatchObject({
      code: 'bad-input',
    });
  });
});

it('signs with Ed25519 keys only', () => {
  const { privateKey } = generateKeyPairSync('x25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(() => signWith(pem, Buffer.from('x'))).toThrowError(/Ed25519/);
  expect(() => signWith('no key', Buffer.from('x'))).toThrowError(/openssl genpkey/);
});
