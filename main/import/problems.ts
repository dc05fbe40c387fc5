import { basename } from 'node:path';
import { type Problem, TEXT_IN_PICTURE } from '../../preload/values.js';
import { toWetreadError } from '../error.js';

const mostKinds = 200;
/** Notes on text in pictures, which may come with each of them, leave room for what went wrong. */
const mostPictures = 100;

/**
 * Collects problems so that a table with a hundred thousand bad rows takes the memory of one: what is alike of the same file is counted,
 * the first of its kind is kept.
 */
export class Problems {
  readonly #groups = new Map<string, { problem: Problem; count: number }>();
  #pictures = 0;
  #morePictures = 0;
  #more = 0;

  add(problem: Problem): void {
    // What differs from row to row is digits and what is quoted.
    const key = `${problem.file}\n${problem.code}\n${problem.message.replace(/"[^"]*"|\d+/g, '#')}`;
    const known = this.#groups.get(key);
    if (known !== undefined) known.count += 1;
    else if (problem.code === TEXT_IN_PICTURE) {
      if (this.#pictures < mostPictures) this.#groups.set(key, { problem, count: 1 });
      else this.#morePictures += 1;
      this.#pictures += 1;
    } else if (this.#groups.size - Math.min(this.#pictures, mostPictures) < mostKinds)
      this.#groups.set(key, { problem, count: 1 });
    else this.#more += 1;
  }

  /** Every kind of problem once, with how often it came. */
  list(): Problem[] {
    const all = [...this.#groups.values()].map(({ problem, count }) =>
      count === 1 ? problem : { ...problem, message: `${problem.message} (${count} times in this file.)` },
    );
    if (this.#morePictures > 0)
      all.push({
        file: '',
        code: TEXT_IN_PICTURE,
        message: `${this.#morePictures} more pictures with likely text are not listed.`,
      });
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

/** That a text was stored without what hid in it. */
export const hiddenIn = (file: string, count: number): Problem => ({
  file,
  code: 'bad-input',
  message: `${count} hidden or control characters were left out of its text. Look at where this file comes from.`,
});

/** That a picture is imported, but has likely text burned in. */
export const textInPicture = (file: string, lines: number): Problem => ({
  file,
  code: TEXT_IN_PICTURE,
  message:
    lines > 0
      ? `Likely text in the picture (${lines} ${lines === 1 ? 'line' : 'lines'}): black in what is stored of it. Look whether it names somebody.`
      : 'Its header says that text is burned into the picture, but none was found: it is stored as it is. Look whether it names somebody.',
});
