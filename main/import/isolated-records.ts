import type { ImportMapping } from '../../preload/values.js';
import { readers, type Session } from '../isolate/index.js';
import { limits } from './limits.js';
import { problemOf } from './problems.js';
import type { Read } from './record.js';
import { recordsTask, type SourceKind } from './tasks.js';

export interface IsolatedOptions {
  mapping?: ImportMapping | undefined;
  signal?: AbortSignal | undefined;
  /** Told how much of a table is read, 0…1. */
  onShare?: ((share: number) => void) | undefined;
}

/**
 * The records of a file one at a time, parsed in a reader: a file that hangs it, breaks it down or takes too much memory is a problem of
 * that file, and what was read of it before is kept. Throws an AbortError only.
 */
export async function* isolatedRecords(
  file: string,
  kind: SourceKind,
  { mapping, signal, onShare }: IsolatedOptions,
): AsyncGenerator<Read> {
  const session: Session = {};
  try {
    for (let from = 0; ; ) {
      const { reads, done, share } = await readers.submit(
        recordsTask,
        { file, kind, mapping, from },
        { signal, timeoutMs: limits.documentMs, long: true, session },
      );
      from += reads.length;
      onShare?.(share);
      yield* reads;
      if (done) return;
    }
  } catch (thrown) {
    signal?.throwIfAborted();
    yield { problem: problemOf(file, thrown) };
  }
}
