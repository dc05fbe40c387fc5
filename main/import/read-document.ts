import { isReport, sectionsOf } from './blocks.js';
import type { DocumentThread } from './document-thread.js';
import { problemOf } from './problems.js';
import { emptyRecord, type Read } from './record.js';

/** A PDF or DOCX file: one record, a report where it has a report's headings, else an article. */
export async function* readDocumentFile(
  file: string,
  kind: 'PDF' | 'DOCX',
  { thread, signal }: { thread: DocumentThread; signal?: AbortSignal | undefined },
): AsyncGenerator<Read> {
  try {
    const { title, sections } = sectionsOf(await thread.read({ file, kind }, signal));
    const topic = isReport(sections) ? 'report' : 'article';
    yield { record: { ...emptyRecord(file), topic, ...(title !== undefined && { title }), sections } };
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    yield { problem: problemOf(file, thrown) };
  }
}
