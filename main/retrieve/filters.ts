import type { SearchFilters } from '../../preload/values.js';
import { anyOf, listHas } from './store/sql.js';

/** A row that does not say passes: an article is of no age and no sex. */
const orUnsaid = (column: string, predicate: string) => `(${column} IS NULL OR ${predicate})`;
const orNone = (column: string, predicate: string) =>
  `(array_length(${column}) IS NULL OR array_length(${column}) = 0 OR ${predicate})`;

/** Predicates on any row that has the columns of both tables. */
function shared({ bodyRegion, view, ageYears, sex }: SearchFilters): string[] {
  const [from, to] = ageYears ?? [];
  return [
    ...(bodyRegion === undefined ? [] : [anyOf('bodyRegion', [bodyRegion, 'whole-body'])]),
    ...(view === undefined ? [] : [orNone('views', listHas('views', view))]),
    ...(from === undefined || to === undefined
      ? []
      : [orUnsaid('ageYears', `ageYears BETWEEN ${Math.trunc(from)} AND ${Math.trunc(to)}`)]),
    ...(sex === undefined ? [] : [orUnsaid('sex', anyOf('sex', [sex]))]),
  ];
}

/** Topics of documents that say what was found in one patient. */
export const ofPatients: readonly string[] = ['report', 'case'];

/** SQL predicate: a document says what was found in one patient. */
export const isReport = anyOf('topic', ofPatients);

/** SQL predicate on a documents table; undefined where everything passes. A document that names no finding may have a snippet that does. */
export function documentFilter(filters: SearchFilters = {}): string | undefined {
  const { finding, kind } = filters;
  return all([
    ...shared(filters),
    ...(kind === undefined ? [] : [kind === 'reports' ? isReport : `NOT (${isReport})`]),
    ...(finding === undefined ? [] : [orNone('findings', listHas('findings', finding))]),
  ]);
}

/**
 * SQL predicate on a snippets table; undefined where everything passes. What speaks of a finding must name it. `kind` is not asked: it is
 * the document's.
 */
export function snippetFilter(filters: SearchFilters = {}): string | undefined {
  const { finding, polarity } = filters;
  return all([
    ...shared(filters),
    ...(finding === undefined ? [] : [listHas('findings', finding)]),
    ...(polarity === undefined ? [] : [orUnsaid('polarity', anyOf('polarity', [polarity]))]),
  ]);
}

/** All of the predicates that there are. */
export function all(predicates: readonly (string | undefined)[]): string | undefined {
  const some = predicates.filter((predicate) => predicate !== undefined);
  return some.length === 0 ? undefined : some.join(' AND ');
}
