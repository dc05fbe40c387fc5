import { readers } from '../isolate/index.js';
import type { Source } from './find-sources.js';
import { limits } from './limits.js';
import type { Read } from './record.js';
import { isShortKind, type ShortFile, shortFilesTask } from './tasks.js';

/** A source, and what it gave where that is known already. */
export interface SourceAhead {
  source: Source;
  reads?: Read[] | undefined;
}

/**
 * Sources in their order. Texts are read many at a time, since asking a reader for one takes longer than reading it, and the next ones
 * while these are worked on. Where a reader does not get through them, each is left to be read alone, so that only the one that is to
 * blame is lost. Throws what `sources` throws and an AbortError.
 */
export async function* readAhead(
  sources: AsyncIterable<Source>,
  { signal }: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<SourceAhead> {
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  try {
    let ahead: Promise<SourceAhead[]> = Promise.resolve([]);
    for await (const batch of batchesOf(sources)) {
      const next = readBatch(batch, either);
      // Its error is thrown where it is waited for.
      next.catch(() => undefined);
      yield* await ahead;
      ahead = next;
    }
    yield* await ahead;
  } finally {
    left.abort();
  }
}

/** Runs of texts, and everything else alone. */
async function* batchesOf(sources: AsyncIterable<Source>): AsyncGenerator<Source[]> {
  let texts: Source[] = [];
  for await (const source of sources) {
    const isText = isShortKind(source.kind);
    if (isText) texts.push(source);
    if (texts.length > 0 && (!isText || texts.length === limits.filesAtOnce)) {
      yield texts;
      texts = [];
    }
    if (!isText) yield [source];
  }
  if (texts.length > 0) yield texts;
}

async function readBatch(sources: readonly Source[], signal: AbortSignal): Promise<SourceAhead[]> {
  const files = sources.flatMap(({ file, kind }): ShortFile[] => (isShortKind(kind) ? [{ file, kind }] : []));
  if (files.length < 2) return sources.map((source) => ({ source }));
  try {
    const reads = await readers.submit(shortFilesTask, files, { signal, long: true, attempts: 1 });
    return sources.map((source, at) => ({ source, reads: reads[at] }));
  } catch {
    signal.throwIfAborted();
    return sources.map((source) => ({ source }));
  }
}
