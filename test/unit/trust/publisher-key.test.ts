import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isSignedBy, signerIn } from '../../../main/trust/index.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = Buffer.from('what is shared');

it('makes one key, however many sign first, and keeps it to its owner', async () => {
  const data = join(folder, 'data');
  const signatures = await Promise.all(Array.from({ length: 8 }, () => signerIn(data)(bytes)));
  const later = await signerIn(data)(bytes);
  for (const signature of signatures) {
    expect(signature).toEqual(later);
    expect(isSignedBy(bytes, signature)).toBe(true);
    expect(isSignedBy(Buffer.from('something else'), signature)).toBe(false);
  }
  expect(await readdir(data)).toEqual(['publisher-key.pem']);
  if (process.platform !== 'win32')
    expect((await stat(join(data, 'publisher-key.pem'))).mode & 0o777).toBe(0o600);
});

it('is another one on another workstation', async () => {
  const [one, two] = await Promise.all(['a', 'b'].map((name) => signerIn(join(folder, name))(bytes)));
  expect(one?.key).not.toBe(two?.key);
});

it('that is damaged is told by its file, and not replaced', async () => {
  const file = join(folder, 'publisher-key.pem');
  await writeFile(file, '');
  await expect(signerIn(folder)(bytes)).rejects.toMatchObject({
    code: 'store-damaged',
    message: expect.stringContaining(file),
  });
  expect(await readFile(file, 'utf8')).toBe('');
});
