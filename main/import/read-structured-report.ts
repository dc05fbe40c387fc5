import { readStructuredReport } from '../study/index.js';
import { reportKind } from './blocks.js';
import { problemOf } from './problems.js';
import { emptyRecord, type Read } from './record.js';

/** A DICOM structured report (any of PS3.3 A.35): one record. */
export async function* readStructuredReportFile(
  file: string,
  options: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Read> {
  const { signal } = options;
  try {
    const report = await readStructuredReport(file, { signal });
    yield {
      record: {
        ...emptyRecord(file),
        title: report.procedure ?? report.title,
        sections: report.sections.map(({ kind, text }) => ({ kind: reportKind(kind) ?? kind, text })),
        modality: report.modality ?? report.procedure ?? report.title,
        bodyRegion: [report.procedure, report.title].filter(Boolean).join(', '),
        ageYears: report.patient.ageYears,
        sex: report.patient.sex,
        known: report.known,
      },
    };
  } catch (thrown) {
    signal?.throwIfAborted();
    yield { problem: problemOf(file, thrown) };
  }
}
