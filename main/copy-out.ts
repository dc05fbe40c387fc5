import { type DeidentifiedFiles, type DeidentifyFilesOptions, deidentifyFiles } from './deidentify/index.js';
import { toWetreadError } from './error.js';
import type { Store } from './review/index.js';

export interface Noted {
  users: Pick<Store['users'], 'note'>;
  /** Whoever asked for the copies. */
  who: string;
}

/**
 * De-identified copies for others, as `deidentifyFiles` makes them, with two entries in the audit trail: before the first copy how many
 * objects are asked for and by which options, and after the last how many there are. Neither names a study or a folder. No copy is made
 * where the trail cannot be written. Rejects as `deidentifyFiles` and the store do.
 */
export async function copyOut(
  paths: readonly string[],
  options: DeidentifyFilesOptions,
  { users, who }: Noted,
): Promise<DeidentifiedFiles> {
  const note = (detail: string) => users.note({ who, action: 'copy-out', detail });
  const chosen = options.options.length > 0 ? options.options.join(', ') : 'none';
  const boxed = options.boxText ? '; text in pixels blackened' : '';
  note(`${objects(paths.length)} to be copied; options: ${chosen}${boxed}`);
  let looked = 0;
  try {
    const result = await deidentifyFiles(paths, {
      ...options,
      onProgress: (done, total) => {
        looked = done;
        options.onProgress?.(done, total);
      },
    });
    note(`${objects(result.files.length)} of ${paths.length} copied`);
    return result;
  } catch (thrown) {
    note(`stopped (${toWetreadError(thrown).code}) after ${objects(looked)} of ${paths.length}`);
    throw thrown;
  }
}

const objects = (count: number) => `${count} ${count === 1 ? 'object' : 'objects'}`;
