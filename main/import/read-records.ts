import type { ImportMapping, Problem } from '../../preload/values.js';
import type { DocumentThread } from './document-thread.js';
import type { Source } from './find-sources.js';
import { TableImages, withImages } from './images.js';
import { readDocumentFile } from './read-document.js';
import { readFhir } from './read-fhir.js';
import { readMarkdown } from './read-markdown.js';
import { readStructuredReportFile } from './read-structured-report.js';
import { readTable } from './read-table.js';
import { readText } from './read-text.js';
import type { ImportRecord, Read } from './record.js';

export interface ReadOptions {
  thread: DocumentThread;
  mapping?: ImportMapping | undefined;
  signal?: AbortSignal | undefined;
  onProblem: (problem: Problem) => void;
  /** Told how much of a table is read, 0…1. */
  onShare?: ((share: number) => void) | undefined;
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
      yield { ...record, images };
    } else yield record;
  }
}

function read(source: Source, { thread, mapping, signal, onShare }: ReadOptions): AsyncGenerator<Read> {
  const { file, kind } = source;
  switch (kind) {
    case 'text':
      return readText(file);
    case 'Markdown':
      return readMarkdown(file);
    case 'PDF':
    case 'DOCX':
      return readDocumentFile(file, kind, { thread, signal });
    case 'CSV':
    case 'JSON Lines':
    case 'JSON':
      return readTable(file, kind, { mapping, signal, onShare });
    case 'DICOM report':
      return readStructuredReportFile(file, { signal });
    case 'FHIR':
      return readFhir(file, { signal, onShare });
    case 'DICOM image':
    case 'picture':
    case 'other':
      return none();
  }
}

async function* none(): AsyncGenerator<Read> {}
