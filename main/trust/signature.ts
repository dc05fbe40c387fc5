/** Ed25519 (RFC 8032) as publishers of model packs and datasets use it. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { WetreadError } from '../error.js';
import { sha256 } from './digest.js';

/** A public key: its 32 bytes in base64url without padding, the `x` of a JSON Web Key (RFC 8037). */
export const PublicKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'not an Ed25519 public key: 43 characters of base64url');
export type PublicKey = z.infer<typeof PublicKey>;

/** Who signed, and the 64 bytes of the signature in base64url. */
export const Signature = z.object({
  key: PublicKey,
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type Signature = z.infer<typeof Signature>;

/** What people compare: the first 20 bytes of the key's SHA-256, in groups of four digits. */
export function fingerprintOf(key: PublicKey): string {
  const digest = sha256(Buffer.from(key, 'base64url')).slice(0, 40);
  return digest.match(/.{4}/g)?.join(' ') ?? digest;
}

/** Whether the signature is one of these bytes by the key that it names. */
export function isSignedBy(bytes: Uint8Array, { key, signature }: Signature): boolean {
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });
    return verify(null, bytes, publicKey, Buffer.from(signature, 'base64url'));
  } catch {
    // Not a point on the curve.
    return false;
  }
}

/** @param pem - a private key as `openssl genpkey -algorithm ed25519` writes it; throws WetreadError `bad-input` for another */
export function signWith(pem: string, bytes: Uint8Array): Signature {
  const key = privateKeyIn(pem);
  return { key: publicKeyOf(key), signature: sign(null, bytes, key).toString('base64url') };
}

function privateKeyIn(pem: string): KeyObject {
  const refused = (cause?: unknown) =>
    new WetreadError(
      'bad-input',
      'This is not an Ed25519 private key in PEM. Make one: openssl genpkey -algorithm ed25519 -out FILE.',
      { cause },
    );
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw refused(cause);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw refused();
  return key;
}

function publicKeyOf(key: KeyObject): PublicKey {
  return PublicKey.parse(createPublicKey(key).export({ format: 'jwk' }).x);
}
