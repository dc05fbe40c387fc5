/** One measurement of the methods against each other: the same queries, the same documents. */
import type { IndexModality } from '../../../preload/values.js';
import type { Indices } from '../../retrieve/index.js';
import type { EvaluateEvents } from '../measured.js';
import { applies, HYBRID, type Method, methods, type QueryInput, rank } from './methods.js';
import {
  differenceOf,
  type FigureName,
  figureNames,
  figuresOf,
  type Mean,
  meanOf,
  type QueryFigures,
  type Wanted,
} from './ranked.js';

/** A query with what it is after. `inputs`: what is known of it, by the name of the variant. */
export interface TaskQuery extends Wanted {
  id: string;
  inputs: Readonly<Record<string, QueryInput>>;
}

export interface Task {
  name: string;
  modality: IndexModality;
  queries: readonly TaskQuery[];
}

export interface MethodFigures {
  figures: Record<FigureName, Mean>;
  /** Of nDCG@10, against the best single method; absent for singles. */
  against?: { method: string; difference: Mean };
}

/** By variant, then by method. */
export type TaskFigures = Record<string, Record<string, MethodFigures>>;

/** Runs all methods that apply on all variants of all queries. */
export async function measureTask(
  { name, modality, queries }: Task,
  indices: Indices,
  { signal, onProgress }: EvaluateEvents,
): Promise<TaskFigures> {
  const variants = [...new Set(queries.flatMap(({ inputs }) => Object.keys(inputs)))];
  const figures: TaskFigures = {};
  for (const variant of variants) {
    const asked = queries.flatMap((query) => {
      const input = query.inputs[variant];
      return input ? [{ query, input }] : [];
    });
    const used = methods.filter((method) => asked.some(({ input }) => applies(method, input)));
    const rows = new Map<Method, QueryFigures[]>(used.map((method) => [method, []]));
    for (const [done, { query, input }] of asked.entries()) {
      signal?.throwIfAborted();
      onProgress?.(`${name}, ${variant}`, done, asked.length);
      for (const [method, list] of rows) {
        const ranking = applies(method, input)
          ? await rank(method, indices, input, { modality, signal })
          : [];
        list.push(figuresOf(ranking, query));
      }
    }
    figures[variant] = summary(rows);
  }
  return figures;
}

function summary(rows: ReadonlyMap<Method, readonly QueryFigures[]>): Record<string, MethodFigures> {
  const column = (list: readonly QueryFigures[], figure: FigureName) => list.map((one) => one[figure]);
  const gain = (list: readonly QueryFigures[]) => meanOf(column(list, 'nDCG@10')).value ?? 0;
  const [best] = [...rows].filter(([{ single }]) => single).sort(([, a], [, b]) => gain(b) - gain(a));
  return Object.fromEntries(
    [...rows].map(([{ name, single }, list]) => [
      name,
      {
        figures: Object.fromEntries(figureNames.map((one) => [one, meanOf(column(list, one))])) as Record<
          FigureName,
          Mean
        >,
        ...(!single &&
          best && {
            against: {
              method: best[0].name,
              difference: differenceOf(column(list, 'nDCG@10'), column(best[1], 'nDCG@10')),
            },
          }),
      },
    ]),
  );
}

const three = (value: number | null) => (value === null ? '–' : value.toFixed(3));
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const ranged = ({ value, interval }: Mean) =>
  interval ? `${three(value)} (${interval.map((end) => end.toFixed(3)).join('–')})` : three(value);

/** A table a variant: a row a method. */
export function linesOf(name: string, figures: TaskFigures): string[] {
  return Object.entries(figures).flatMap(([variant, byMethod]) => {
    const counts = byMethod[HYBRID]?.figures;
    const head = `${name}, from ${variant}: ${counts?.['nDCG@10'].queries ?? 0} queries, ${counts?.MRR.queries ?? 0} of them with a relevant document`;
    const table = [
      ['', 'nDCG@10', 'R@1', 'R@5', 'R@10', 'MRR', 'context precision', 'nDCG@10 against the best single'],
      ...Object.entries(byMethod).map(([method, { figures: own, against }]) => [
        method,
        ranged(own['nDCG@10']),
        ...(['recall@1', 'recall@5', 'recall@10', 'MRR'] as const).map((one) => three(own[one].value)),
        ranged(own.precision),
        against?.difference.value == null
          ? ''
          : `${signed(against.difference.value)} (${(against.difference.interval ?? []).map(signed).join(' to ')}), ${against.method}`,
      ]),
    ];
    const widths = table[0]?.map((_, i) => Math.max(...table.map((row) => row[i]?.length ?? 0))) ?? [];
    const write = (row: string[]) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd();
    return ['', head, ...table.map(write)];
  });
}
