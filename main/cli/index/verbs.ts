import type { CallInput, CallName, CallOutput } from '../../../preload/calls.js';
import { calls } from '../../../preload/calls.js';
import type { Dataset, DatasetPublisher } from '../../../preload/values.js';
import type { Engine } from '../../engine.js';
import { WetreadError } from '../../error.js';

/** One word after `wetread index`. */
export interface Verb {
  usage: string;
  /** Takes the words after the verb; resolves to the exit code. */
  run(words: string[]): Promise<number>;
}

/** One call of the contract, as the window makes it. */
export async function ask<N extends CallName>(
  engine: Engine,
  name: N,
  input: CallInput<N>,
): Promise<CallOutput<N>> {
  const answer = calls[name].output.parse(await engine.call(name, input));
  // The schema of this very name parsed it; the compiler cannot follow the pair through the union.
  return answer as CallOutput<N>;
}

/** The dataset of this id or title; `not-found` names those that there are. */
export async function datasetNamed(engine: Engine, name: string): Promise<Dataset> {
  const datasets = await ask(engine, 'dataset.list', {});
  const found = datasets.find(({ id, title }) => id === name || title === name);
  if (found) return found;
  const known = datasets.map(({ id }) => id).join(', ');
  throw new WetreadError('not-found', `There is no dataset "${name}". There are: ${known}.`);
}

/** Who vouches for a shared dataset, in words. */
export const vouchedBy = (publisher: DatasetPublisher): string =>
  publisher === 'unsigned'
    ? 'not signed'
    : `signed by ${publisher.key}, fingerprint ${publisher.fingerprint}`;

export const print = (line: string) => process.stdout.write(`${line}\n`);
export const printJson = (value: unknown) => print(JSON.stringify(value));
