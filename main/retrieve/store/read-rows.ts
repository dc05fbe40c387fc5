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

/** The columns of vectors. */
export type VectorColumn = 'semantic' | 'joint';

/** Where the rows that a search finds come from. */
export interface RowSource<Row> {
  /** What is read with the search. */
  columns: readonly string[];
  /** The column that tells rows apart: the row id is there without reading, but a server need not have it. */
  key: 'id' | '_rowid';
  /** Undefined for a snippet whose document has been deleted meanwhile. */
  rowsOf: (read: ArrowTable) => (at: number) => Row | undefined;
  /** Cosines of the rows that were read with a vector, where vectors are held in memory; undefined for a row without one. */
  cosines?: (read: ArrowTable, column: VectorColumn, vector: Float32Array) => (number | undefined)[];
}

/** All of the row is read with the search; `schema` names its columns. */
export const asStored = <S extends z.ZodObject>(schema: S): RowSource<z.output<S>> => ({
  columns: Object.keys(schema.shape),
  key: 'id',
  rowsOf: (read) => rowsOf(schema, read),
});

/**
 * The rows of a table that was read, each taken out and checked when it is asked for: strings, numbers, lists of strings, vectors; null where
 * there is none. Arrow's own rows look up every value anew, which took longer than the search.
 * @returns the row at a place from 0 @throws RangeError past the last one
 */
export function rowsOf<S extends z.ZodObject>(
  schema: S,
  { batches }: Pick<ArrowTable, 'batches'>,
): (at: number) => z.output<S> {
  let end = 0;
  const parts = batches.map((batch) => {
    const start = end;
    end += batch.numRows;
    return { rowAt: rowsIn(schema, batch), start, end };
  });
  return (at) => {
    let [low, high] = [0, parts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const part = parts[middle];
      if (part === undefined) break;
      if (at < part.start) high = middle;
      else if (at >= part.end) low = middle + 1;
      else return part.rowAt(at - part.start);
    }
    throw new RangeError(`There is no row ${at}.`);
  };
}

function rowsIn<S extends z.ZodObject>(schema: S, batch: RecordBatch): (at: number) => z.output<S> {
  const columns = Object.keys(schema.shape).map((name) => {
    const [data] = batch.getChild(name)?.data ?? [];
    return [name, data === undefined ? () => undefined : readerOf(data)] as const;
  });
  return (at) => schema.parse(Object.fromEntries(columns.map(([name, value]) => [name, value(at)])));
}

/** The values of a column in the order of its rows. */
export const valuesOf = (column: Vector | null): unknown[] =>
  column?.data.flatMap((data) => {
    const value = readerOf(data);
    return Array.from({ length: data.length }, (_, at) => value(at));
  }) ?? [];

function readerOf(data: Data): (at: number) => unknown {
  const { type, children, valueOffsets } = data;
  const [child] = children;
  const own = arrow.makeVector(child ?? data);
  if (child === undefined) return (at) => own.get(at);
  if (arrow.DataType.isFixedSizeList(type)) {
    const numbers = Numbers.parse(own.toArray());
    const width = type.listSize;
    return (at) => (data.getValid(at) ? numbers.subarray(at * width, (at + 1) * width) : null);
  }
  return (at) => {
    const [from = 0, to = 0] = valueOffsets.subarray(at, at + 2);
    return data.getValid(at) ? Array.from({ length: to - from }, (_, n) => own.get(from + n)) : null;
  };
}

const Numbers = z.instanceof(Float32Array);
