import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadAdapter } from '../../../main/draft/index.js';
import { openPack as open, type PackManifest } from '../../../main/encode/index.js';
import { packFiles, trustAll, writePack } from './write-pack.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-pack-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const openPack = (at: string) => open(at, { trust: trustAll });
const makePack = (change?: (m: PackManifest) => unknown, extra?: Record<string, Buffer>) =>
  writePack(folder, change, extra);

describe('openPack', () => {
  it('opens a pack whose files match', async () => {
    await makePack();
    await writeFile(join(folder, 'CARD.md'), '# Card');
    const pack = await openPack(folder);
    expect(pack).toMatchObject({ manifest: { id: 'cxr' }, card: '# Card' });
    expect(pack.bytes).toBeGreaterThan(0);
    await pack.dispose();
  });

  it('is missing where there is no manifest', async () => {
    await expect(openPack(join(folder, 'none'))).rejects.toMatchObject({ code: 'pack-missing' });
  });

  it.each(packFiles)('is damaged where %s was changed, and says so', async (name) => {
    await makePack();
    await writeFile(join(folder, name), 'tampered');
    await expect(openPack(folder)).rejects.toMatchObject({
      code: 'pack-damaged',
      message: expect.stringContaining(name),
    });
  });

  it('is damaged where a file is gone', async () => {
    await makePack();
    await rm(join(folder, 'decoder-step.onnx'));
    await expect(openPack(folder)).rejects.toMatchObject({
      code: 'pack-damaged',
      message: expect.stringContaining('decoder-step.onnx'),
    });
  });

  it('is damaged where a graph is not in the manifest', async () => {
    await makePack((m) => delete m.files['image-encoder.onnx']);
    await expect(openPack(folder)).rejects.toMatchObject({ code: 'pack-damaged' });
  });

  it('refuses a manifest that is none, or whose files lie outside its folder', async () => {
    await makePack((m) => {
      m.files['../secret'] = { sha256: '0'.repeat(64), bytes: 1 };
    });
    await expect(openPack(folder)).rejects.toMatchObject({ code: 'pack-damaged' });
    await writeFile(join(folder, 'manifest.json'), '{');
    await expect(openPack(folder)).rejects.toMatchObject({ code: 'pack-damaged' });
  });

  it('says which graph cannot be loaded', async () => {
    await makePack();
    const pack = await openPack(folder);
    await expect(pack.model('image')).rejects.toMatchObject({
      code: 'pack-damaged',
      message: expect.stringContaining('image-encoder.onnx'),
    });
  });
});

describe('a pack that does not ship with Wetread', () => {
  it('is refused before any other file is read', async () => {
    await makePack();
    await rm(join(folder, 'decoder-step.onnx'));
    await expect(open(folder)).rejects.toMatchObject({ code: 'untrusted' });
  });

  it('is refused before what its manifest says is looked at', async () => {
    await writeFile(join(folder, 'manifest.json'), '{');
    await expect(open(folder)).rejects.toMatchObject({ code: 'untrusted' });
  });

  it('is not even read where its manifest is too long for one', async () => {
    await writeFile(join(folder, 'manifest.json'), Buffer.alloc(4 * 2 ** 20 + 1, ' '));
    await expect(open(folder)).rejects.toMatchObject({ code: 'pack-damaged' });
  });
});

describe('loadAdapter', () => {
  /** 2 × (1 layer × 4 targets × 8 wide × rank 2). */
  const floats = Float32Array.from({ length: 128 }, (_, i) => i);
  const bytes = Buffer.from(floats.buffer);
  const listed = (m: PackManifest) => m.adapters.push({ id: 'rl', file: 'adapters/rl.bin', title: 'RL' });

  it('reads all of A, then all of B', async () => {
    await makePack(listed, { 'adapters/rl.bin': bytes });
    const adapter = await loadAdapter(await openPack(folder), 'rl');
    expect(adapter.a).toMatchObject({ dims: [1, 4, 8, 2], data: floats.slice(0, 64) });
    expect(adapter.b).toMatchObject({ dims: [1, 4, 2, 8], data: floats.slice(64) });
  });

  it('is zeros for none', async () => {
    await makePack();
    const pack = await openPack(folder);
    for (const id of [null, 'none']) {
      const adapter = await loadAdapter(pack, id);
      expect(adapter.id).toBeNull();
      expect([...adapter.a.data, ...adapter.b.data].every((v) => v === 0)).toBe(true);
    }
  });

  it('refuses an unknown one and one of another geometry', async () => {
    await makePack(listed, { 'adapters/rl.bin': bytes.subarray(4) });
    const pack = await openPack(folder);
    await expect(loadAdapter(pack, 'other')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(loadAdapter(pack, 'rl')).rejects.toMatchObject({ code: 'pack-damaged' });
  });
});
