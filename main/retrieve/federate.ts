import type { IndexModality, Problem } from '../../preload/values.js';
import { toWetreadError } from '../error.js';
import type { Index, Tables } from './store/index-store.js';

/** One index or several that are asked as one. */
export type Indices = Index | readonly Index[];

export const listOf = (indices: Indices): readonly Index[] => ('read' in indices ? [indices] : indices);

/** What one index answered. */
export interface Answered<T> {
  index: Index;
  value: T;
}

/**
 * Asks every index of the modality at the same time. One that fails costs only itself and is told in `problems`; one that holds nothing of
 * the modality is no problem. When none answers, throws what the first one threw. Throws when `signal` has fired.
 */
export async function askAll<T>(
  indices: readonly Index[],
  modality: IndexModality,
  use: (tables: Tables, index: Index) => Promise<T>,
  signal?: AbortSignal,
): Promise<{ answers: Answered<T>[]; problems: Problem[] }> {
  const settled = await Promise.allSettled(
    indices.map((index) => index.read(modality, (tables) => use(tables, index))),
  );
  signal?.throwIfAborted();
  const answers: Answered<T>[] = [];
  const problems: Problem[] = [];
  for (const [at, outcome] of settled.entries()) {
    const index = indices[at];
    if (index === undefined) continue;
    if (outcome.status === 'fulfilled') answers.push({ index, value: outcome.value });
    else if (!(await isElsewhere(index, modality, outcome.reason))) {
      const { code, message } = toWetreadError(outcome.reason);
      problems.push({ file: index.title, code, message });
    }
  }
  const [first] = settled;
  if (answers.length === 0 && first?.status === 'rejected') throw first.reason;
  return { answers, problems };
}

/** Whether an index failed only because it is about other modalities. */
async function isElsewhere(index: Index, modality: IndexModality, thrown: unknown): Promise<boolean> {
  if (toWetreadError(thrown).code !== 'index-missing') return false;
  return !(await index.holds(modality).catch(() => true));
}
