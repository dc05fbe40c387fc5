import { open } from 'node:fs/promises';
import { WetreadError } from '../error.js';
import { limits } from './limits.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const western = new TextDecoder('windows-1252');

/**
 * Bytes → text: UTF-16 and UTF-8 by their byte order mark, UTF-16 without one by its zero bytes, UTF-8 where that is what the bytes are,
 * else Windows-1252 (of which Latin-1 is a part).
 */
export function decodeText(bytes: Uint8Array): string {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return new TextDecoder(wide).decode(bytes);
  try {
    return utf8.decode(bytes);
  } catch {
    return western.decode(bytes);
  }
}

/** `utf-16le` or `utf-16be` where the bytes are that. */
export function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = bytes.subarray(0, 512 - (bytes.length % 2 && bytes.length < 512 ? 1 : 0));
  if (head.length < 4) return undefined;
  let even = 0;
  let odd = 0;
  for (const [place, byte] of head.entries()) if (byte === 0) place % 2 === 0 ? even++ : odd++;
  const most = head.length * 0.3;
  if (odd > most && even < odd / 8) return 'utf-16le';
  if (even > most && odd < even / 8) return 'utf-16be';
  return undefined;
}

export interface PiecesOptions {
  signal?: AbortSignal | undefined;
  /** Told how much of the file is read, 0…1. */
  onShare?: ((share: number) => void) | undefined;
}

/**
 * The text of a file piece by piece, each but the last ending with a line end, so that no character is cut and each piece is decoded by
 * its own bytes. A line beyond `limits.recordChars` is yielded in parts.
 */
export async function* textPieces(
  file: string,
  { signal, onShare }: PiecesOptions = {},
): AsyncGenerator<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    let done = 0;
    const chunk = Buffer.allocUnsafe(256 * 1024);
    let wide: TextDecoder | undefined;
    let rest: Buffer = Buffer.alloc(0);
    for (let first = true; ; first = false) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
      const bytes = chunk.subarray(0, bytesRead);
      done += bytesRead;
      onShare?.(size > 0 ? Math.min(1, done / size) : 1);
      if (first) {
        const encoding = wideEncoding(bytes);
        if (encoding !== undefined) wide = new TextDecoder(encoding);
      }
      if (wide !== undefined) {
        const text = wide.decode(bytes, { stream: bytesRead > 0 });
        if (text !== '') yield text;
      } else {
        const joined: Buffer = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
        const end = bytesRead === 0 ? joined.length : joined.lastIndexOf(10) + 1;
        const cut = end === 0 && joined.length > limits.recordChars ? joined.length : end;
        if (cut > 0) yield decodeText(joined.subarray(0, cut));
        rest = Buffer.from(joined.subarray(cut));
      }
      if (bytesRead === 0) return;
    }
  } finally {
    await handle.close();
  }
}

/** A whole text file. Throws WetreadError `limit-exceeded` beyond `most` bytes, `not-found`, `not-allowed`, `bad-input` for what is no text. */
export async function readTextFile(file: string, most: number = limits.textFileBytes): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size > most)
      throw new WetreadError(
        'limit-exceeded',
        `The file is longer than ${Math.round(most / 2 ** 20)} MB: split it.`,
      );
    const text = decodeText(await handle.readFile());
    if (text.includes('\u0000')) throw new WetreadError('bad-input', 'The file is not a text.');
    return text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  } finally {
    await handle.close();
  }
}
