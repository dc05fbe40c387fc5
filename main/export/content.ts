/** What every export says, whatever its form. */
import type { Citation, Instance, Report, Section, Sentence, Study } from '../../preload/values.js';
import { isUnfilled } from '../review/index.js';

/** The sentences of a section that stand in the report, in order. */
export function sentencesOf(report: Report, section: Section): Sentence[] {
  return report.sentences.filter(
    (sentence) => sentence.section === section && sentence.status !== 'rejected',
  );
}

/** The text of a sentence as exported; a field that nobody filled in says so. */
export function textOf(sentence: Sentence): string {
  return isUnfilled(sentence) ? `${oneLine(sentence.text)} (NOT FILLED IN)` : oneLine(sentence.text);
}

/** A document that the report cites, with its number in the report. */
export interface Reference {
  number: number;
  document: string;
  title: string;
  source: string;
  licence: string;
  version: string;
}

/** The documents that the standing sentences cite, numbered from 1 in the order of their first citation. */
export function references(report: Report): Reference[] {
  const found = new Map<string, Reference>();
  for (const { document, title, source, licence, version } of citationsOf(report)) {
    if (!found.has(document))
      found.set(document, { number: found.size + 1, document, title, source, licence, version });
  }
  return [...found.values()];
}

function citationsOf(report: Report): Citation[] {
  return [...sentencesOf(report, 'findings'), ...sentencesOf(report, 'impression')].flatMap(
    (sentence) => sentence.citations,
  );
}

/** The images of a study, in order. */
export function imagesOf(study: Study): Instance[] {
  return study.series.flatMap((series) => series.instances.filter((instance) => instance.hasPixels));
}

/** The DICOM modality codes of a study, each once. */
export function modalitiesOf(study: Study): string[] {
  return [...new Set(study.series.map((series) => series.modality))];
}

/** How the report came about: model pack, adapter, and how much of it stands as drafted. */
export function provenance(report: Report): string {
  const { pack, adapter, abstention } = report;
  const standing = [...sentencesOf(report, 'findings'), ...sentencesOf(report, 'impression')];
  const count = (test: (sentence: Sentence) => boolean) => standing.filter(test).length;
  const counts = [
    `as drafted by the model: ${count(({ origin, status }) => origin === 'model' && status !== 'edited')}`,
    `edited by the reader: ${count(({ status }) => status === 'edited')}`,
    `offered by the model and taken: ${count(({ origin, status }) => origin === 'offer' && status !== 'edited')}`,
    `from a template: ${count(({ origin, status }) => origin === 'template' && status !== 'edited')}`,
    `written by the reader: ${count(({ origin }) => origin === 'human')}`,
  ].join('; ');
  const by = `Made with Wetread, model pack ${pack}, ${adapter === null ? 'no adapter' : `adapter ${adapter}`}.`;
  const abstained = abstention ? ` The model drafted no findings: ${oneLine(abstention.reason)}` : '';
  return `${by}${abstained} Sentences ${counts}.`;
}

/**
 * A text on one line, without control characters (nor those that turn the direction of writing): names and descriptions from
 * foreign files must not be able to forge a line of the report.
 */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** The text on one line, or undefined where there is nothing to show. */
export function shown(text: string | undefined): string | undefined {
  return oneLine(text ?? '') || undefined;
}
