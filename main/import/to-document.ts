import { createHash } from 'node:crypto';
import { basename, dirname, extname, relative, sep } from 'node:path';
import type { IndexModality, RemovalKind, Removals } from '../../preload/values.js';
import { type Deidentified, deidentify } from '../deidentify/index.js';
import { WetreadError } from '../error.js';
import type { SourceDocument } from '../retrieve/index.js';
import { withoutHidden } from '../trust/index.js';
import { bodyRegionOf, modalityOf, patientOf, safeAge } from './describe.js';
import { limits } from './limits.js';
import type { FindingReader } from './read-findings.js';
import type { ImportRecord, RecordSection } from './record.js';
import { snippetsOf } from './snippets.js';

/** What the user chose for all that an import reads. */
export interface Defaults {
  modality?: IndexModality | undefined;
  licence?: string | undefined;
  /** YYYY-MM-DD, the version of documents that have none. */
  today: string;
  /** The file or folder that was chosen: provenance is told from there on, what lies above is nobody's business. */
  root: string;
}

/** A document but for its images and its hash, and its text as it was, with what was removed. */
export interface DescribedRecord {
  document: Omit<SourceDocument, 'contentHash' | 'images'>;
  /** All that makes its content: the same for the same content wherever and whenever it was read. */
  content: string;
  pieces: { text: string; removed?: RemovalKind }[];
  /** Characters that were taken out because they hid something: `withoutHidden`. */
  hidden: number;
}

/** Works and codes that a record names, and each of them. */
const most = { named: 100, chars: 500 } as const;

const noLicence = 'Own, not for distribution';

/**
 * A record → the document that is stored: de-identified (text, title and provenance), cut into snippets, described.
 * @throws WetreadError `bad-input` where it holds no text, or nothing says its modality.
 */
export function describeRecord(
  read: ImportRecord,
  defaults: Defaults,
  reader: FindingReader,
): DescribedRecord {
  const { record, hidden } = asShown(read);
  const { topic } = record;
  const clean = cleanSections(record);
  const sections = clean.sections;
  if (sections.every(({ text }) => text.trim() === ''))
    throw new WetreadError('bad-input', 'It holds no text.');
  const modality = modalityOf({ ...record, sections }, defaults.modality);
  if (modality === undefined)
    throw new WetreadError(
      'bad-input',
      'Nothing says what kind of examination this is: choose a modality for the import.',
    );

  const removals = { ...clean.removals };
  const names = clean.names;
  const stripped = (text: string): string => {
    const result = deidentify(text, { known: names });
    add(removals, result.removals);
    return result.text;
  };
  const origin = stripped(originOf(record.file, defaults.root));
  const title = (stripped(record.title ?? '') || titleFrom(sections) || basename(origin)).slice(
    0,
    limits.titleChars,
  );
  const bodyRegion = bodyRegionOf({ ...record, title, sections }, modality);
  const { snippets, present } = snippetsOf(topic, bodyRegion, withoutTitle(sections, title), reader);
  if (snippets.length === 0) throw new WetreadError('bad-input', 'It holds no sentence that could be cited.');

  const patient = topic === 'article' ? {} : patientOf(sections);
  const ageYears = record.ageYears ?? patient.ageYears;
  const sex = record.sex ?? patient.sex;
  // The authors of published works are no patients.
  const sources = topic === 'article' ? record.sources : record.sources.map(stripped);
  const own = {
    title,
    modality,
    bodyRegion,
    topic,
    findings: unique(snippets.flatMap(({ findings }) => findings)),
    present,
    codes: record.codes,
    licence: record.licence ?? defaults.licence ?? noLicence,
    ...(ageYears !== undefined && { ageYears: safeAge(ageYears) }),
    ...(sex !== undefined && { sex }),
    snippets,
  };
  return {
    document: {
      ...own,
      id: idOf(record),
      sources: sources.length > 0 ? sources : [basename(origin)],
      version: record.version ?? defaults.today,
      origin,
      removals,
    },
    content: JSON.stringify([own, sources, record.version]),
    pieces: clean.pieces,
    hidden,
  };
}

/** A record with nothing in it that cannot be seen, before anything is looked for in it; what it names beside its text is cut to bounds. */
function asShown(record: ImportRecord): { record: ImportRecord; hidden: number } {
  let hidden = 0;
  const shown = (text: string): string => {
    const { text: plain, removed } = withoutHidden(text);
    hidden += removed;
    return plain;
  };
  const brief = (text: string | undefined) => text && shown(text.slice(0, most.chars));
  const some = (texts: readonly string[]) =>
    texts.slice(0, most.named).map((text) => shown(text.slice(0, most.chars)));
  return {
    record: {
      ...record,
      title: record.title && shown(record.title.slice(0, limits.recordChars)),
      sections: record.sections.map(({ kind, text }) => ({ kind, text: shown(text) })),
      known: record.known.map((name) => withoutHidden(name).text),
      codes: some(record.codes),
      sources: some(record.sources),
      licence: brief(record.licence),
      version: brief(record.version),
    },
    hidden,
  };
}

