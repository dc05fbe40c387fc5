import { isReport, splitReport } from './blocks.js';
import { readTextFile } from './decode-text.js';
import { problemOf } from './problems.js';
import { emptyRecord, type Read } from './record.js';

/** A plain text file: one report where it has a report's headings, else an article. Whatever it holds (HTML, scripts) is text. */
export async function* readText(file: string): AsyncGenerator<Read> {
  try {
    const sections = splitReport(await readTextFile(file));
    yield { record: { ...emptyRecord(file), topic: isReport(sections) ? 'report' : 'article', sections } };
  } catch (thrown) {
    yield { problem: problemOf(file, thrown) };
  }
}
