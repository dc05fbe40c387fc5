import type { Patient } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import { type Attributes, attributesOf } from './attributes.js';
import type { ByteSource } from './bytes.js';
import { readHeaderOf } from './header.js';
import { openPath } from './open.js';
import { patientOf, studyDateOf } from './scan.js';

/** A passage of a structured report under its heading. */
export interface ReportSection {
  /** findings, impression, history, …; where the heading is none of a report's, itself in lower case. */
  kind: string;
  text: string;
}

/** What a DICOM structured report says, in words. */
export interface StructuredReport {
  uid?: string;
  studyUid?: string;
  /** Meaning of the root's concept name, e.g. "Chest Radiograph Report". */
  title: string;
  /** Meaning of "Procedure reported", else the description of the study. */
  procedure?: string;
  /** DICOM modality code of the images it refers to, where they are of one modality. */
  modality?: string;
  sections: ReportSection[];
  patient: Pick<Patient, 'sex' | 'ageYears'>;
  /** Names, numbers and institutions of its header and observers: whoever passes the text on removes them from it. */
  known: string[];
  /** SOP instance UIDs that the content or the evidence refers to, each once. */
  images: string[];
}

const bounds = { fileBytes: 64 * 2 ** 20, depth: 64, items: 100_000, characters: 4 * 2 ** 20 };

const tags = {
  sopClass: '00080016',
  sopInstance: '00080018',
  study: '0020000d',
  valueType: '0040a040',
  relationship: '0040a010',
  conceptName: '0040a043',
  content: '0040a730',
  text: '0040a160',
  code: '0040a168',
  measured: '0040a300',
  number: '0040a30a',
  units: '004008ea',
  personName: '0040a123',
  reference: '00081199',
  referencedClass: '00081150',
  referencedInstance: '00081155',
} as const;

/** Sections by the code of their concept name (PS3.16 CID 7001, 7002 and their members; LOINC document sections). */
const kinds: Readonly<Record<string, string>> = {
  121070: 'findings',
  121071: 'findings',
  '59776-5': 'findings',
  '18782-3': 'findings',
  121072: 'impression',
  121073: 'impression',
  121076: 'impression',
  121077: 'impression',
  121111: 'impression',
  '19005-8': 'impression',
  121060: 'history',
  121110: 'history',
  '11329-0': 'history',
  121062: 'indication',
  121109: 'indication',
  '18785-6': 'indication',
  121064: 'technique',
  121065: 'technique',
  '55111-9': 'technique',
  121066: 'comparison',
  121068: 'comparison',
  121069: 'comparison',
  '18834-2': 'comparison',
  121074: 'recommendation',
  121075: 'recommendation',
  '18783-1': 'recommendation',
  121078: 'addendum',
};
const kindsByMeaning: readonly [RegExp, string][] = [
  [/^findings?$|^observations?$/i, 'findings'],
  [/^(?:impressions?|conclusions?|summary|opinion)$/i, 'impression'],
  [/history|presentation/i, 'history'],
  [/^(?:indications?|request|reason for .*|indications? for .*)$/i, 'indication'],
  [/^(?:technique|.*procedure descriptions?)$/i, 'technique'],
  [/^(?:comparisons?|previous findings|prior .*)$/i, 'comparison'],
  [/^recommendations?$/i, 'recommendation'],
];
/** Items that carry no statement: image library, tracking identifiers, language and country. */
const silent = new Set(['111028', '126200', '112039', '112040', '121049', '121046']);
const procedureReported = '121058';
/** Below what is context: read for names and references, not for text. */
const unsaid = '\n';

/** Modalities by storage SOP class: the part behind 1.2.840.10008.5.1.4.1.1 */
const modalities: readonly [RegExp, string][] = [
  [/^2(?:\.\d+)*$/, 'CT'],
  [/^4(?:\.\d+)*$/, 'MR'],
  [/^(?:3|6)(?:\.\d+)+$/, 'US'],
  [/^1$/, 'CR'],
  [/^1\.1(?:\.1)?$/, 'DX'],
  [/^1\.2(?:\.1)?$|^13\.1\.[34]$/, 'MG'],
  [/^20$/, 'NM'],
  [/^(?:128|130)(?:\.\d+)*$/, 'PT'],
  [/^12\.[12](?:\.\d+)*$/, 'XA'],
];

