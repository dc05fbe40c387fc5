/** One measurement of the methods against each other: the same queries, the same documents. */
import type { IndexModality } from '../../../preload/values.js';
import type { Index, Indices } from '../../retrieve/index.js';
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

/** Figures of each query, by method; the queries in the same order. */
export type Rows = ReadonlyMap<Method, readonly QueryFigures[]>;

/** Runs methods on one variant of all queries that have it and can find anything. */
export async function runTask(
  { name, modality, queries }: Task,
  indices: Indices,
  { variant, methods: wanted }: { variant: string; methods: readonly Method[] },
  { signal, onProgress }: EvaluateEvents,
): Promise<Rows> {
  const asked = queries.flatMap((query) => {
    const input = query.inputs[variant];
    return input && query.gains.size > 0 ? [{ query, input }] : [];
  });
  const rows = new Map<Method, QueryFigures[]>(wanted.map((method) => [method, []]));
  for (const [done, { query, input }] of asked.entries()) {
    signal?.throwIfAborted();
    onProgress?.(`${name}, ${variant}`, done, asked.length);
    for (const [method, list] of rows) {
      const ranking = applies(method, input) ? await rank(method, indices, input, { modality, signal }) : [];
      list.push(figuresOf(ranking, query));
    }
  }
  return rows;
}

/** A task with the index that it is asked of. */
export interface Ready {
  task: Task;
  index: Index;
}

/** Runs all methods on all variants; the queries of several parts, each asked of its own index, count as one task. */
export async function measureTask(parts: readonly Ready[], events: EvaluateEvents): Promise<TaskFigures> {
  const variants = new Set(
    parts.flatMap(({ task }) => task.queries.flatMap(({ inputs }) => Object.keys(inputs))),
  );
  const figures: TaskFigures = {};
  for (const variant of variants)
    figures[variant] = summary(await runParts(parts, [], { variant, methods }, events));
  return figures;
}

/** Runs the methods that apply to any query of any part, each part with its own index and `others`. */
async function runParts(
  parts: readonly Ready[],
  others: readonly Index[],
  { variant, methods: wanted }: { variant: string; methods: readonly Method[] },
  events: EvaluateEvents,
): Promise<Rows> {
  const inputs = parts.flatMap(({ task }) => task.queries.flatMap((query) => query.inputs[variant] ?? []));
  const used = wanted.filter((method) => inputs.some((input) => applies(method, input)));
  const all: Rows[] = [];
  for (const { task, index } of parts)
    all.push(await runTask(task, [index, ...others], { variant, methods: used }, events));
  return new Map(used.map((method) => [method, all.flatMap((rows) => rows.get(method) ?? [])]));
}

/** The variant in which every way has something to search by. */
const WHOLE = 'both';

/** What each method loses where other documents lie beside those that are searched. */
export interface LossFigures {
  alone: Mean;
  among: Mean;
  /** among − alone, paired. */
  loss: Mean;
  /** Among them, against the best single method; absent for singles. */
  against?: { method: string; difference: Mean };
}

/** nDCG@10 of each method without and with `others`, asked with all that is known of a query. */
export async function measureLoss(
  parts: readonly Ready[],
  others: Index,
  events: EvaluateEvents,
): Promise<Record<string, LossFigures>> {
  const compared = methods.filter((method) => method.hierarchical && (!method.entities || !method.single));
  const alone = await runParts(parts, [], { variant: WHOLE, methods: compared }, events);
  const among = await runParts(parts, [others], { variant: WHOLE, methods: compared }, events);
  const figures = summary(among);
  return Object.fromEntries(
    [...alone].map(([method, list]) => {
      const [before, after] = [list, among.get(method) ?? []].map((rows) => column(rows, 'nDCG@10'));
      const { against } = figures[method.name] ?? {};
      const own = { alone: meanOf(before ?? []), among: meanOf(after ?? []) };
      return [
        method.name,
        { ...own, loss: differenceOf(after ?? [], before ?? []), ...(against && { against }) },
      ];
    }),
  );
}

const column = (list: readonly QueryFigures[], figure: FigureName) => list.map((one) => one[figure]);

function summary(rows: Rows): Record<string, MethodFigures> {
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
        against ? `${changed(against.difference)}, ${against.method}` : '',
      ]),
    ];
    return ['', head, ...grid(table)];
  });
}

/** A row a method. */
export function lossLinesOf(name: string, figures: Record<string, LossFigures>): string[] {
  const queries = figures[HYBRID]?.alone.queries ?? 0;
  return [
    '',
    `${name} among distractors, from ${WHOLE}: ${queries} queries, nDCG@10`,
    ...grid([
      ['', 'alone', 'among distractors', 'loss', 'against the best single'],
      ...Object.entries(figures).map(([method, { alone, among, loss, against }]) => [
        method,
        ranged(alone),
        ranged(among),
        changed(loss),
        against ? `${changed(against.difference)}, ${against.method}` : '',
      ]),
    ]),
  ];
}

const changed = ({ value, interval }: Mean) =>
  value === null ? '–' : `${signed(value)} (${(interval ?? []).map(signed).join(' to ')})`;

function grid(table: readonly (readonly string[])[]): string[] {
  const widths = table[0]?.map((_, i) => Math.max(...table.map((row) => row[i]?.length ?? 0))) ?? [];
  return table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
