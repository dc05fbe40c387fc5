import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Pack } from './encode/index.js';
import { WetreadError } from './error.js';
import { writeWhole } from './write-whole.js';

const Choice = z.record(z.string(), z.string().nullable());

/** The adapter in use with a pack: what was chosen last and the pack still has, else the pack's default; null: none. */
export async function adapterInUse(dataFolder: string, { manifest }: Pack): Promise<string | null> {
  const chosen = (await readChoice(dataFolder))[manifest.id];
  if (chosen === null || manifest.adapters.some(({ id }) => id === chosen)) return chosen ?? null;
  return manifest.defaultAdapter ?? null;
}

/** Keeps the choice of an adapter (null: none) for a pack. Throws `not-found` where the pack has no such adapter. */
export async function chooseAdapter(
  dataFolder: string,
  { manifest }: Pack,
  adapter: string | null,
): Promise<void> {
  if (adapter !== null && !manifest.adapters.some(({ id }) => id === adapter))
    throw new WetreadError('not-found', `The pack ${manifest.id} has no adapter ${adapter}.`);
  const choice = { ...(await readChoice(dataFolder)), [manifest.id]: adapter };
  await mkdir(dataFolder, { recursive: true });
  await writeWhole(fileIn(dataFolder), `${JSON.stringify(choice)}\n`);
}

const fileIn = (dataFolder: string) => join(dataFolder, 'adapters.json');

/** A choice that is missing or unreadable is no choice: the pack's default then holds. */
async function readChoice(dataFolder: string): Promise<z.infer<typeof Choice>> {
  try {
    return Choice.parse(JSON.parse(await readFile(fileIn(dataFolder), 'utf8')));
  } catch {
    return {};
  }
}
