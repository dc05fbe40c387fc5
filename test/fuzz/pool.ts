/* The inputs that others are made of, in a folder: the seeds first, then what reached something new, in the order it was found. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutateBytes } from './mutate.js';
import { Random } from './random.js';
import type { Target } from './targets/target.js';

export interface Kept {
  /** The execution that found it; −1 for a seed. */
  foundAt: number;
  bytes: Uint8Array;
}

export class Pool {
  readonly kept: Kept[] = [];

  private constructor(private readonly folder: string) {}

  /** Opens the pool of a run, or makes it of seeds. */
  static open(folder: string, seeds: readonly Uint8Array[]): Pool {
    mkdirSync(folder, { recursive: true });
    const pool = new Pool(folder);
    const names = readdirSync(folder).sort();
    if (names.length === 0) for (const seed of seeds) pool.add(-1, seed);
    else
      for (const name of names)
        pool.kept.push({ foundAt: Number(name.split('_')[1]) - 1, bytes: readFileSync(join(folder, name)) });
    return pool;
  }

  add(foundAt: number, bytes: Uint8Array): void {
    const name = `${String(this.kept.length).padStart(6, '0')}_${foundAt + 1}`;
    writeFileSync(join(this.folder, name), bytes);
    this.kept.push({ foundAt, bytes: Uint8Array.from(bytes) });
  }
}

/**
 * The input of one execution. The seed, the number of the execution and what was kept before it determine it, so that it can be made again
 * from the folder of its run alone.
 */
export function inputAt(target: Target, pool: Pool, seed: number, execution: number): Uint8Array {
  const random = new Random(seed, execution);
  let known = pool.kept.length;
  while (known > 0 && (pool.kept[known - 1]?.foundAt ?? -1) >= execution) known--;
  // Half of all inputs come of what was found last.
  const at = () =>
    random.chance(0.5) ? random.below(known) : Math.max(0, known - 1 - random.below(Math.ceil(known / 8)));
  let input: Uint8Array = pool.kept[at()]?.bytes ?? new Uint8Array();
  const other = pool.kept[at()]?.bytes ?? input;
  const changes = 1 + random.below(random.pick([1, 2, 4, 8]));
  for (let i = 0; i < changes; i++) {
    const shaped = target.mutate && random.chance(0.6) ? target.mutate(input, random) : undefined;
    input = shaped ?? mutateBytes(input, random, target.dictionary ?? [], other);
    if (input.length > target.maxBytes) input = input.slice(0, target.maxBytes);
  }
  return target.settle ? target.settle(input, random) : input;
}
