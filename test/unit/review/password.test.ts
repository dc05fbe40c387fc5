import { describe, expect, it } from 'vitest';
import { hashPassword, passwordProblem, verifyPassword } from '../../../main/review/password.js';

describe('a password', () => {
  it.each([
    ...['', 'short', 'ninechars', 'password12', 'Password123!', '1234567890', '0987654321', 'qwertyuiop'],
    ...['1q2w3e4r5t', 'aaaaaaaaaaaa', 'abababababab', 'abcdefghij', 'Radiology2026', '!!welcome2026!!'],
    ...['ada.reader-x', 'ADA.READER99', 'wetreadwetread', 'x'.repeat(300)],
  ])('%s is not accepted', (password) => {
    expect(passwordProblem(password, 'ada.reader')).toBeTypeOf('string');
  });
  it.each([
    'correct horse battery',
    'seven quiet herons',
    'lungs and ladders',
    '9f!Kq2_zLw',
    'пароль из слов',
    'Übermäßig lang',
    '        spaced',
  ])('%s is accepted: nothing is asked of its composition', (password) => {
    expect(passwordProblem(password, 'ada.reader')).toBeUndefined();
  });
  it('is counted in characters, not in code units', () => {
    expect(passwordProblem('😀😃😄😁😆', 'ada')).toContain('too short');
  });

  it('is stored as a salted hash with its cost, never twice the same', async () => {
    const [one, two] = await Promise.all([
      hashPassword('seven quiet herons'),
      hashPassword('seven quiet herons'),
    ]);
    expect(one).toMatchObject({ kind: 'scrypt', cost: 32768, blockSize: 8, parallelization: 3 });
    expect(one.salt).not.toBe(two.salt);
    expect(one.hash).not.toBe(two.hash);
    expect(Buffer.from(one.salt, 'base64')).toHaveLength(16);
    expect(Buffer.from(one.hash, 'base64')).toHaveLength(32);
    expect(JSON.stringify(one)).not.toContain('herons');
    expect(await verifyPassword('seven quiet herons', one)).toBe(true);
    expect(await verifyPassword('seven quiet heron', one)).toBe(false);
    expect(await verifyPassword('', one)).toBe(false);
  });
  it('is compared at the cost that it was stored with', async () => {
    // RFC 7914 §12: P="pleaseletmein", S="SodiumChloride", N=16384, r=8, p=1, the first 32 of 64 bytes.
    const stored = {
      kind: 'scrypt' as const,
      ...{ cost: 16384, blockSize: 8, parallelization: 1 },
      salt: Buffer.from('SodiumChloride').toString('base64'),
      hash: Buffer.from('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2', 'hex').toString(
        'base64',
      ),
    };
    expect(await verifyPassword('pleaseletmein', stored)).toBe(true);
    expect(await verifyPassword('pleaseletmeout', stored)).toBe(false);
  });
  it('is the same however its accents are composed', async () => {
    const stored = await hashPassword('Ra\u0308ume der Lunge');
    expect(await verifyPassword('R\u00e4ume der Lunge', stored)).toBe(true);
  });
  it('of a name that nobody has is false, after as much work', async () => {
    const cpu = async (work: () => Promise<unknown>) => {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const stored = await hashPassword('seven quiet herons');
    const known = await cpu(() => verifyPassword('seven loud herons', stored));
    const unknown = await cpu(async () =>
      expect(await verifyPassword('seven loud herons', undefined)).toBe(false),
    );
    expect(unknown).toBeGreaterThan(known / 3);
  });
});