/** The same for the same file and record, whatever they hold: SHA-256 of absolute path and key, 128 bits of it. */
export function idOf({ file, key }: Pick<ImportRecord, 'file' | 'key'>): string {
  return `i-${createHash('sha256').update(`${file}\n${key}`).digest('hex').slice(0, 32)}`;
}

interface Clean {
  sections: RecordSection[];
  removals: Removals;
  pieces: DescribedRecord['pieces'];
  /** Names to remove from what else is stored of the record. */
  names: string[];
}

/** All sections without identifiers. A name that one section gives away is removed from all of them. */
function cleanSections(record: ImportRecord): Clean {
  const first = record.sections.map(({ text }) => deidentify(text, { known: record.known }));
  const names = namesIn(first);
  const fresh = names.some((name) => !record.known.includes(name));
  const known = unique([...record.known, ...names]);
  const results =
    fresh && record.sections.length > 1
      ? record.sections.map(({ text }) => deidentify(text, { known }))
      : first;
  const removals: Removals = {};
  const sections: RecordSection[] = [];
  const pieces: Clean['pieces'] = [];
  for (const [place, result] of results.entries()) {
    const kind = record.sections[place]?.kind ?? 'text';
    add(removals, result.removals);
    sections.push({ kind, text: result.text });
    if (kind !== 'text') pieces.push({ text: `${kind.toUpperCase()}\n` });
    pieces.push(...result.pieces, { text: '\n\n' });
  }
  return { sections, removals, pieces, names: known };
}

function namesIn(results: readonly Deidentified[]): string[] {
  return unique(
    results.flatMap(({ pieces }) =>
      pieces.flatMap(({ text, removed }) => (removed === 'name' && text.length >= 3 ? [text] : [])),
    ),
  );
}

function add(sum: Removals, more: Removals): void {
  for (const [kind, count] of Object.entries(more) as [RemovalKind, number][])
    sum[kind] = (sum[kind] ?? 0) + count;
}

/** The path from what was chosen on, that itself included. */
function provenance(file: string, root: string): string {
  const path = relative(dirname(root), file);
  return (path.startsWith('..') ? basename(file) : path).split(sep).join('/');
}

/** The file that was asked for last: all rows of a table come from the same one. */
let lastOrigin = { file: '', root: '', origin: '' };

function originOf(file: string, root: string): string {
  if (lastOrigin.file !== file || lastOrigin.root !== root)
    lastOrigin = { file, root, origin: withoutNames(provenance(file, root)) };
  return lastOrigin.origin;
}

/**
 * File names join words by marks and write names without capitals; set apart and capitalised, the names among them are seen. Removes
 * these only: what else there is to remove is removed with the rest.
 */
function withoutNames(path: string): string {
  const spaced = path.replace(/[_^+]+|(?<=\p{L})-(?=\p{L})/gu, ' ');
  const capitalised = spaced.replace(/(?<!\p{L})\p{Ll}(?=\p{Ll}{2})/gu, (letter) => letter.toUpperCase());
  return namesIn([deidentify(capitalised)]).reduce(
    (text, name) => text.replaceAll(new RegExp(name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'giu'), '[name]'),
    spaced,
  );
}

/** The examination, else the first line of what was found. */
function titleFrom(sections: readonly RecordSection[]): string {
  const exam = sections.find(({ kind }) => kind === 'exam')?.text;
  const lead =
    exam ??
    ['diagnosis', 'text', 'impression', 'findings', 'caption']
      .map((wanted) => sections.find(({ kind }) => kind === wanted)?.text)
      .find((text) => text !== undefined) ??
    sections[0]?.text ??
    '';
  const [line = ''] = lead.trim().split('\n');
  const sentence = /^.{12,}?[.;](?=\s)/.exec(line)?.[0].slice(0, -1) ?? line;
  return sentence.length <= 100 ? sentence.trim() : `${sentence.slice(0, 99).replace(/\s+\S*$/, '')}…`;
}

/** A section that only says the title again gives no snippet. */
function withoutTitle(sections: readonly RecordSection[], title: string): RecordSection[] {
  const words = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  const rest = sections.filter(({ text }) => words(text) !== words(title));
  return rest.length > 0 ? rest : [...sections];
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/** The base name of a file without its ending. */
export const stem = (file: string): string => basename(file, extname(file));
