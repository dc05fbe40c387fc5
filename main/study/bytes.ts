import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { WetreadError } from '../error.js';

/** Bytes that are read piece by piece, so that the header of a file of gigabytes costs a few kilobytes. */
export interface ByteSource {
  readonly size: number;
  /** Bytes from `offset`, fewer than `length` at the end. */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

const headBytes = 8 * 1024;

/**
 * A file on disk, read by position. Whatever is no ordinary file (a pipe, a device, a socket, a folder) is refused before it is opened, and
 * the opening itself never waits, should it become one in between.
 * Throws WetreadError `bad-input`, and what the system throws.
 */
export function openFile(path: string): ByteSource {
  if (!statSync(path).isFile()) throw notOrdinary();
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) {
    closeSync(descriptor);
    throw notOrdinary();
  }
  const read = (offset: number, length: number): Uint8Array => {
    const wanted = Math.max(0, Math.min(length, stat.size - offset));
    const bytes = new Uint8Array(wanted);
    let done = 0;
    while (done < wanted) {
      const got = readSync(descriptor, bytes, done, wanted - done, offset + done);
      if (got === 0) break;
      done += got;
    }
    return done === wanted ? bytes : bytes.subarray(0, done);
  };
  // The beginning is looked at several times: what the file is, its meta header, its data set.
  let head: Uint8Array | undefined;
  let open = true;
  return {
    size: stat.size,
    read(offset, length) {
      if (offset + length > headBytes) return read(offset, length);
      head ??= read(0, headBytes);
      return head.subarray(offset, offset + length);
    },
    close() {
      // A number that was closed may name another file by now.
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}

const notOrdinary = () => new WetreadError('bad-input', 'This is not an ordinary file, and was not opened.');

/** Bytes already in memory: a ZIP member, an inflated data set. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, Math.min(bytes.length, offset + length)),
    close: () => undefined,
  };
}
