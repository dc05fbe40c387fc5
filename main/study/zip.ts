import { statSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { WetreadError } from '../error.js';
import { type ByteSource, openFile } from './bytes.js';
import { inflatedLimit } from './inflate.js';
import { limits } from './limits.js';

/** Between the path of a ZIP and the path of a member in it. */
export const memberMark = '!/';

/** `archive.zip!/folder/member` → archive and member; undefined for an ordinary path. A folder may be named `x!` as well. */
export function splitMember(path: string): { archive: string; member: string } | undefined {
  for (let at = path.indexOf(memberMark); at >= 0; at = path.indexOf(memberMark, at + 1)) {
    const archive = path.slice(0, at);
    if (!isFolder(archive) && !isFolder(`${archive}!`))
      return { archive, member: path.slice(at + memberMark.length) };
  }
  return undefined;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;

const damaged = (what: string, cause?: unknown) =>
  new WetreadError('damaged-file', `The ZIP file is damaged: ${what}. Ask for another copy.`, { cause });

const directoryWindow = 64 * 1024;

/** Lets yauzl read the directory out of a window: it asks for it member by member, with two small reads each. */
class DirectoryReader extends yauzl.RandomAccessReader {
  #near: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(private readonly source: ByteSource) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    let error: Error | null = null;
    try {
      if (position < this.#start || position + length > this.#start + this.#near.length) {
        const {
          buffer: bytes,
          byteOffset,
          byteLength,
        } = this.source.read(position, Math.max(length, directoryWindow));
        this.#near = Buffer.from(bytes, byteOffset, byteLength);
        this.#start = position;
      }
      const from = position - this.#start;
      const copied = this.#near.copy(buffer, offset, from, from + length);
      if (copied < length) error = new Error('unexpected EOF');
    } catch (thrown) {
      error = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
    // Not at once: each answer leads to the next question, and thousands of them would pile up.
    process.nextTick(callback, error);
  }

  override close(callback: (error: Error | null) => void): void {
    this.source.close();
    callback(null);
  }
}

const openZip = (path: string): Promise<ZipFile> => {
  const source = openFile(path);
  // decodeStrings stays on: yauzl itself then refuses absolute paths, drive letters and `..`, with backslashes too.
  const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
  return new Promise<ZipFile>((resolve, reject) =>
    yauzl.fromRandomAccessReader(new DirectoryReader(source), source.size, options, (error, zip) =>
      error ? reject(error) : resolve(zip),
    ),
  ).catch((thrown: unknown) => {
    source.close();
    throw thrown;
  });
};

/** All entries of the central directory. Throws WetreadError `damaged-file`, `not-allowed`, `limit-exceeded`. */
async function readEntries(path: string): Promise<Entry[]> {
  let zip: ZipFile;
  try {
    zip = await openZip(path);
  } catch (cause) {
    if (cause instanceof WetreadError || (cause instanceof Error && 'syscall' in cause)) throw cause;
    throw damaged('its directory cannot be read', cause);
  }
  try {
    if (zip.entryCount > limits.zipMembers) throw tooMany();
    const entries = await new Promise<Entry[]>((resolve, reject) => {
      const found: Entry[] = [];
      zip.on('entry', (entry: Entry) => {
        found.push(entry);
        // The directory may hold more than it says.
        if (found.length > limits.zipMembers) reject(tooMany());
        else zip.readEntry();
      });
      zip.on('end', () => resolve(found));
      zip.on('error', (cause: Error) =>
        reject(
          /^(absolute path|invalid relative path|invalid characters in fileName)/.test(cause.message)
            ? outside(cause)
            : damaged('its directory breaks off', cause),
        ),
      );
      zip.readEntry();
    });
    if (entries.some(({ fileName }) => fileName.includes('\0'))) throw outside();
    refuseOverlaps(entries);
    return entries;
  } finally {
    zip.close();
  }
}

const tooMany = () =>
  new WetreadError(
    'limit-exceeded',
    `The ZIP file holds more than ${limits.zipMembers} files. Unpack it and open the folder.`,
  );

const outside = (cause?: unknown) =>
  new WetreadError(
    'not-allowed',
    'The ZIP file has a member whose name points outside of it. It was not opened.',
    { cause },
  );

const localHeadBytes = 30;

/** Members that share bytes make a small ZIP unpack to anything; no program that packs writes them. */
function refuseOverlaps(entries: readonly Entry[]): void {
  const byPlace = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  let end = 0;
  for (const entry of byPlace) {
    const start = entry.relativeOffsetOfLocalHeader;
    if (start < end)
      throw new WetreadError(
        'not-allowed',
        'The ZIP file has members that share the same bytes: it was made to harm, and was not opened.',
      );
    end = start + localHeadBytes + entry.fileNameLength + entry.compressedSize;
  }
}

/** Paths of the members of a ZIP, without folders and what macOS adds. */
export async function listMembers(path: string): Promise<string[]> {
  return (await readEntries(path))
    .map(({ fileName }) => fileName)
    .filter((name) => !name.endsWith('/') && !name.startsWith('__MACOSX/'));
}

interface OpenArchive {
  key: string;
  source: ByteSource;
  entries: Map<string, Entry>;
}
let archive: OpenArchive | undefined;

/** The archive that was read last stays open: its members are read one after the other. */
async function openArchive(path: string): Promise<OpenArchive> {
  const { size, mtimeMs, ino } = statSync(path);
  const key = `${path}\n${size}\n${mtimeMs}\n${ino}`;
  if (archive?.key === key) return archive;
  archive?.source.close();
  archive = undefined;
  // Of two members with one name the first.
  const entries = new Map((await readEntries(path)).reverse().map((entry) => [entry.fileName, entry]));
  archive = { key, source: openFile(path), entries };
  return archive;
}

/**
 * Opens a member for reading: a stored one piece by piece out of the archive, a deflated one inflated as far as it is read.
 * Throws WetreadError `not-found`, `not-allowed` (encrypted), `unsupported-syntax`, `limit-exceeded`, `damaged-file`; the last two also when
 * it is read.
 */
export async function openMember(path: string, member: string): Promise<ByteSource> {
  const { source, entries } = await openArchive(path);
  const entry = entries.get(member);
  if (!entry) throw new WetreadError('not-found', 'The ZIP file has no such member.');
  if (entry.generalPurposeBitFlag & 1)
    throw new WetreadError(
      'not-allowed',
      'The ZIP file is protected by a password. Unpack it and open the folder.',
    );
  const start = dataStart(source, entry);
  const { compressedSize, uncompressedSize: size, compressionMethod } = entry;
  if (start + compressedSize > source.size) throw damaged('a member is longer than the file');
  const close = () => undefined;
  if (compressionMethod === 0)
    return {
      size,
      read: (offset, length) => source.read(start + offset, Math.max(0, Math.min(length, size - offset))),
      close,
    };
  if (compressionMethod !== 8)
    throw new WetreadError(
      'unsupported-syntax',
      'The ZIP file is packed in a way that is not supported. Unpack it and open the folder.',
    );
  if (size > inflatedLimit(compressedSize))
    throw new WetreadError(
      'limit-exceeded',
      'A member of the ZIP file grows too large when it is inflated. Unpack it and open the folder, if you trust it.',
    );
  const inflating = new Inflating(source, start, entry);
  return { size, read: (offset, length) => inflating.read(offset, length), close };
}

/** Behind the local header, whose name and extra field may be of other lengths than in the directory. */
function dataStart(source: ByteSource, entry: Entry): number {
  const offset = entry.relativeOffsetOfLocalHeader;
  const head = source.read(offset, localHeadBytes);
  if (head.length < localHeadBytes || !isZip(head)) throw damaged('a member does not lie where it should');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return offset + localHeadBytes + view.getUint16(26, true) + view.getUint16(28, true);
}

const firstPiece = 16 * 1024;

/** The beginning of a deflated member, as long as anybody asked for. */
class Inflating {
  #bytes = new Uint8Array(0);
  #taken = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly start: number,
    private readonly entry: Entry,
  ) {}

  read(offset: number, length: number): Uint8Array {
    const size = this.entry.uncompressedSize;
    const end = Math.min(offset + length, size);
    while (this.#bytes.length < end && this.#taken < this.entry.compressedSize) this.#inflateMore();
    if (this.#bytes.length < end) throw damaged('a member is shorter than it says');
    return this.#bytes.subarray(Math.min(offset, end), end);
  }

  /** From the beginning again, since zlib keeps no state between synchronous calls: four times as much costs a third more in all. */
  #inflateMore(): void {
    const { compressedSize, uncompressedSize, crc32: checksum } = this.entry;
    this.#taken = Math.min(compressedSize, this.#taken === 0 ? firstPiece : this.#taken * 4);
    try {
      // A flush at the end of the input (Z_SYNC_FLUSH) yields what a stream that goes on has so far.
      this.#bytes = inflateRawSync(this.source.read(this.start, this.#taken), {
        finishFlush: 2,
        maxOutputLength: Math.max(1, uncompressedSize),
      });
    } catch (cause) {
      throw damaged('a member cannot be inflated', cause);
    }
    const whole = this.#taken === compressedSize && this.#bytes.length === uncompressedSize;
    if (whole && crc32(this.#bytes) !== checksum) throw damaged('a member does not have its checksum');
  }
}
