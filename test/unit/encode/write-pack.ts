import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PackManifest } from '../../../main/encode/index.js';
import { manifest } from './manifest.js';

/** Trusts every pack: what is tested is something else. */
export const trustAll = { requirePack: async () => ({ kind: 'accepted' as const }) };

export const packFiles = [
  'image-encoder.onnx',
  'text-encoder.onnx',
  'decoder-memory.onnx',
  'decoder-step.onnx',
  'text-tokenizer.json',
  'decoder-tokenizer.json',
];

/** Writes a pack of placeholder files with right hashes; `change` edits its manifest. */
export async function writePack(
  folder: string,
  change: (m: PackManifest) => unknown = () => {},
  extra: Record<string, Buffer> = {},
): Promise<void> {
  const value = manifest();
  const placeholders = packFiles.map((name) => [name, Buffer.from(`not a graph: ${name}`)] as const);
  for (const [name, bytes] of [...placeholders, ...Object.entries(extra)]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
    value.files[name] = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  }
  change(value);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(value));
}
