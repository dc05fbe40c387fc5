import { readFile, stat } from 'node:fs/promises';
import type { ImportMapping } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import { isReport, sectionsOf } from './blocks.js';
import type { PiecesOptions } from './decode-text.js';
import { limits } from './limits.js';
import { problemOf } from './problems.js';
import { docxBlocks } from './read-docx.js';
import { readFhir } from './read-fhir.js';
import { readMarkdown } from './read-markdown.js';
import { pdfBlocks } from './read-pdf.js';
import { readTable } from './read-table.js';
import { readText } from './read-text.js';
import { emptyRecord, type Read } from './record.js';
import type { SourceKind } from './tasks.js';

export interface SourceOptions extends PiecesOptions {
  mapping?: ImportMapping | undefined;
}

/** The records of a file one at a time, here and now: for readers, and for who wants to try the parsers themselves. */
export function readSource(file: string, kind: SourceKind, options: SourceOptions): AsyncGenerator<Read> {
  switch (kind) {
    case 'text':
      return readText(file);
    case 'Markdown':
      return readMarkdown(file);
    case 'PDF':
    case 'DOCX':
      return readDocument(file, kind);
    case 'CSV':
    case 'JSON Lines':
    case 'JSON':
      return readTable(file, kind, options);
    case 'FHIR':
      return readFhir(file, options);
  }
}

/** A PDF or DOCX file: one record, a report where it has a report's headings, else an article. */
async function* readDocument(file: string, kind: 'PDF' | 'DOCX'): AsyncGenerator<Read> {
  try {
    const { size } = await stat(file);
    if (size > limits.documentFileBytes)
      throw new WetreadError(
        'limit-exceeded',
        `The file is larger than ${limits.documentFileBytes / 2 ** 20} MB: split it.`,
      );
    const bytes = new Uint8Array(await readFile(file));
    const { title, sections } = sectionsOf(kind === 'PDF' ? await pdfBlocks(bytes) : await docxBlocks(bytes));
    const topic = isReport(sections) ? 'report' : 'article';
    yield { record: { ...emptyRecord(file), topic, ...(title !== undefined && { title }), sections } };
  } catch (thrown) {
    yield { problem: problemOf(file, thrown) };
  }
}
