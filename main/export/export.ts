import type { Report, Study } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import { fhirBundle } from './fhir.js';
import { reportText } from './text.js';

export const exportFormats = ['text', 'fhir'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * The report as a file's content: `text` for people, `fhir` as a FHIR R4 Bundle in JSON. Rejected sentences are left out.
 * @throws WetreadError `bad-input` when the report is not of this study.
 */
export function exportReport(report: Report, study: Study, format: ExportFormat): string {
  if (report.study !== study.uid)
    throw new WetreadError('bad-input', 'This report is not of this study; it was not exported.');
  switch (format) {
    case 'text':
      return reportText(report, study);
    case 'fhir':
      return `${JSON.stringify(fhirBundle(report, study), null, 2)}\n`;
  }
}
