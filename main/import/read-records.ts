import type { ImportMapping, Problem } from '../../preload/values.js';
import type { Source } from './find-sources.js';
import { namesOfTableImages, TableImages, withImages } from './images.js';
import { isolatedRecords } from './isolated-records.js';
import { readStructuredReportFile } from './read-structured-report.js';
import type { ImportRecord, Read } from './record.js';

export interface ReadOptions {
  mapping?: ImportMapping | undefined;
  signal?: AbortSignal | undefined;
  onProblem: (problem: Problem) => void;
  /** Told how much of a table is read, 0…1. */
  onShare?: ((share: number) => void) | undefined;
  /** What the file gave, where it was read ahead. */
  reads?: readonly Read[] | undefined;
}

/** The records of a source one at a time, with their images' absolute paths. Never throws but an AbortError: what fails is a problem. */
export async function* readRecords(source: Source, options: ReadOptions): AsyncGenerator<ImportRecord> {
  const { onProblem, signal } = options;
  const tableImages = new TableImages(source.file);
  for await (const one of read(source, options)) {
    signal?.throwIfAborted();
    if ('problem' in one) {
      onProblem(one.problem);
      continue;
    }
    const { record } = one;
    if (source.images.length > 0) yield await withImages(record, source.images, { signal, onProblem });
    else if (record.images.length > 0) {
      const { images, missing } = await tableImages.resolve(record.images);
      for (const name of missing)
        onProblem({
          file: source.file,
          code: 'not-found',
          message: `The image "${name}" is not beside the table.`,
        });
      const known = await namesOfTableImages(images, { signal, onProblem });
      yield { ...record, images, known: [...record.known, ...known] };
    } else yield record;
  }
}

function read(
  { file, kind }: Source,
  { mapping, signal, onShare, reads }: ReadOptions,
): AsyncIterable<Read> | Iterable<Read> {
  if (reads !== undefined) return reads;
  switch (kind) {
    case 'DICOM report':
      return readStructuredReportFile(file, { signal });
    case 'DICOM image':
    case 'picture':
    case 'other':
      return none();
    default:
      return isolatedRecords(file, kind, { mapping, signal, onShare });
  }
}

async function* none(): AsyncGenerator<Read> {}