/**
 * Reads a DICOM structured report (PS3.3 C.17.3: the tree of content items) into titled passages. Measurements stand with their units;
 * names, dates and times that are items of their own are left out, names also told in `known`.
 * Throws WetreadError `not-dicom`, `damaged-file`, `bad-input` (another kind of object), `limit-exceeded`.
 */
export async function parseStructuredReport(path: string): Promise<StructuredReport> {
  const source = await openPath(path);
  try {
    return reportOf(source);
  } finally {
    source.close();
  }
}

function reportOf(source: ByteSource): StructuredReport {
  if (source.size > bounds.fileBytes)
    throw new WetreadError('limit-exceeded', 'The structured report is larger than 64 MB.');
  const header = readHeaderOf(source);
  const root = attributesOf(header.dataSet);
  if (!root.text(tags.sopClass)?.startsWith('1.2.840.10008.5.1.4.1.1.88.'))
    throw new WetreadError('bad-input', 'This DICOM object is no structured report.');
  if (header.truncated) throw new WetreadError('damaged-file', 'The structured report ends before its end.');
  if (!root.has(tags.content)) throw new WetreadError('bad-input', 'The structured report has no content.');
  const reading = new Reading();
  const title = conceptOf(root).meaning;
  reading.read(root, '', 0);
  const references = [...reading.references, ...evidenceOf(root)];
  const patient = patientOf(root, studyDateOf(root));
  const procedure = reading.procedure ?? root.text('00081030');
  const modality = modalityOf(references);
  return {
    uid: root.text(tags.sopInstance),
    studyUid: root.text(tags.study),
    title: title || 'Structured report',
    ...(procedure && { procedure }),
    ...(modality && { modality }),
    sections: reading.sections(),
    patient: { sex: patient.sex, ageYears: patient.ageYears },
    known: [...new Set([...knownOf(root), ...reading.names])],
    images: [...new Set(references.map(({ instance }) => instance))],
  };
}

interface Reference {
  sopClass: string;
  instance: string;
}

/** The walk over the content tree. */
class Reading {
  readonly names: string[] = [];
  readonly references: Reference[] = [];
  procedure: string | undefined;
  readonly #sections: { kind: string; lines: string[] }[] = [];
  #items = 0;
  #characters = 0;

  read(parent: Attributes, kind: string, depth: number): void {
    if (depth > bounds.depth)
      throw new WetreadError(
        'limit-exceeded',
        `The structured report is nested deeper than ${bounds.depth} levels.`,
      );
    for (const item of parent.items(tags.content)) {
      if (++this.#items > bounds.items)
        throw new WetreadError('limit-exceeded', 'The structured report has too many items.');
      this.#readItem(item, kind, depth);
    }
  }

  sections(): ReportSection[] {
    return this.#sections
      .filter(({ lines }) => lines.length > 0)
      .map(({ kind, lines }) => ({ kind, text: lines.join('\n') }));
  }

  #readItem(item: Attributes, kind: string, depth: number): void {
    const type = item.text(tags.valueType)?.toUpperCase();
    const concept = conceptOf(item);
    const context =
      item.text(tags.relationship)?.toUpperCase() === 'HAS OBS CONTEXT' || silent.has(concept.value);
    if (type === 'PNAME') this.names.push(...item.texts(tags.personName));
    if (type === 'IMAGE' || type === 'COMPOSITE') this.references.push(...referencesOf(item));
    if (concept.value === procedureReported) this.procedure ??= codeOf(item, tags.code).meaning || undefined;
    if (kind === unsaid || context || (depth === 0 && isModifier(item))) {
      if (!silent.has(concept.value)) this.#noteSubject(item, type, concept);
      this.read(item, unsaid, depth + 1);
    } else if (type === 'CONTAINER') this.#readContainer(item, concept, kind, depth);
    else {
      const own = kindOf(concept);
      const section = own ?? (kind || concept.meaning.toLowerCase() || 'text');
      const words = wordsOf(item, type);
      if (words)
        this.#say(section, own || !concept.meaning || !kind ? words : `${concept.meaning}: ${words}`);
      this.read(item, section, depth + 1);
    }
  }

