import { isAbsolute, relative, resolve, sep } from 'node:path';
import { WetreadError } from '../error.js';

/** What the user has let the window read and write: what they chose in a dialog, dropped, or named on the command line. */
export class GrantedPaths {
  readonly #readable = new Set<string>();
  readonly #writable = new Set<string>();

  /** Lets a file, or a folder with everything in it, be read. */
  grantReading(path: string): void {
    if (isAbsolute(path)) this.#readable.add(resolve(path));
  }

  /** Lets one file be written, once. */
  grantWriting(file: string): void {
    if (isAbsolute(file)) this.#writable.add(resolve(file));
  }

  /** Throws WetreadError `not-allowed` for a path that the user has not opened. */
  assertReadable(path: string): void {
    const wanted = resolve(path);
    if (isAbsolute(path) && [...this.#readable].some((root) => inside(root, wanted))) return;
    throw new WetreadError(
      'not-allowed',
      'Wetread reads only what you opened. Open the file or folder yourself.',
    );
  }

  /** Uses up the leave to write a file; throws WetreadError `not-allowed` where there is none. */
  takeWritable(file: string): void {
    if (isAbsolute(file) && this.#writable.delete(resolve(file))) return;
    throw new WetreadError('not-allowed', 'Wetread writes only where you chose to. Choose the file again.');
  }
}

function inside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}
