/** Passwords of local users: what is accepted (NIST SP 800-63B §5.1.1), and how they are stored and compared (scrypt, RFC 7914). */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { isCommonPassword } from './common-passwords.js';

/** A password as stored: salt, hash and the cost that it was made with, so that the cost can rise later. */
export const StoredPassword = z
  .object({
    kind: z.literal('scrypt'),
    /** CPU and memory cost; 128 · cost · blockSize bytes are needed. */
    cost: z.number().int().positive(),
    blockSize: z.number().int().positive(),
    parallelization: z.number().int().positive(),
    /** Base64 */
    salt: z.string(),
    /** Base64 */
    hash: z.string(),
  })
  .strict();
export type StoredPassword = z.infer<typeof StoredPassword>;

/** 32 MB and a fifth of a second of one core: one of the sets of parameters that OWASP holds equal. */
const parameters = { cost: 2 ** 15, blockSize: 8, parallelization: 3 };
const saltBytes = 16;
const hashBytes = 32;

export const shortestPassword = 10;
const longestPassword = 256;

/** Why a password is not accepted for the user `name`, as a sentence; undefined where it is. No rule on its composition. */
export function passwordProblem(password: string, name: string): string | undefined {
  const { length } = [...normal(password)];
  if (length < shortestPassword)
    return `The password is too short: take at least ${shortestPassword} characters, for example four words.`;
  if (length > longestPassword)
    return `The password is too long: ${longestPassword} characters are the most.`;
  if (isCommonPassword(normal(password)) || normal(password).toLowerCase().includes(name))
    return 'This password is among the first that anybody would try. Take another, for example four words.';
  return undefined;
}

/** Salts and hashes a password, off the event loop. */
export async function hashPassword(password: string): Promise<StoredPassword> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, hashBytes, parameters);
  return {
    kind: 'scrypt',
    ...parameters,
    salt: salt.toString('base64'),
    hash: hash.toString('base64'),
  };
}

/**
 * Whether `password` is the stored one, compared in constant time. Without a stored one it takes as long and is false, so that a
 * name that nobody has is not told by the time it takes.
 */
export async function verifyPassword(password: string, stored: StoredPassword | undefined): Promise<boolean> {
  const expected = stored ? Buffer.from(stored.hash, 'base64') : Buffer.alloc(hashBytes);
  const salt = stored ? Buffer.from(stored.salt, 'base64') : Buffer.alloc(saltBytes);
  const hash = await derive(password, salt, expected.length, stored ?? parameters);
  return timingSafeEqual(hash, expected) && stored !== undefined;
}

/** One password, however a keyboard composes its accents. */
const normal = (password: string) => password.normalize('NFKC');

function derive(password: string, salt: Buffer, length: number, cost: typeof parameters): Promise<Buffer> {
  const options: ScryptOptions = {
    N: cost.cost,
    r: cost.blockSize,
    p: cost.parallelization,
    maxmem: 256 * cost.cost * cost.blockSize,
  };
  return new Promise((resolve, reject) =>
    scrypt(normal(password), salt, length, options, (error, hash) => (error ? reject(error) : resolve(hash))),
  );
}
