import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { WetreadError } from '../error.js';
import { type PiecesOptions, readTextFile } from './decode-text.js';
import { fhirRecord, hasForeignForm } from './fhir-report.js';
import { AnyResource, Context, entriesOf } from './fhir-resources.js';
import { limits } from './limits.js';
import { problemOf } from './problems.js';
import { jsonLineRows } from './read-table.js';
import type { Read } from './record.js';

/** Patients, observations and the like that are held in memory while the reports of a bulk export are read. */
const mostTold = 200_000;
/** Files of a bulk export that reports refer to. */
const companions =
  /^(?:Patient|Practitioner|Organization|Location|Observation|ImagingStudy|ServiceRequest|Encounter)\b.*\.(?:ndjson|jsonl)$/i;

/**
 * The DiagnosticReports of FHIR R4 in JSON: a single resource, a Bundle, or one resource a line (NDJSON of a bulk export, whose files of
 * patients, practitioners and observations beside it are consulted). Lines are read one at a time; a JSON file is read as a whole, up to
 * `limits.jsonFileBytes`.
 */
export async function* readFhir(file: string, options: PiecesOptions = {}): AsyncGenerator<Read> {
  try {
    if (['.ndjson', '.jsonl'].includes(extname(file).toLowerCase())) yield* readLines(file, options);
    else yield* readWhole(file, options);
  } catch (thrown) {
    options.signal?.throwIfAborted();
    yield { problem: problemOf(file, thrown) };
  }
}

async function* readWhole(file: string, options: PiecesOptions): AsyncGenerator<Read> {
  const text = await readTextFile(file, limits.jsonFileBytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // One resource a line often bears this ending too.
    if (/^\s*\{[^\n]*\}\s*\n\s*\{/.test(text)) {
      yield* readLines(file, options);
      return;
    }
    throw new WetreadError('damaged-file', 'The file is not valid JSON.', { cause });
  }
  const parsed = AnyResource.safeParse(value);
  let reports = 0;
  if (parsed.success)
    for (const read of reportsIn(parsed.data, file, new Context(), 1)) {
      options.signal?.throwIfAborted();
      reports += 1;
      yield read;
    }
  if (reports === 0) throw new WetreadError('bad-input', 'It holds no DiagnosticReport.');
}

async function* readLines(file: string, options: PiecesOptions): AsyncGenerator<Read> {
  const context = await contextOf(file, options);
  if (context.size >= mostTold)
    yield {
      problem: {
        file,
        code: 'limit-exceeded',
        message: `There are more than ${mostTold} patients, observations and the like: the rest was not consulted. Split the export.`,
      },
    };
  for await (const one of jsonLineRows(file, options)) {
    const parsed = 'row' in one ? AnyResource.safeParse(one.row) : undefined;
    if (parsed?.success) yield* reportsIn(parsed.data, file, context, one.place);
    else
      yield {
        problem: {
          file,
          code: 'damaged-file',
          message: `Line ${one.place}: ${'problem' in one ? one.problem : 'It is no FHIR resource.'}`,
        },
      };
  }
}

/** What the lines of a file, and of the files of the same export, tell of reports. */
async function contextOf(file: string, { signal }: PiecesOptions): Promise<Context> {
  const folder = dirname(file);
  const beside = (await readdir(folder)).filter((name) => companions.test(name) && name !== basename(file));
  const context = new Context();
  for (const one of [file, ...beside.sort().map((name) => join(folder, name))])
    for await (const line of jsonLineRows(one, { signal })) {
      if (context.size >= mostTold) return context;
      const parsed = 'row' in line ? AnyResource.safeParse(line.row) : undefined;
      if (parsed?.success) context.add(parsed.data);
    }
  return context;
}

/** The reports of a resource: itself, or the entries of a bundle, which refer to one another. */
function* reportsIn(resource: AnyResource, file: string, context: Context, place: number): Generator<Read> {
  if (resource.resourceType === 'DiagnosticReport') {
    const record = fhirRecord(resource, file, context, place);
    yield record.sections.length > 0
      ? { record }
      : {
          problem: {
            file,
            code: 'bad-input',
            message: `Report ${place}: ${
              hasForeignForm(resource)
                ? 'its text is a PDF or another file within it: save that as a file of its own.'
                : 'it holds no text.'
            }`,
          },
        };
    return;
  }
  if (resource.resourceType !== 'Bundle') return;
  const entries = entriesOf(resource);
  const own = new Context();
  for (const { url, resource: one } of entries) own.add(one, url);
  let report = 0;
  for (const { resource: one } of entries)
    if (one.resourceType === 'DiagnosticReport')
      yield* reportsIn(one, file, own, (place - 1) * limits.files + ++report);
}
