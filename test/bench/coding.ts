/** The coded studies of the radiograph collection, for the benches. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCoded } from '../../main/evaluate/coding.js';
import { parseStudies, type ReportedStudy } from '../../main/evaluate/dataset.js';

export { codedFindings, sidesOf, termsOf } from '../../main/evaluate/coding.js';

const root = process.env.WETREAD_DATA ?? join(import.meta.dirname, '../../../shared/data');

/** The coded studies of a split; those that were never coded are left out. Ends the program where there is no collection. */
export function readCodedStudies(split: string): ReportedStudy[] {
  const file = join(root, 'iu_xray', 'studies.jsonl');
  if (!existsSync(file)) {
    console.error(`There is no ${file}: set WETREAD_DATA to the data folder.`);
    process.exit(1);
  }
  const { studies } = parseStudies(readFileSync(file, 'utf8'), file);
  return studies.filter((study) => study.split === split && isCoded(study));
}
