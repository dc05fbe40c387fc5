/** One system over all studies. */
import { open } from 'node:fs/promises';
import { toWetreadError } from '../error.js';
import { draftLine, type Images, type SystemDraft, type SystemName } from './drafts.js';
import type { EvaluateEvents, Measured } from './measured.js';
import type { System } from './systems.js';

/** Drafts of each system that are made beforehand and not timed: they load graphs and fill caches. */
const WARM_UP = 3;

/** Lets a system draft a few studies beforehand, so that the first timed draft is like the others. */
export async function warmUp(
  system: System,
  measured: readonly Measured[],
  signal?: AbortSignal,
): Promise<void> {
  for (const { record, opened } of measured.slice(0, WARM_UP)) {
    try {
      await system(opened, record, signal);
    } catch {
      // It will be told when it is drafted in earnest.
      signal?.throwIfAborted();
    }
  }
}

/** What would make every further study fail as well. */
const isFatal = (code: string) => code.startsWith('pack-') || code === 'disk-full';

/**
 * Drafts every study, a line each to `file` as it is done. Undefined where a study could not be drafted; throws what would make every
 * further one fail as well (`pack-damaged`, `disk-full`), and an AbortError by `signal`.
 */
export async function draftAll(
  system: System,
  {
    name,
    images,
    measured,
    file,
  }: { name: SystemName; images: Images; measured: readonly Measured[]; file: string },
  { signal, onProgress, onProblem }: EvaluateEvents,
): Promise<(SystemDraft | undefined)[]> {
  const drafts: (SystemDraft | undefined)[] = [];
  const out = await open(file, 'a');
  try {
    for (const [i, { record, opened }] of measured.entries()) {
      signal?.throwIfAborted();
      onProgress?.(`Drafting: ${name}${images === 'own' ? '' : ', shuffled'}`, i, measured.length);
      // Half way round the split: nobody keeps their own images.
      const other = measured[(i + Math.floor(measured.length / 2)) % measured.length]?.opened;
      let draft: SystemDraft | { error: { code: string; message: string } };
      try {
        draft = await system(images === 'own' ? opened : (other ?? opened), record, signal);
        drafts.push(draft);
      } catch (thrown) {
        signal?.throwIfAborted();
        const { code, message } = toWetreadError(thrown);
        if (isFatal(code)) throw thrown;
        if (images === 'own') onProblem?.(`Study ${record.uid} could not be drafted by ${name}: ${message}`);
        draft = { error: { code, message } };
        drafts.push(undefined);
      }
      await out.write(`${JSON.stringify(draftLine(record.uid, name, images, draft))}\n`);
    }
  } finally {
    await out.close();
  }
  return drafts;
}
