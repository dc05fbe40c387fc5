/** CT and MR teaching cases (MedPix 2.0): the cases of one part as queries, those of the other as documents. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stemmer } from 'stemmer';
import { z } from 'zod';
import { WetreadError } from '../../error.js';
import { findingsNamed } from '../../findings/index.js';
import type { SourceDocument } from '../../retrieve/index.js';
import { routeBodyRegion } from '../../retrieve/index.js';
import { caseDocument } from './case-document.js';
import type { Task, TaskQuery } from './task.js';

export const MEDPIX_MODALITIES = ['CT', 'MR'] as const;
export type MedpixModality = (typeof MEDPIX_MODALITIES)[number];

const text = z
  .string()
  .nullish()
  .transform((value) => (value && value.trim() !== 'N/A' ? value.trim() : ''));

export const MedpixCase = z.object({
  id: z.string().min(1),
  split: z.string(),
  images: z.array(
    z.object({ file: z.string(), modality: z.enum(MEDPIX_MODALITIES), caption: text, location: text }),
  ),
  ...{ title: text, history: text, exam: text, findings: text, differential: text },
  ...{ diagnosis: text, topic: text, discussion: text, category: text },
});
export type MedpixCase = z.infer<typeof MedpixCase>;

/** The cases of a folder that holds `cases.jsonl` and `images/`. @throws WetreadError `not-found`, `bad-input` */
export async function readMedpix(folder: string): Promise<MedpixCase[]> {
  const file = join(folder, 'cases.jsonl');
  const lines = await readFile(file, 'utf8').catch((cause) => {
    throw new WetreadError(
      'not-found',
      `There is no ${file}. Name a folder that holds cases.jsonl and images.`,
      { cause },
    );
  });
  try {
    return lines
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => MedpixCase.parse(JSON.parse(line)));
  } catch (cause) {
    throw new WetreadError('bad-input', `${file} is not a table of cases.`, { cause });
  }
}

/** The images of a case that are of one modality. */
export const imagesOf = ({ images }: MedpixCase, modality: MedpixModality) =>
  images.filter((image) => image.modality === modality);

/** Words that tell no diagnosis from another. */
const common = new Set(
  'a an and at by due for from in left of on or post right status syndrome the to with'.split(' '),
);
const wordsOf = (said: string) =>
  new Set((said.toLowerCase().match(/[a-z0-9]{2,}/g) ?? []).filter((word) => !common.has(word)).map(stemmer));

/** From here on two names say the same disease: half of their words (stems, Jaccard index). */
const SAME_NAME = 0.5;

function same(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const shared = [...a].filter((word) => b.has(word)).length;
  const all = a.size + b.size - shared;
  return all > 0 && shared / all >= SAME_NAME;
}

/** A case with what it is compared by. */
interface Compared {
  case: MedpixCase;
  diagnosis: ReadonlySet<string>;
  topic: ReadonlySet<string>;
  locations: ReadonlySet<string>;
}

function compared(one: MedpixCase, modality: MedpixModality): Compared {
  return {
    case: one,
    ...{ diagnosis: wordsOf(one.diagnosis), topic: wordsOf(one.topic) },
    locations: new Set(imagesOf(one, modality).map(({ location }) => location)),
  };
}

/**
 * What one case is worth to another. 3: the same diagnosis. 2: the same topic, or the topic of one is the diagnosis of the other. 1: the
 * same category of disease (Neoplasm, benign; Trauma; …) in the same organ system. Else 0.
 */
export function gradeOf(a: Compared, b: Compared): 0 | 1 | 2 | 3 {
  if (same(a.diagnosis, b.diagnosis)) return 3;
  if (same(a.topic, b.topic) || same(a.topic, b.diagnosis) || same(a.diagnosis, b.topic)) return 2;
  const near = [...a.locations].some((location) => location !== '' && b.locations.has(location));
  return near && a.case.category !== '' && a.case.category === b.case.category ? 1 : 0;
}

/** The grade of two cases for a modality. */
export const gradeBetween = (a: MedpixCase, b: MedpixCase, modality: MedpixModality) =>
  gradeOf(compared(a, modality), compared(b, modality));

/** From this grade on a case counts as found. */
const RELEVANT = 2;

const documentId = ({ id }: MedpixCase, modality: MedpixModality) => `${id}-${modality}`.toLowerCase();

/** A case as the document that it is in the index of one modality. */
export function medpixDocument(
  one: MedpixCase,
  modality: MedpixModality,
  vectorOf: (file: string) => Float32Array | undefined,
): SourceDocument {
  const images = imagesOf(one, modality);
  const [first] = images;
  const { title, history, exam, findings, differential, diagnosis, topic, discussion } = one;
  const captions = [...new Set(images.map(({ caption }) => caption))].join('\n');
  const sections = Object.entries({
    history,
    exam,
    findings,
    caption: captions,
    differential,
    diagnosis,
    topic,
    discussion,
  });
  return caseDocument(
    {
      ...{ id: documentId(one, modality), title, modality },
      bodyRegion: routeBodyRegion(first?.location) ?? 'whole-body',
      sections: sections.flatMap(([kind, said]) => (said === '' ? [] : [{ kind, text: said }])),
    },
    images.flatMap(({ file }) => {
      const vector = vectorOf(file);
      return vector ? [{ view: 'unknown' as const, vector }] : [];
    }),
  );
}

/**
 * The task of one modality: find what was published of like cases. Known of a query before anybody has read it: its images, history and
 * examination; with its findings as well, what is known once they are dictated. Neither its diagnosis nor where it was looked is told.
 */
export function medpixTask(
  queries: readonly MedpixCase[],
  cases: readonly MedpixCase[],
  modality: MedpixModality,
  vectorOf: (file: string) => Float32Array | undefined,
): Task {
  const of = (list: readonly MedpixCase[]) =>
    list.filter((one) => imagesOf(one, modality).length > 0).map((one) => compared(one, modality));
  const known = of(cases);
  return {
    name: `MedPix ${modality}`,
    modality,
    queries: of(queries).map((query): TaskQuery => {
      const graded = known.map((one) => [documentId(one.case, modality), gradeOf(query, one)] as const);
      const { history, exam, findings } = query.case;
      const before = [history, exam].filter(Boolean).join(' ');
      const dictated = [history, exam, findings].filter(Boolean).join(' ');
      const pictures = imagesOf(query.case, modality).flatMap(({ file }) => vectorOf(file) ?? []);
      const input = (said: string, seen: Float32Array[]) => ({
        ...{ text: said, findings: findingsNamed(said) },
        ...(seen.length > 0 && { pictures: seen }),
      });
      return {
        id: query.case.id,
        gains: new Map(graded.flatMap(([id, grade]) => (grade > 0 ? [[id, 2 ** grade - 1]] : []))),
        relevant: new Set(graded.flatMap(([id, grade]) => (grade >= RELEVANT ? [id] : []))),
        inputs: {
          image: input('', pictures),
          text: input(before, []),
          both: input(before, pictures),
          'text with findings': input(dictated, []),
          'both with findings': input(dictated, pictures),
        },
      };
    }),
  };
}
