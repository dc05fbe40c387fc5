import type { ImportMapping, View } from '../../preload/values.js';
import { splitReport } from './blocks.js';
import { fieldPaths, objectsAt, type Row, textsAt } from './fields.js';
import { emptyRecord, type ImportRecord, type RecordImage, type RecordSection } from './record.js';

/** Columns that make sections, in the order in which a document is read; the last part of a nested path counts. */
const sectionColumns: [kind: string, names: RegExp][] = [
  ['exam', /^(?:exam|examination|examtype|examdescription|studydescription|procedure|proceduredescription)$/],
  [
    'history',
    /^(?:history|clinicalhistory|clinicalinfo(?:rmation)?|clinicaldata|clinicaldetails|anamnesis)$/,
  ],
  ['indication', /^(?:indications?|clinicalindication|reason|reasonfor(?:exam|study|examination))$/],
  ['technique', /^technique$/],
  ['findings', /^(?:findings?|observations?|findingstext)$/],
  ['impression', /^(?:impressions?|conclusions?|opinion|assessment|impressiontext)$/],
  ['diagnosis', /^(?:diagnos[ie]s|finaldiagnosis)$/],
  ['differential', /^(?:differential|differentialdiagnos[ie]s|ddx)$/],
  ['caption', /^captions?$/],
  ['topic', /^topic$/],
  ['discussion', /^(?:discussion|teachingpoints?|comments?|explanation)$/],
  ['summary', /^(?:summary|abstract)$/],
  [
    'text',
    /^(?:text|report|reporttext|reportbody|fulltext|fullreport|radiologyreport|body|content|narrative|article|description|note)$/,
  ],
];
const roles = {
  id: [
    /^(?:uid|id|studyuid|studyinstanceuid|studyid|accession|accession(?:number|no|nr)|reportid|caseid|documentid|examid|key)$/,
  ],
  title: [/^(?:title|headline|casetitle)$/],
  modality: [/^(?:modality|modalities|modalitycode)$/],
  bodyRegion: [/^(?:bodyregion|bodypart(?:examined)?)$/, /^(?:region|anatomy|location|organ)$/],
  view: [/^(?:view|viewposition|projection|views)$/],
  ageYears: [/^(?:age|ageyears|patientage|ageatstudy|agey)$/],
  sex: [/^(?:sex|gender|patientsex|patientgender)$/],
  images: [
    /^(?:images?|imagefiles?|files?|filenames?|imagepaths?|imagenames?|paths?|pictures?|dicom|jpg|png)$/,
  ],
} satisfies Record<string, RegExp[]>;

/** Columns whose values name the patient, the doctors or the place: never stored, and removed wherever a text repeats them. */
const personal =
  /(?:patient|first|last|family|given|full|middle|sur)_?-? ?name|^(?:patient|name|mrn|ssn|dob)$|patientid|birth|address|phone|e-?mail|insurance|physician|doctor|radiologist|reported ?by|signed ?by|author|hospital|institution|clinic$|accession|studyinstanceuid|studyuid/i;

const normal = (path: string) => (path.split('.').at(-1) ?? path).toLowerCase().replace(/\[\]|[^a-z]/g, '');

/** Columns of a table from its first rows, in their order. */
export function columnsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap(fieldPaths))];
}

/**
 * Guesses a mapping from the names of the columns; where none of them names a text, from the one that holds the longest texts. Null: no
 * column holds any text to speak of.
 */
export function guessMapping(columns: readonly string[], rows: readonly Row[]): ImportMapping | null {
  const find = (names: readonly RegExp[]) =>
    names.flatMap((name) => columns.filter((column) => name.test(normal(column))))[0];
  const sections = sectionColumns.flatMap(([kind, names]) =>
    columns.filter((column) => names.test(normal(column))).map((column) => ({ column, kind })),
  );
  const found: Partial<Record<keyof typeof roles, string>> = {};
  for (const role of Object.keys(roles) as (keyof typeof roles)[]) {
    const column = find(roles[role]);
    if (column !== undefined && !sections.some((section) => section.column === column)) found[role] = column;
  }
  // `images[].file` is told by the list that it is in.
  const images = found.images?.replace(/\[\]\..*$/, '');
  if (sections.every(({ kind }) => kind === 'exam')) {
    const longest = longestTexts(columns, rows, Object.values(found));
    if (longest !== undefined) sections.push({ column: longest, kind: 'text' });
  }
  if (sections.length === 0) return null;
  return { sections, ...found, ...(images !== undefined && { images }) };
}

function longestTexts(
  columns: readonly string[],
  rows: readonly Row[],
  taken: readonly string[],
): string | undefined {
  const length = (column: string) =>
    rows.reduce((sum, row) => sum + textsAt(row, column).join(' ').length, 0) / Math.max(1, rows.length);
  return columns
    .filter((column) => !taken.includes(column) && !/ur[il]$|link|path|file/.test(normal(column)))
    .map((column) => ({ column, length: length(column) }))
    .filter((candidate) => candidate.length >= 40)
    .sort((a, b) => b.length - a.length)[0]?.column;
}

