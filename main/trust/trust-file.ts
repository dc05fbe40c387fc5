/** `trust.json` in the data folder: whom and what the user trusts beyond what ships with Wetread. */
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { toWetreadError } from '../error.js';
import { PublicKey } from './signature.js';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
/** When, and in whose name. */
const decided = { at: z.string(), by: z.string() };

export const Publisher = z
  .object({ name: z.string().trim().min(1).max(80), key: PublicKey, ...decided })
  .strict();
export type Publisher = z.infer<typeof Publisher>;

export const Accepted = z
  .object({ digest: Digest, kind: z.enum(['pack', 'knowledge']), what: z.string().max(200), ...decided })
  .strict();
export type Accepted = z.infer<typeof Accepted>;

const TrustFile = z
  .object({ format: z.literal(1), publishers: z.array(Publisher), accepted: z.array(Accepted) })
  .strict();
export type TrustFile = z.infer<typeof TrustFile>;

const fileIn = (dataFolder: string) => join(dataFolder, 'trust.json');

/** What is trusted; of a file that cannot be read, nothing, and why as `problem`. */
export async function readTrustFile(dataFolder: string): Promise<TrustFile & { problem?: string }> {
  const nothing: TrustFile = { format: 1, publishers: [], accepted: [] };
  try {
    return TrustFile.parse(JSON.parse(await readFile(fileIn(dataFolder), 'utf8')));
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return nothing;
    return {
      ...nothing,
      problem:
        'The list of what you trust (trust.json) is damaged or cannot be read. Only what ships with Wetread is trusted until you trust the rest again.',
    };
  }
}

/** Another text for each writing of the file; empty where there is none. */
export async function trustFileStamp(dataFolder: string): Promise<string> {
  const found = await stat(fileIn(dataFolder)).catch(() => undefined);
  return found === undefined ? '' : `${found.ino} ${found.mtimeMs}`;
}

/**
 * Replaces the file in one step, readable by its owner only; one that was damaged is put aside.
 * @throws WetreadError `disk-full`, `not-allowed`; the old one then stays
 */
export async function writeTrustFile(
  dataFolder: string,
  { publishers, accepted }: Pick<TrustFile, 'publishers' | 'accepted'>,
): Promise<void> {
  const file = fileIn(dataFolder);
  await mkdir(dataFolder, { recursive: true });
  const list = `${JSON.stringify({ format: 1, publishers, accepted }, null, 2)}\n`;
  try {
    await writeFile(`${file}.new`, list, { mode: 0o600, flush: true });
    // The mode of an older half-written one would stay.
    await chmod(`${file}.new`, 0o600);
    if ((await readTrustFile(dataFolder)).problem !== undefined) await rename(file, `${file}.damaged`);
    await rename(`${file}.new`, file);
  } catch (thrown) {
    await rm(`${file}.new`, { force: true }).catch(() => {});
    throw toWetreadError(thrown);
  }
}
