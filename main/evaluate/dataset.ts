/** The studies that a measurement is made on: reports with their images, in one folder. */
import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import type { Problem, Study, View } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import { loadStudies } from '../study/index.js';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** One study with the report that a radiologist wrote and, where it was coded, the coded terms. */
export const ReportedStudy = z.object({
  uid: z.union([z.string().min(1), z.number().transform(String)]),
  split: z.string(),
  /** `projection`: Frontal or Lateral, where it is known. */
  images: z
    .array(z.object({ file: z.string().min(1), projection: z.string().nullish() }))
    .nullish()
    .transform((value) => value ?? []),
  indication: text,
  findings: text,
  impression: text,
  /** MeSH terms with qualifiers, or `normal`; empty where nobody coded the study. */
  mesh: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
});
export type ReportedStudy = z.infer<typeof ReportedStudy>;

/** A line a study; a line that is none becomes a problem, and the rest is read. A study that stands twice counts once. */
export function parseStudies(lines: string, file: string): { studies: ReportedStudy[]; problems: Problem[] } {
  const studies = new Map<string, ReportedStudy>();
  const problems: Problem[] = [];
  for (const [i, line] of lines.split('\n').entries()) {
    if (line.trim() === '') continue;
    const problem = (message: string) =>
      problems.push({ file, code: 'bad-input', message: `Line ${i + 1} ${message}; it is left out.` });
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      problem('is not JSON');
      continue;
    }
    const parsed = ReportedStudy.safeParse(value);
    if (!parsed.success) problem('is not a study');
    else if (studies.has(parsed.data.uid)) problem(`has the uid ${parsed.data.uid} a second time`);
    else studies.set(parsed.data.uid, parsed.data);
  }
  return { studies: [...studies.values()], problems };
}

/** Reads `studies.jsonl` of a folder. Throws `not-found` where there is none. */
export async function readStudies(
  folder: string,
): Promise<{ studies: ReportedStudy[]; problems: Problem[]; text: string }> {
  const file = join(folder, 'studies.jsonl');
  const lines = await readFile(file, 'utf8').catch((cause) => {
    throw new WetreadError(
      'not-found',
      `There is no ${file}. Name a folder that holds studies.jsonl and images.`,
      {
        cause,
      },
    );
  });
  return { ...parseStudies(lines, file), text: lines };
}

/** What the source removed for privacy, taken out of a text. */
export function withoutMarks(report: string): string {
  return report
    .replaceAll(/X{2,}/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[.,;:)])/g, '')
    .trim();
}

const views: Record<string, View> = { frontal: 'frontal', lateral: 'lateral' };

/**
 * The images of a study as the product opens them: one study of all its files, each view as the folder says it, which in a DICOM
 * file stands in ViewPosition (0018,5101). An image that cannot be read is a problem, and the others are used; `study` is undefined where
 * none is left.
 */
export async function openImages(
  folder: string,
  { uid, images, indication }: ReportedStudy,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ study: Study | undefined; problems: Problem[] }> {
  const root = resolve(folder, 'images');
  const problems: Problem[] = [];
  const viewOf = new Map<string, View>();
  for (const { file, projection } of images) {
    const path = resolve(root, file.replace(/^images\//, ''));
    if (relative(root, path).startsWith('..'))
      problems.push({ file, code: 'not-allowed', message: `Study ${uid} names a file outside its folder.` });
    else viewOf.set(path, views[projection?.toLowerCase() ?? ''] ?? 'unknown');
  }
  const loaded = await loadStudies([...viewOf.keys()], { signal });
  problems.push(...loaded.problems);
  if (images.length === 0)
    problems.push({ file: folder, code: 'no-pixels', message: `Study ${uid} names no image.` });
  const [first] = loaded.studies;
  if (!first) return { study: undefined, problems };
  const series = loaded.studies.flatMap((study) => study.series);
  const study: Study = {
    ...first,
    uid,
    indication: withoutMarks(indication) || undefined,
    series: series.map((one) => ({
      ...one,
      instances: one.instances.map((instance) => {
        const view = viewOf.get(instance.file);
        return instance.view === 'unknown' && view ? { ...instance, view } : instance;
      }),
    })),
  };
  return { study, problems };
}