/**
 * A row as the record that the mapping makes of it.
 * @param place of the row in its file, from 1: its key where the mapping names no id
 */
export function recordOf(row: Row, mapping: ImportMapping, file: string, place: number): ImportRecord {
  const first = (path: string | undefined) => textsAt(row, path)[0];
  const sections: RecordSection[] = mapping.sections.flatMap(({ column, kind }) => {
    const text = textsAt(row, column).join('\n\n');
    if (text === '') return [];
    // A whole report in one column is read by its own headings.
    return kind === 'text' ? splitReport(text) : [{ kind: kind.toLowerCase(), text }];
  });
  const kinds = new Set(sections.map(({ kind }) => kind));
  const isCase = ['discussion', 'diagnosis', 'caption', 'differential'].some((kind) => kinds.has(kind));
  const isReport = kinds.has('findings') || kinds.has('impression');
  const title = first(mapping.title);
  const modality = mostFrequent(textsAt(row, mapping.modality));
  const bodyRegion = textsAt(row, mapping.bodyRegion).join(' ');
  const ageYears = readAge(first(mapping.ageYears));
  const sex = readSex(first(mapping.sex));
  const id = first(mapping.id);
  return {
    ...emptyRecord(file, id ?? `row ${place}`),
    topic: isCase ? 'case' : isReport ? 'report' : 'article',
    ...(title !== undefined && { title }),
    sections,
    images: imagesOf(row, mapping),
    ...(modality !== undefined && { modality }),
    ...(bodyRegion !== '' && { bodyRegion }),
    ...(ageYears !== undefined && { ageYears }),
    ...(sex !== undefined && { sex }),
    known: personalValues(row, mapping, id),
  };
}

/** Image files as the row names them, not yet looked for. */
function imagesOf(row: Row, mapping: ImportMapping): RecordImage[] {
  if (mapping.images === undefined) return [];
  const own = readView(textsAt(row, mapping.view)[0]);
  const objects = objectsAt(row, mapping.images);
  if (objects.length > 0)
    return objects.flatMap((object) => {
      const file = ['file', 'path', 'filename', 'name', 'image'].flatMap((name) => textsAt(object, name))[0];
      const view = ['projection', 'view', 'viewPosition'].flatMap((name) => textsAt(object, name))[0];
      return file === undefined ? [] : [{ file, view: view === undefined ? own : readView(view) }];
    });
  return textsAt(row, mapping.images)
    .flatMap((value) => value.split(/[;|,\n]/))
    .map((file) => file.trim().replace(/^["'[]+|["'\]]+$/g, ''))
    .filter((file) => file !== '')
    .map((file) => ({ file, view: own }));
}

function personalValues(row: Row, mapping: ImportMapping, id: string | undefined): string[] {
  const mapped = new Set(mapping.sections.map(({ column }) => column));
  if (mapping.title !== undefined) mapped.add(mapping.title);
  const values = fieldPaths(row)
    .filter((path) => !mapped.has(path) && personal.test(path.replaceAll('_', '').replaceAll(' ', '')))
    .flatMap((path) => textsAt(row, path))
    .filter((value) => value.length >= 3 && value.length <= 120);
  if (id !== undefined && id.length >= 5 && /\d{3}/.test(id)) values.push(id);
  return [...new Set(values)];
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** "63", "063Y", "63 years", "8 months" → whole years. */
export function readAge(text: string | undefined): number | undefined {
  const [, number, unit = ''] = /^0*(\d{1,3})(?:\.\d+)?\s*([a-z]*)/i.exec(text ?? '') ?? [];
  if (number === undefined) return undefined;
  const value = Number(number);
  const years = /^m(?!ale)/i.test(unit)
    ? value / 12
    : /^w/i.test(unit)
      ? value / 52
      : /^d/i.test(unit)
        ? 0
        : value;
  return years <= 120 ? Math.floor(years) : undefined;
}

export function readSex(text: string | undefined): 'M' | 'F' | 'O' | undefined {
  const first = text?.trim().toLowerCase() ?? '';
  if (/^(?:m|male|man|boy|masculine)$/.test(first)) return 'M';
  if (/^(?:f|w|female|woman|girl|feminine)$/.test(first)) return 'F';
  return /^(?:o|other|diverse|d)$/.test(first) ? 'O' : undefined;
}

/** "PA", "AP", "Frontal" → frontal; "LAT", "Lateral", "LL" → lateral. */
export function readView(text: string | undefined): View {
  const said = (text ?? '').trim();
  if (/\b(?:pa|ap|frontal|antero-?posterior|postero-?anterior)\b/i.test(said)) return 'frontal';
  return /\b(?:lat|lateral|ll|rl)\b/i.test(said) ? 'lateral' : 'unknown';
}
