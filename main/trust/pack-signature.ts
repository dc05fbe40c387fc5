import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WetreadError } from '../error.js';
import { isSignedBy, Signature, signWith } from './signature.js';

const fileIn = (packFolder: string) => join(packFolder, 'manifest.json.sig');

/** Of a pack: signed by a key (whether that is trusted is another question), not signed, or with a signature of something else. */
export type Signed = { by: Signature['key'] } | 'unsigned' | 'false';

/** Reads `manifest.json.sig` beside a manifest and checks it. */
export async function signerOf(packFolder: string, manifest: Uint8Array): Promise<Signed> {
  let text: string;
  try {
    text = await readFile(fileIn(packFolder), 'utf8');
  } catch {
    return 'unsigned';
  }
  try {
    const signature = Signature.parse(JSON.parse(text));
    return isSignedBy(manifest, signature) ? { by: signature.key } : 'false';
  } catch {
    return 'false';
  }
}

/**
 * Signs the manifest of a pack, and by its hashes all its files; returns who signed.
 * @param pem - Ed25519 private key
 * @throws WetreadError `pack-missing`, `bad-input` where the key is none
 */
export async function signPack(packFolder: string, pem: string): Promise<Signature['key']> {
  const manifest = await readFile(join(packFolder, 'manifest.json')).catch((cause) => {
    throw new WetreadError('pack-missing', `There is no model pack in ${packFolder}.`, { cause });
  });
  const signature = signWith(pem, manifest);
  await writeFile(fileIn(packFolder), `${JSON.stringify(signature)}\n`);
  return signature.key;
}
