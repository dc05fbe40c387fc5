import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import { WetreadError } from '../error.js';
import { openTrust, type PackTrust, type Trust } from '../trust/index.js';
import { PackManifest } from './manifest.js';
import { type Model, openModel } from './onnx.js';

const graphs = {
  image: 'image-encoder.onnx',
  text: 'text-encoder.onnx',
  memory: 'decoder-memory.onnx',
  step: 'decoder-step.onnx',
} as const;
const tokenizers = { text: 'text-tokenizer.json', decoder: 'decoder-tokenizer.json' } as const;

/** A model pack whose files have been checked. Graphs and tokenizers load at first use and stay until `dispose`. */
export interface Pack {
  readonly folder: string;
  readonly manifest: PackManifest;
  /** Why it may be loaded. */
  readonly trust: PackTrust;
  /** CARD.md, empty where there is none. */
  readonly card: string;
  /** Bytes of all its files. */
  readonly bytes: number;
  model(name: keyof typeof graphs): Promise<Model>;
  tokenizer(name: keyof typeof tokenizers): Promise<Tokenizer>;
  /** The bytes of a file that the manifest lists, checked again. */
  read(file: string): Promise<Buffer>;
  /** Loads every graph and tokenizer, so that the first draft need not. */
  warm(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Opens the pack in `folder` after its manifest was found to be trusted and every file of it matched its SHA-256. Adapters are files of
 * the manifest like all others.
 * @param options.trust - default: only what ships with Wetread
 * @throws WetreadError `pack-missing` where there is no pack, `untrusted` before any other file is read, `pack-damaged`, naming the file,
 *   where one is absent or differs
 */
export async function openPack(
  folder: string,
  { trust = openTrust() }: { trust?: Pick<Trust, 'requirePack'> } = {},
): Promise<Pack> {
  const name = basename(folder);
  const bytesOfManifest = await readManifest(folder, name);
  const trusted = await trust.requirePack(folder, bytesOfManifest);
  const manifest = parseManifest(name, bytesOfManifest);
  for (const file of [
    ...Object.values(graphs),
    ...Object.values(tokenizers),
    ...manifest.adapters.map((a) => a.file),
  ])
    if (!manifest.files[file]) throw damaged(name, file, 'is not in the manifest');
  for (const [file, { sha256 }] of Object.entries(manifest.files))
    if ((await hashOf(name, folder, file)) !== sha256)
      throw damaged(name, file, 'is not what the manifest says');

  const open = new Map<string, Promise<Model>>();
  const read = async (file: string) => {
    const bytes = await readFile(join(folder, file)).catch((cause) => {
      throw damaged(name, file, 'cannot be read', cause);
    });
    if (createHash('sha256').update(bytes).digest('hex') !== manifest.files[file]?.sha256)
      throw damaged(name, file, 'is not what the manifest says');
    return bytes;
  };
  const loaded = new Map<string, Promise<Tokenizer>>();
  const readTokenizer = async (file: string) =>
    new Tokenizer(JSON.parse((await read(file)).toString('utf8')), {});

  const model = (graph: keyof typeof graphs) =>
    once(open, graphs[graph], () => openModel(join(folder, graphs[graph]), graphs[graph]));
  const tokenizer = (which: keyof typeof tokenizers) =>
    once(loaded, tokenizers[which], () => readTokenizer(tokenizers[which]));
  return {
    folder,
    manifest,
    trust: trusted,
    card: await readFile(join(folder, 'CARD.md'), 'utf8').catch(() => ''),
    bytes: Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0),
    model,
    tokenizer,
    read,
    async warm() {
      await Promise.all([model('image'), model('text'), model('memory'), model('step')]);
      await Promise.all([tokenizer('text'), tokenizer('decoder')]);
    },
    async dispose() {
      const models = await Promise.allSettled(open.values());
      open.clear();
      await Promise.all(models.map((m) => (m.status === 'fulfilled' ? m.value.dispose() : undefined)));
    },
  };
}

/** Runs `make` once a key; a failure is not kept. */
function once<V>(made: Map<string, Promise<V>>, key: string, make: () => Promise<V>): Promise<V> {
  const known = made.get(key);
  if (known) return known;
  const value = make();
  made.set(key, value);
  value.catch(() => made.delete(key));
  return value;
}

/** The longest that a manifest can be; that of a pack of 14 findings has 16 kB. */
const manifestLimitBytes = 4 * 2 ** 20;

async function readManifest(folder: string, name: string): Promise<Buffer> {
  const file = join(folder, 'manifest.json');
  const missing = (cause: unknown) =>
    new WetreadError('pack-missing', `There is no model pack in ${folder}. Install one there.`, { cause });
  const { size } = await stat(file).catch((cause) => {
    throw missing(cause);
  });
  if (size > manifestLimitBytes) throw damaged(name, 'manifest.json', 'is too long for a manifest');
  return readFile(file).catch((cause) => {
    throw missing(cause);
  });
}

function parseManifest(name: string, bytes: Buffer): PackManifest {
  try {
    return PackManifest.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw damaged(name, 'manifest.json', 'is not a manifest', cause);
  }
}

async function hashOf(pack: string, folder: string, file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(join(folder, file), { highWaterMark: 1 << 20 }), hash);
  } catch (cause) {
    throw damaged(pack, file, 'cannot be read', cause);
  }
  return hash.digest('hex');
}

const damaged = (pack: string, file: string, what: string, cause?: unknown) =>
  new WetreadError('pack-damaged', `${file} of the model pack ${pack} ${what}. Install the pack again.`, {
    cause,
  });
