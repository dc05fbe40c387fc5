/** The key of this workstation, with which the datasets that it shares are signed. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WetreadError } from '../error.js';
import { type Signature, signWith } from './signature.js';

/** Signs bytes as this workstation. */
export type Sign = (bytes: Uint8Array) => Promise<Signature>;

/**
 * Signs with the key in `publisher-key.pem` of the data folder (PKCS #8, mode 0600), which is made with the first signature.
 * @throws WetreadError `store-damaged` where the file is no Ed25519 key: another one is not made behind the user's back, as all readers would
 *   refuse what it signs
 */
export function signerIn(dataFolder: string): Sign {
  const file = join(dataFolder, 'publisher-key.pem');
  return async (bytes) => {
    const pem = (await keyIn(file)) ?? (await makeKey(file));
    try {
      return signWith(pem, bytes);
    } catch (cause) {
      throw new WetreadError(
        'store-damaged',
        `${file}, which signs what you share, is damaged. Restore it from a backup. If there is none, remove it: a new key is made, and whoever reads your datasets is asked to trust that one.`,
        { cause },
      );
    }
  };
}

async function keyIn(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Whole or not at all; of two that make one at a time, the key of the first counts. */
async function makeKey(file: string): Promise<string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const part = `${file}.${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true });
  try {
    const handle = await open(part, 'w', 0o600);
    try {
      await handle.writeFile(pem);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await link(part, file).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== 'EEXIST') throw thrown;
    });
  } finally {
    await rm(part, { force: true });
  }
  return await readFile(file, 'utf8');
}
