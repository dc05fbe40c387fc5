import type { ImportMapping } from '../../preload/values.js';

/** What a column can be besides a section of the text; each is held by one column at most. */
export const fieldWords = {
  id: 'Record number',
  title: 'Title',
  modality: 'Modality',
  bodyRegion: 'Body region',
  view: 'View',
  ageYears: 'Age in years',
  sex: 'Sex',
  images: 'Image files',
} as const;
export type Field = keyof typeof fieldWords;

export const fields = Object.keys(fieldWords) as Field[];

/** Kinds of sections that reports have; others can be typed. */
export const sectionKinds = [
  'findings',
  'impression',
  'history',
  'indication',
  'technique',
  'comparison',
  'diagnosis',
  'differential',
  'discussion',
  'caption',
];

export type Role = 'unused' | 'section' | Field;

/** What a column is used as. */
export function roleOf(mapping: ImportMapping | null, column: string): Role {
  if (!mapping) return 'unused';
  if (mapping.sections.some((s) => s.column === column)) return 'section';
  return fields.find((field) => mapping[field] === column) ?? 'unused';
}

/** The kind of section that a column makes. */
export const kindOf = (mapping: ImportMapping | null, column: string): string =>
  mapping?.sections.find((s) => s.column === column)?.kind ?? '';

/**
 * Uses a column as something else. A field moves from the column that held it; sections keep the order of the columns.
 * `sections` may become empty, which the engine refuses: the window asks for one first.
 */
export function assign(
  mapping: ImportMapping | null,
  columns: readonly string[],
  column: string,
  role: Role,
  kind = kindOf(mapping, column) || kindFromName(column),
): ImportMapping {
  const { sections: before = [], ...held } = mapping ?? {};
  const left = Object.fromEntries(Object.entries(held).filter(([, c]) => c !== column));
  const sections = before.filter((s) => s.column !== column);
  if (role === 'section') sections.push({ column, kind });
  sections.sort((a, b) => columns.indexOf(a.column) - columns.indexOf(b.column));
  return { ...left, ...(role !== 'section' && role !== 'unused' && { [role]: column }), sections };
}

/** A kind of section from the name of its column: "Report findings" → "findings". */
export function kindFromName(column: string): string {
  const name = column.toLowerCase();
  return (
    sectionKinds.find((kind) => name.includes(kind)) ??
    (name.replaceAll(/[^a-z]+/g, ' ').trim() || 'text').slice(0, 40)
  );
}
