import { generateKeyPairSync } from 'node:crypto';

/** A new Ed25519 private key in PEM (PKCS #8). */
export const makePrivateKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
