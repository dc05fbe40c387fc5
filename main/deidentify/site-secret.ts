import { hkdfSync } from 'node:crypto';

/**
 * The secret behind a site's pseudonyms, 32 bytes, derived from the key of its report store (HKDF, RFC 5869): who loses the store's key
 * loses the way from original to pseudonym as well, and no second secret has to be kept.
 * @param storeKey 64 hexadecimal digits
 */
export function siteSecret(storeKey: string): Uint8Array {
  return new Uint8Array(
    hkdfSync('sha256', Buffer.from(storeKey, 'hex'), '', 'wetread de-identification', 32),
  );
}
