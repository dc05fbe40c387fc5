import { promisify } from 'node:util';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { WetreadError } from '../error.js';
import { limits } from './limits.js';

/** Between the path of a ZIP and the path of a member in it. */
export const memberMark = '!/';

/** `archive.zip!/folder/member` → archive and member; undefined for an ordinary path. */
export function splitMember(path: string): { archive: string; member: string } | undefined {
  const at = path.indexOf(memberMark);
  return at < 0 ? undefined : { archive: path.slice(0, at), member: path.slice(at + memberMark.length) };
}

export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;

const openZip = promisify((path: string, done: (error: Error | null, zip: ZipFile) => void) =>
  // decodeStrings stays on: yauzl itself then refuses absolute paths, backslashes and `..`.
  yauzl.open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, done),
);

async function open(path: string): Promise<ZipFile> {
  try {
    return await openZip(path);
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) throw cause;
    throw new WetreadError('damaged-file', 'The ZIP file is damaged.', { cause });
  }
}

/** Calls `visit` for each member until it returns false. Throws WetreadError `damaged-file`, `not-allowed`, `limit-exceeded`. */
function eachEntry(zip: ZipFile, visit: (entry: Entry) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let count = 0;
    zip.on('entry', (entry: Entry) => {
      if (++count > limits.zipMembers)
        return reject(new WetreadError('limit-exceeded', 'The ZIP file has too many members.'));
      if (visit(entry)) zip.readEntry();
      else resolve();
    });
    zip.on('end', resolve);
    zip.on('error', (cause: Error) =>
      reject(
        /^(absolute path|invalid relative path|invalid characters in fileName)/.test(cause.message)
          ? new WetreadError('not-allowed', 'The ZIP file has a member that points outside of it.', { cause })
          : new WetreadError('damaged-file', 'The ZIP file is damaged.', { cause }),
      ),
    );
    zip.readEntry();
  });
}

const isFolder = (entry: Entry) => entry.fileName.endsWith('/');

/** Paths of the members of a ZIP, without folders and what macOS adds. */
export async function listMembers(path: string): Promise<string[]> {
  const zip = await open(path);
  const names: string[] = [];
  try {
    await eachEntry(zip, (entry) => {
      if (!isFolder(entry) && !entry.fileName.startsWith('__MACOSX/')) names.push(entry.fileName);
      return true;
    });
  } finally {
    zip.close();
  }
  return names;
}

interface OpenArchive {
  path: string;
  zip: ZipFile;
  entries: Map<string, Entry>;
}
let archive: OpenArchive | undefined;

/** The archive that was read last stays open: its members are read one after the other. */
async function entriesOf(path: string): Promise<OpenArchive> {
  if (archive?.path === path) return archive;
  archive?.zip.close();
  archive = undefined;
  const zip = await open(path);
  const entries = new Map<string, Entry>();
  await eachEntry(zip, (entry) => {
    entries.set(entry.fileName, entry);
    return true;
  });
  archive = { path, zip, entries };
  return archive;
}

/**
 * Reads a member, inflated, or only its beginning.
 * @param maxBytes stops there
 * Throws WetreadError `not-found`, `not-allowed` (encrypted), `limit-exceeded`, `damaged-file`.
 */
export async function readMember(
  path: string,
  member: string,
  maxBytes?: number,
): Promise<{ bytes: Uint8Array; size: number }> {
  const { zip, entries } = await entriesOf(path);
  const entry = entries.get(member);
  if (!entry) throw new WetreadError('not-found', 'The ZIP file has no such member.');
  if (entry.generalPurposeBitFlag & 1)
    throw new WetreadError('not-allowed', 'The ZIP file is protected by a password.');
  const size = entry.uncompressedSize;
  if (size > limits.inflatedBytes || size > Math.max(2 ** 20, entry.compressedSize * limits.inflationRatio))
    throw new WetreadError('limit-exceeded', 'A member of the ZIP file is too large when inflated.');
  const wanted = Math.min(size, maxBytes ?? size);
  const bytes = new Uint8Array(wanted);
  let filled = 0;
  const stream = await promisify(
    zip.openReadStream.bind(zip) as (
      entry: Entry,
      done: (error: Error | null, stream: import('node:stream').Readable) => void,
    ) => void,
  )(entry).catch((cause: unknown) => {
    throw new WetreadError('damaged-file', 'A member of the ZIP file cannot be read.', { cause });
  });
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      const part = chunk.subarray(0, wanted - filled);
      bytes.set(part, filled);
      filled += part.length;
      if (filled >= wanted && wanted < size) break;
    }
  } catch (cause) {
    throw new WetreadError('damaged-file', 'A member of the ZIP file is damaged.', { cause });
  }
  return { bytes: bytes.subarray(0, filled), size };
}
