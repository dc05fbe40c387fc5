import { Readable } from 'node:stream';
import { type Info, parse } from 'csv-parse';
import type { ImportMapping } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import { type PiecesOptions, readTextFile, textPieces } from './decode-text.js';
import type { Row } from './fields.js';
import { limits } from './limits.js';
import { columnsOf, guessMapping, recordOf } from './mapping.js';
import { problemOf } from './problems.js';
import type { Read } from './record.js';

/** A row of a table with its place, from 1; or why that place gave none. */
export type TableRow = { row: Row; place: number } | { place: number; problem: string };

const rowsToGuessFrom = 20;

/** The rows of a CSV file: with a header, separated by comma, semicolon, tab or bar, whichever its first line has most of. */
export async function* csvRows(file: string, options: PiecesOptions = {}): AsyncGenerator<TableRow> {
  const { signal } = options;
  const pieces = textPieces(file, options);
  const head = await pieces.next();
  const first = head.done ? '' : head.value;
  async function* all() {
    yield first;
    yield* pieces;
  }
  const skipped: string[] = [];
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(first),
    columns: (names: string[]) => names.map((name, at) => name.trim() || `column ${at + 1}`),
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: limits.recordChars,
    info: true,
    on_skip: (error) => {
      skipped.push(error?.message ?? 'It is damaged.');
    },
  });
  const source = Readable.from(all());
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    let place = 0;
    for await (const { record } of parser as AsyncIterable<{ record: Row; info: Info }>) {
      signal?.throwIfAborted();
      while (skipped.length > 0) yield { place: ++place, problem: csvProblem(skipped.shift() ?? '') };
      yield { row: record, place: ++place };
    }
    for (const problem of skipped) yield { place: ++place, problem: csvProblem(problem) };
  } finally {
    parser.destroy();
    source.destroy();
  }
}

const csvProblem = (message: string) =>
  /max record size/i.test(message)
    ? 'A row is too long; a quotation mark may not be closed.'
    : /quote/i.test(message)
      ? 'A quotation mark is not closed; the rows after it cannot be told apart.'
      : 'A row is damaged.';

/** The separator that the first line has most of outside quotation marks. */
export function delimiterOf(text: string): string {
  const line = (text.replace(/^\uFEFF/, '').match(/^(?:"(?:[^"]|"")*"|[^\n"])*/) ?? [''])[0].replace(
    /"(?:[^"]|"")*"/g,
    '',
  );
  const count = (mark: string) => line.split(mark).length;
  return [',', ';', '\t', '|'].sort((a, b) => count(b) - count(a))[0] ?? ',';
}

/** The objects of a JSON Lines file, one a line. A line that is no object is told and left out. */
export async function* jsonLineRows(file: string, options: PiecesOptions = {}): AsyncGenerator<TableRow> {
  let place = 0;
  let rest = '';
  let skipping = false;
  const take = (line: string): TableRow | undefined => {
    const text = line.replace(/^\uFEFF/, '').trim();
    if (text === '') return undefined;
    place += 1;
    if (text.length > limits.recordChars) return { place, problem: 'A line is too long.' };
    try {
      const row: unknown = JSON.parse(text);
      return isRow(row) ? { row, place } : { place, problem: 'A line is not a JSON object.' };
    } catch {
      return { place, problem: 'A line is not valid JSON.' };
    }
  };
  for await (const piece of textPieces(file, options)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      // The end of a line that was given up.
      if (skipping) {
        skipping = false;
        continue;
      }
      const row = take(line);
      if (row !== undefined) yield row;
    }
    if (rest.length > limits.recordChars) {
      if (!skipping) yield { place: ++place, problem: 'A line is too long.' };
      skipping = true;
      rest = '';
    }
  }
  const last = skipping ? undefined : take(rest);
  if (last !== undefined) yield last;
}

/** The objects of a JSON file: a list of them, a single one, or the list in its only field that holds one. */
export async function* jsonRows(file: string): AsyncGenerator<TableRow> {
  const text = await readTextFile(file, limits.jsonFileBytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // JSON Lines often bear this ending too.
    if (text.indexOf('\n') > 0 && isJson(text.slice(0, text.indexOf('\n')))) {
      yield* jsonLineRows(file);
      return;
    }
    throw new WetreadError('damaged-file', 'The file is not valid JSON.', { cause });
  }
  const lists = isRow(value)
    ? Object.values(value).filter((field) => Array.isArray(field) && field.some(isRow))
    : [];
  const texts = isRow(value) ? Object.keys(value).filter((name) => typeof value[name] === 'string') : [];
  const own = guessMapping(texts, []) !== null;
  const rows = Array.isArray(value) ? value : lists.length === 1 && !own ? lists[0] : [value];
  let place = 0;
  for (const row of Array.isArray(rows) ? rows : [])
    yield isRow(row)
      ? { row, place: ++place }
      : { place: ++place, problem: 'An entry is not a JSON object.' };
}

function isJson(text: string): boolean {
  try {
    return isRow(JSON.parse(text));
  } catch {
    return false;
  }
}

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export type TableKind = 'CSV' | 'JSON Lines' | 'JSON';

export function tableRows(
  file: string,
  kind: TableKind,
  options: PiecesOptions = {},
): AsyncGenerator<TableRow> {
  if (kind === 'CSV') return csvRows(file, options);
  return kind === 'JSON' ? jsonRows(file) : jsonLineRows(file, options);
}

/** The records of a table, by `mapping` where it fits the columns, else as guessed from the first rows. */
export async function* readTable(
  file: string,
  kind: TableKind,
  { mapping, ...options }: { mapping?: ImportMapping | undefined } & PiecesOptions = {},
): AsyncGenerator<Read> {
  try {
    const held: TableRow[] = [];
    let chosen: ImportMapping | undefined;
    const choose = () => {
      const rows = held.flatMap((one) => ('row' in one ? [one.row] : []));
      const columns = columnsOf(rows);
      const fits = mapping?.sections.some(({ column }) => columns.includes(column));
      chosen = (fits ? mapping : guessMapping(columns, rows)) ?? undefined;
      if (chosen === undefined)
        throw new WetreadError(
          'bad-input',
          rows.length === 0
            ? 'The table has no rows.'
            : 'No column holds a text that is known by its name: say which columns hold findings, impression or text.',
        );
    };
    const read = (one: TableRow): Read =>
      'problem' in one || chosen === undefined
        ? {
            problem: {
              file,
              code: 'damaged-file',
              message: `Row ${one.place}: ${'problem' in one ? one.problem : ''}`,
            },
          }
        : { record: recordOf(one.row, chosen, file, one.place) };
    for await (const one of tableRows(file, kind, options)) {
      if (chosen === undefined) {
        held.push(one);
        if (held.length < rowsToGuessFrom) continue;
        choose();
        for (const row of held.splice(0)) yield read(row);
      } else yield read(one);
    }
    if (chosen === undefined) {
      choose();
      for (const row of held.splice(0)) yield read(row);
    }
  } catch (thrown) {
    if (options.signal?.aborted) throw thrown;
    yield { problem: problemOf(file, thrown) };
  }
}
