import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { WetreadError } from '../error.js';

/** Bytes that are read piece by piece, so that the header of a file of gigabytes costs a few kilobytes. */
export interface ByteSource {
  readonly size: number;
  /** Bytes from `offset`, fewer than `length` at the end. */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

/** A file on disk, read by position. */
export function openFile(path: string): ByteSource {
  const descriptor = openSync(path, 'r');
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) {
    closeSync(descriptor);
    throw new WetreadError('bad-input', 'This is not an ordinary file.');
  }
  return {
    size: stat.size,
    read(offset, length) {
      const wanted = Math.max(0, Math.min(length, stat.size - offset));
      const bytes = new Uint8Array(wanted);
      let done = 0;
      while (done < wanted) {
        const got = readSync(descriptor, bytes, done, wanted - done, offset + done);
        if (got === 0) break;
        done += got;
      }
      return done === wanted ? bytes : bytes.subarray(0, done);
    },
    close: () => closeSync(descriptor),
  };
}

/** Bytes already in memory: a ZIP member, an inflated data set. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, Math.min(bytes.length, offset + length)),
    close: () => undefined,
  };
}
