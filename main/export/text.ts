import type { Report, Section, Sentence, Study } from '../../preload/values.js';
import { openFlags } from '../review/index.js';
import {
  imagesOf,
  modalitiesOf,
  oneLine,
  provenance,
  type Reference,
  references,
  sentencesOf,
  shown,
  textOf,
} from './content.js';

const width = 78;

/** The report for people: plain text, lines of at most 78 characters where words allow, ends with a line feed. */
export function reportText(report: Report, study: Study): string {
  const cited = references(report);
  const blocks = [
    ['RADIOLOGY REPORT', statusLine(report)],
    header(study),
    section('INDICATION', [shown(study.indication) ?? 'Not stated.']),
    section('TECHNIQUE', [technique(study)]),
    section('COMPARISON', ['None claimed.']),
    section('FINDINGS', lines(report, 'findings', cited)),
    section('IMPRESSION', numbered(lines(report, 'impression', cited))),
    toCheck(report),
    signature(report),
    ...report.addenda.map(({ text, by, at }) =>
      section(`ADDENDUM by ${oneLine(by)}, ${moment(at)}`, paragraphs(text)),
    ),
    cited.length > 0 ? section('EVIDENCE CITED', cited.map(referenceLine)) : [],
    section('HOW THIS REPORT WAS MADE', [provenance(report)]),
  ];
  const text = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${text.join('\n\n')}\n`;
}

function statusLine(report: Report): string {
  switch (report.state) {
    case 'draft':
      return 'DRAFT – not signed';
    case 'preliminary':
      return 'PRELIMINARY – not signed';
    case 'final':
      return report.addenda.length > 0 ? 'FINAL, with addenda' : 'FINAL';
  }
}

function header(study: Study): string[] {
  const { patient } = study;
  const sex = patient.sex && { M: 'male', F: 'female', O: 'other' }[patient.sex];
  const age = patient.ageYears === undefined ? undefined : `${Math.floor(patient.ageYears)} years`;
  const rows: [string, string | undefined][] = [
    ['Patient', patient.name ?? 'not stated'],
    ['Patient ID', patient.id],
    ['Born', [patient.birthDate, age && `(${age})`].filter(Boolean).join(' ')],
    ['Sex', sex],
    ['Study', study.description],
    ['Date', [study.date, study.time].filter(Boolean).join(' ')],
    ['Accession', study.accession],
    ['Referred by', study.referringPhysician],
    ['Institution', study.institution],
    ['Study UID', study.uid],
  ];
  return rows.flatMap(([label, value]) =>
    value ? wrapped(`${`${label}:`.padEnd(13)} ${oneLine(value)}`, ' '.repeat(14)) : [],
  );
}

/** Only what the files themselves say. */
function technique(study: Study): string {
  const images = imagesOf(study);
  const views = [...new Set(images.map(({ view }) => view))].filter((view) => view !== 'unknown');
  const what = [modalitiesOf(study).join(', '), ...views].filter(Boolean).map(oneLine).join(', ');
  return `${images.length} ${images.length === 1 ? 'image' : 'images'} (${what}).`;
}

function lines(report: Report, name: Section, cited: Reference[]): string[] {
  const sentences = sentencesOf(report, name);
  return sentences.length === 0 ? ['None.'] : sentences.map((sentence) => line(sentence, cited));
}

function line(sentence: Sentence, cited: Reference[]): string {
  const numbers = cited
    .filter(({ document }) => sentence.citations.some((citation) => citation.document === document))
    .map(({ number }) => `[${number}]`);
  return [textOf(sentence), numbers.join('')].filter(Boolean).join(' ');
}

function toCheck(report: Report): string[] {
  const open = openFlags(report);
  if (open.length === 0) return [];
  return section(
    'STILL TO BE CHECKED',
    open.map(({ text, flag }) => `“${oneLine(text)}”: ${oneLine(flag.message)} (${flag.code})`),
  );
}

function signature(report: Report): string[] {
  if (report.state !== 'final' || !report.signedBy || !report.signedAt)
    return ['This report has not been signed.'];
  return [`Signed by ${oneLine(report.signedBy)}, ${moment(report.signedAt)}`];
}

function referenceLine({ number, title, source, licence, version }: Reference): string {
  return oneLine(
    `[${number}] ${title}, version ${version}. ${source.replace(/\.$/, '')}. Licence: ${licence}.`,
  );
}

function numbered(items: string[]): string[] {
  return items.length < 2 ? items : items.map((item, i) => `${i + 1}. ${item}`);
}

function section(title: string, items: string[]): string[] {
  return [title, ...items.flatMap((item) => wrapped(item, '    ').map((text) => `  ${text}`))];
}

/** A human's text as its paragraphs. */
function paragraphs(text: string): string[] {
  return text.split(/\r?\n/).map(oneLine).filter(Boolean);
}

function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

function wrapped(text: string, indent: string): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    if (row !== '' && `${row} ${word}`.length > width - 2) {
      rows.push(row);
      row = `${indent}${word}`;
    } else row = row === '' ? word : `${row} ${word}`;
  }
  return [...rows, row];
}
