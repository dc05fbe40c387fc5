import { basename } from 'node:path';
import type { Problem } from '../../preload/values.js';
import { toWetreadError } from '../error.js';

const mostKinds = 200;

/**
 * Collects problems so that a table with a hundred thousand bad rows takes the memory of one: what is alike of the same file is counted,
 * the first of its kind is kept.
 */
export class Problems {
  readonly #groups = new Map<string, { problem: Problem; count: number }>();
  #more = 0;

  add(problem: Problem): void {
    // What differs from row to row is digits and what is quoted.
    const key = `${problem.file}\n${problem.code}\n${problem.message.replace(/"[^"]*"|\d+/g, '#')}`;
    const known = this.#groups.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#groups.size < mostKinds) this.#groups.set(key, { problem, count: 1 });
    else this.#more += 1;
  }

  /** Every kind of problem once, with how often it came. */
  list(): Problem[] {
    const all = [...this.#groups.values()].map(({ problem, count }) =>
      count === 1 ? problem : { ...problem, message: `${problem.message} (${count} times in this file.)` },
    );
    if (this.#more > 0)
      all.push({ file: '', code: 'limit-exceeded', message: `${this.#more} more problems are not listed.` });
    return all;
  }
}

/** A problem of a file from anything thrown. The message names the file by its base name; its folder may be private. */
export function problemOf(file: string, thrown: unknown): Problem {
  const { code, message } = toWetreadError(thrown);
  return { file, code, message: code === 'internal' ? `${basename(file)} could not be read.` : message };
}
