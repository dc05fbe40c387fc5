import type { Query, VectorQuery } from '@lancedb/lancedb';
import type { Table as ArrowTable, Data, RecordBatch, Vector } from 'apache-arrow';
import { z } from 'zod';
import { arrow } from './arrow.js';

/** Runs a query for the columns that `schema` names, and reads its rows. */
export async function readRows<S extends z.ZodObject>(
  query: Query | VectorQuery,
  schema: S,
): Promise<z.output<S>[]> {
  const read = await query.select(Object.keys(schema.shape)).toArrow();
  const rowAt = rowsOf(schema, read);
  return Array.from({ length: read.numRows }, (_, at) => rowAt(at));
}

/**
 * The rows of a table that was read, each checked when it is asked for: strings, numbers, lists of strings, vectors; null where there is none.
 * Values are taken out column by column: Arrow's own rows look up every value anew, which took longer than the search.
 */
export function rowsOf<S extends z.ZodObject>(
  schema: S,
  read: ArrowTable | RecordBatch,
): (at: number) => z.output<S> {
  const columns = Object.keys(schema.shape).map((name) => [name, valuesOf(read.getChild(name))] as const);
  return (at) => schema.parse(Object.fromEntries(columns.map(([name, values]) => [name, values[at]])));
}

/** The values of a column in the order of its rows. */
export const valuesOf = (column: Vector | null): unknown[] => column?.data.flatMap(valuesIn) ?? [];

function valuesIn(data: Data): unknown[] {
  const { type, length, children, valueOffsets } = data;
  const [child] = children;
  if (child === undefined) return [...arrow.makeVector(data)];
  const inner: unknown = arrow.makeVector(child).toArray();
  const width = arrow.DataType.isFixedSizeList(type) ? type.listSize : undefined;
  const start = (at: number) => (width === undefined ? (valueOffsets[at] ?? 0) : at * width);
  return Array.from({ length }, (_, at) => {
    if (!data.getValid(at)) return null;
    const [from, to] = [start(at), start(at + 1)];
    return Array.isArray(inner) ? inner.slice(from, to) : Numbers.parse(inner).subarray(from, to);
  });
}

const Numbers = z.instanceof(Float32Array);
