import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readStructuredReportFile } from '../../../main/import/read-structured-report.js';
import { dispose } from '../../../main/study/index.js';

const data = join(process.env.WETREAD_DATA ?? join(import.meta.dirname, '../../../../shared/data'), 'dicom');
const there = existsSync(join(data, 'conformance.csv'));
const files = there
  ? readFileSync(join(data, 'conformance.csv'), 'utf8')
      .split('\n')
      .map((line) => line.split(','))
      .filter((columns) => columns[3] === 'SR')
      .map(([file = '']) => join(data, 'conformance', file))
  : [];
/** A trial object of before 2000 without a content tree. */
const trial = /Tag-0040-A170/;

afterAll(dispose);

describe.skipIf(!there)(
  `structured reports of public test suites${there ? '' : ' (skipped: no ../shared/data and no WETREAD_DATA)'}`,
  () => {
    it.each(files)('%s', async (file) => {
      const reads = [];
      for await (const one of readStructuredReportFile(file)) reads.push(one);
      if (trial.test(file)) {
        expect(reads).toMatchObject([{ problem: { code: 'bad-input' } }]);
        return;
      }
      const [read] = reads;
      if (!read || !('record' in read)) throw new Error(JSON.stringify(reads));
      expect(read.record.title).not.toBe('');
      // Its names are told, so that they can be removed.
      if (/reportsi|test-SR|sample-sr|report_dfl/.test(file)) {
        expect(read.record.known.some((one) => one.includes('^'))).toBe(true);
        expect(read.record.sections.length).toBeGreaterThan(0);
      }
      for (const { kind, text } of read.record.sections) {
        expect(kind).toBe(kind.toLowerCase());
        expect(text.trim()).not.toBe('');
      }
    });

    it('has some', () => expect(files.length).toBeGreaterThanOrEqual(8));
  },
);