  /** A heading within findings, such as an organ, stays as words. */
  #readContainer(item: Attributes, concept: Concept, kind: string, depth: number): void {
    const own = kindOf(concept);
    const section = own ?? (kind || concept.meaning.toLowerCase() || 'text');
    const heading = !own && kind && concept.meaning ? `${concept.meaning}:` : undefined;
    if (heading) this.#say(section, heading);
    this.read(item, section, depth + 1);
    const last = this.#sections.at(-1);
    if (heading && last?.lines.at(-1) === heading) last.lines.pop();
  }

  /** Names and identifiers of subject and observer that are written as text. */
  #noteSubject(item: Attributes, type: string | undefined, concept: Concept): void {
    const words = type === 'TEXT' ? item.longText(tags.text) : undefined;
    if (words && /\b(?:name|identifier|ID|organi[sz]ation|number)\b/i.test(concept.meaning))
      this.names.push(words);
  }

  #say(kind: string, line: string): void {
    this.#characters += line.length;
    if (this.#characters > bounds.characters)
      throw new WetreadError('limit-exceeded', 'The structured report holds too much text.');
    const last = this.#sections.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else this.#sections.push({ kind, lines: [line] });
  }
}

const isModifier = (item: Attributes) => item.text(tags.relationship)?.toUpperCase() === 'HAS CONCEPT MOD';

interface Concept {
  value: string;
  meaning: string;
  scheme: string;
}

function codeOf(item: Attributes, tag: string): Concept {
  const code = item.item(tag);
  return {
    value: code?.text('00080100') ?? code?.text('00080119') ?? '',
    meaning: code?.text('00080104') ?? '',
    scheme: code?.text('00080102') ?? '',
  };
}

const conceptOf = (item: Attributes): Concept => codeOf(item, tags.conceptName);

function kindOf({ value, meaning }: Concept): string | undefined {
  return kinds[value] ?? kindsByMeaning.find(([pattern]) => pattern.test(meaning))?.[1];
}

/** What an item states; undefined for what is no statement or tells of a person or a day. */
function wordsOf(item: Attributes, type: string | undefined): string | undefined {
  switch (type) {
    case 'TEXT':
      return item.longText(tags.text)?.replace(/\r\n?/g, '\n');
    case 'CODE':
      return codeOf(item, tags.code).meaning || undefined;
    case 'NUM': {
      const measured = item.item(tags.measured);
      const value = measured?.text(tags.number);
      return measured && value ? [value, unitOf(measured)].filter(Boolean).join(' ') : undefined;
    }
    default:
      return undefined;
  }
}

/** UCUM codes are units as written (mm, g/ml), but for 1, {ratio} and [hnsf'U]. */
function unitOf(measured: Attributes): string {
  const { value, meaning, scheme } = codeOf(measured, tags.units);
  if (value === '1') return '';
  if (/^\{/.test(value)) return meaning === 'no units' ? '' : meaning;
  return scheme === 'UCUM' && value !== '' && !/[[\]'{}]/.test(value) ? value : meaning || value;
}

const referencesOf = (item: Attributes): Reference[] =>
  item.items(tags.reference).flatMap((one) => {
    const instance = one.text(tags.referencedInstance);
    return instance ? [{ sopClass: one.text(tags.referencedClass) ?? '', instance }] : [];
  });

/** Current requested procedure evidence: studies → series → objects. */
const evidenceOf = (root: Attributes): Reference[] =>
  root.items('0040a375').flatMap((study) => study.items('00081115').flatMap(referencesOf));

function modalityOf(references: readonly Reference[]): string | undefined {
  const found = new Set(
    references.flatMap(({ sopClass }) => {
      const own = sopClass.replace(/^1\.2\.840\.10008\.5\.1\.4\.1\.1\./, '');
      return modalities.find(([pattern]) => pattern.test(own))?.[1] ?? [];
    }),
  );
  return found.size === 1 ? [...found][0] : undefined;
}

/** Attributes of the header that name somebody or number something. */
const identifying =
  '00080050 00080080 00080081 00080090 00081010 00081040 00081048 00081050 00081060 00081070 00100010 00100020 00100030 00101000 00101001 00101005 00101040 00101060 00102154 00200010 00321032 00321033 00380010 00402016 00402017 00401001';

function knownOf(root: Attributes): string[] {
  const own = (item: Attributes) => identifying.split(' ').flatMap((tag) => item.texts(tag));
  const observers = [...root.items('0040a073'), ...root.items('0040a078'), ...root.items('0040a07a')];
  return [
    ...own(root),
    ...root.items('0040a370').flatMap(own),
    ...root.items('00101002').flatMap((one) => one.texts('00100020')),
    ...observers.flatMap((one) => [
      ...one.texts('0040a075'),
      ...one.texts(tags.personName),
      ...one.texts('0040a027'),
      ...one.texts('00080080'),
    ]),
  ].filter((value) => value.replace(/[\^=\s]/g, '').length > 1);
}
