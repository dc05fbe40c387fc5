/**
 * Fields of a row of a table by path. A CSV row is flat; a JSON object may be nested: `patient.age`, and `images[].caption` for that
 * field of each object of a list.
 */
export type Row = Record<string, unknown>;

const isObject = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Paths of all fields of a row, outer ones first; at most two levels deep. */
export function fieldPaths(row: Row): string[] {
  const paths: string[] = [];
  const visit = (value: Row, prefix: string, depth: number) => {
    for (const [name, field] of Object.entries(value)) {
      const path = prefix + name;
      if (isObject(field) && depth < 2) visit(field, `${path}.`, depth + 1);
      else if (Array.isArray(field) && field.some(isObject) && depth < 2) {
        paths.push(path);
        for (const item of field.slice(0, 5)) if (isObject(item)) visit(item, `${path}[].`, depth + 1);
      } else paths.push(path);
    }
  };
  visit(row, '', 0);
  return [...new Set(paths)];
}

/** Raw values at a path; none where the row does not have it. */
export function valuesAt(row: Row, path: string): unknown[] {
  if (Object.hasOwn(row, path)) return asList(row[path]);
  let values: unknown[] = [row];
  for (const part of path.split('.')) {
    const name = part.replace(/\[\]$/, '');
    values = values.flatMap((value) =>
      isObject(value) && Object.hasOwn(value, name)
        ? part.endsWith('[]')
          ? asList(value[name])
          : [value[name]]
        : [],
    );
  }
  return values.flatMap(asList);
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** What tables write where there is nothing. */
const nothing = /^(?:n\/?a|none|nil|null|nan|unknown|not (?:available|applicable|provided)|-+|\.+|\?+)?\.?$/i;

/** Values at a path as trimmed texts, without those that only say that there is nothing. */
export function textsAt(row: Row, path: string | undefined): string[] {
  if (path === undefined) return [];
  return valuesAt(row, path)
    .filter((value) => ['string', 'number', 'boolean'].includes(typeof value))
    .map((value) => String(value).trim())
    .filter((text) => !nothing.test(text));
}

export const objectsAt = (row: Row, path: string): Row[] => valuesAt(row, path).filter(isObject);
