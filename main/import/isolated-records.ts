import type { ImportMapping } from '../../preload/values.js';
import { readers, type Session } from '../isolate/index.js';
import { limits } from './limits.js';
import { problemOf } from './problems.js';
import type { Read } from './record.js';
import { type Chunk, recordsTask, type SourceKind } from './tasks.js';

export interface IsolatedOptions {
  mapping?: ImportMapping | undefined;
  signal?: AbortSignal | undefined;
  /** Told how much of a table is read, 0…1. */
  onShare?: ((share: number) => void) | undefined;
}

/**
 * The records of a file one at a time, parsed in a reader: a file that hangs it, breaks it down or takes too much memory is a problem of
 * that file, and what was read of it before is kept. The reader goes on while what it gave is worked on. Throws an AbortError only.
 */
export async function* isolatedRecords(
  file: string,
  kind: SourceKind,
  { mapping, signal, onShare }: IsolatedOptions,
): AsyncGenerator<Read> {
  const session: Session = {};
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const chunkFrom = (from: number): Promise<Chunk> => {
    const chunk = readers.submit(
      recordsTask,
      { file, kind, mapping, from },
      { signal: either, timeoutMs: limits.documentMs, long: true, session },
    );
    // Its error is thrown where it is waited for.
    chunk.catch(() => undefined);
    return chunk;
  };
  let running = true;
  try {
    let next = chunkFrom(0);
    for (let from = 0; ; ) {
      const { reads, done, share } = await next;
      running = !done;
      from += reads.length;
      if (!done) next = chunkFrom(from);
      onShare?.(share);
      yield* reads;
      if (done) return;
    }
  } catch (thrown) {
    running = false;
    signal?.throwIfAborted();
    yield { problem: problemOf(file, thrown) };
  } finally {
    // Left before its end: nobody waits for the chunk that is being read.
    if (running) left.abort();
  }
}
