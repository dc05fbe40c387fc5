/** SQL string literal. */
const literal = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** Predicate: the column holds one of the values. */
export const anyOf = (column: string, values: readonly string[]) =>
  values.length === 0 ? 'false' : `${column} IN (${values.map(literal).join(', ')})`;

/** Predicate: the list column holds the value. */
export const listHas = (column: string, value: string) => `array_has(${column}, ${literal(value)})`;
