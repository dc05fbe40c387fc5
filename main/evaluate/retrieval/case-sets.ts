/** The sets that ask for earlier cases: CT and MR cases, chest radiographs, and both among distractors. */
import { join } from 'node:path';
import type { View } from '../../../preload/values.js';
import { encodeStudy, type Pack } from '../../encode/index.js';
import type { Index, SourceDocument } from '../../retrieve/index.js';
import { resizeGrey } from '../../study/index.js';
import { seededRandom } from '../bootstrap.js';
import { openImages, type ReportedStudy, readStudies } from '../dataset.js';
import { readForModel } from '../look.js';
import { readDistractors } from './captions.js';
import { imageVectors } from './image-vectors.js';
import {
  imagesOf,
  MEDPIX_MODALITIES,
  type MedpixCase,
  medpixDocument,
  medpixTask,
  readMedpix,
} from './medpix.js';
import { codesOf, filesOf, radiographQuery, reportDocument } from './radiographs.js';
import type { BenchParts, BenchSet } from './set.js';
import { openShelf, type Shelf } from './shelf.js';
import { linesOf, lossLinesOf, measureLoss, measureTask, type Task } from './task.js';

type SetName = 'medpix' | 'iu' | 'distractors';

/** A task with the index that it is asked of. */
type Ready = { task: Task; index: Index };

export function searchCases(name: SetName): BenchSet {
  return async (parts) => {
    const pack = await parts.pack();
    const shelf = await openShelf(pack, join(parts.cacheFolder, 'retrieval'));
    try {
      const ready = [
        ...(name === 'iu' ? [] : await medpixTasks(pack, shelf, parts)),
        ...(name === 'medpix' ? [] : await radiographTasks(pack, shelf, parts)),
      ];
      const others = name === 'distractors' ? await distractors(shelf, parts) : undefined;
      const metrics: Record<string, unknown> = {};
      const lines: string[] = [];
      for (const { task, index } of ready) {
        if (others) {
          const figures = await measureLoss(task, index, others, parts);
          metrics[task.name] = figures;
          lines.push(...lossLinesOf(task.name, figures));
        } else {
          const figures = await measureTask(task, [index], parts);
          metrics[task.name] = figures;
          lines.push(...linesOf(task.name, figures));
        }
      }
      return { metrics, lines };
    } finally {
      await shelf.dispose();
    }
  };
}

/** val: val cases against train cases. dev: one half of the train cases against the other. */
async function medpixTasks(pack: Pack, shelf: Shelf, parts: BenchParts): Promise<Ready[]> {
  const folder = join(parts.data, 'medpix');
  const cases = await readMedpix(folder);
  const train = cases.filter(({ split }) => split === 'train');
  const halves = halved(train);
  const [queries, known] =
    parts.split === 'val' ? [cases.filter(({ split }) => split === 'val'), train] : [halves[0], halves[1]];
  const used: MedpixCase[] = [...queries, ...known];
  const path = (file: string) => join(folder, 'images', file);
  const vectors = await imageVectors(
    pack,
    used.flatMap(({ images }) => images.map(({ file }) => ({ file: path(file), view: 'unknown' as const }))),
    { ...parts, cacheFolder: join(parts.cacheFolder, 'retrieval') },
  );
  const vectorOf = (file: string) => vectors.get(path(file));
  const ready: Ready[] = [];
  for (const modality of MEDPIX_MODALITIES) {
    const documents = known
      .filter((one) => imagesOf(one, modality).length > 0)
      .map((one) => medpixDocument(one, modality, vectorOf));
    const task = medpixTask(queries, known, modality, vectorOf);
    ready.push({
      task: { ...task, queries: task.queries.slice(0, parts.limit) },
      index: await shelf.index(`medpix ${modality} ${parts.split}`, documents, parts),
    });
  }
  return ready;
}

/** Studies of dev that ask; more would only take longer. */
const DEV_STUDIES = 300;

/** val: val studies against train and extra reports. dev: extra studies against train reports. */
async function radiographTasks(pack: Pack, shelf: Shelf, parts: BenchParts): Promise<Ready[]> {
  const folder = join(parts.data, 'iu_xray');
  const { studies } = await readStudies(folder);
  const of = (...names: string[]) => studies.filter(({ split }) => names.includes(split));
  const [asking, known] =
    parts.split === 'val'
      ? [of('val'), of('train', 'extra')]
      : [shuffled(of('extra')).slice(0, DEV_STUDIES), of('train')];
  const queries = asking.filter((study) => codesOf(study).size > 0).slice(0, parts.limit);
  const vectors = await imageVectors(
    pack,
    [...queries, ...known].flatMap((study) => filesOf(folder, study)),
    { ...parts, cacheFolder: join(parts.cacheFolder, 'retrieval') },
  );
  const imagesOfStudy = (study: ReportedStudy) =>
    filesOf(folder, study).flatMap(({ file, view }): { view: View; vector: Float32Array }[] => {
      const vector = vectors.get(file);
      return vector ? [{ view, vector }] : [];
    });
  const documents = known.flatMap((study): SourceDocument[] => {
    const document = reportDocument(study, imagesOfStudy(study));
    return document ? [document] : [];
  });
  const stored = new Set(documents.map(({ id }) => id));
  const cases = known.filter(({ uid }) => stored.has(`iu-${uid}`));
  const task: Task = { name: 'IU chest radiographs', modality: 'XR', queries: [] };
  const asked = [];
  for (const [done, record] of queries.entries()) {
    parts.signal?.throwIfAborted();
    parts.onProgress?.('Looking at the studies', done, queries.length);
    asked.push(
      radiographQuery(record, cases, await seenOf(pack, folder, record, imagesOfStudy(record), parts)),
    );
  }
  return [
    { task: { ...task, queries: asked }, index: await shelf.index(`iu ${parts.split}`, documents, parts) },
  ];
}

async function seenOf(
  pack: Pack,
  folder: string,
  record: ReportedStudy,
  images: readonly { vector: Float32Array }[],
  { signal, onProblem }: BenchParts,
) {
  const { study, problems } = await openImages(folder, record, { signal });
  for (const { message } of problems) onProblem?.(message);
  if (!study) return undefined;
  const encoding = await encodeStudy(pack, study, readForModel, { signal, resize: resizeGrey });
  if (encoding.abstention) return undefined;
  return {
    study,
    encoding: { ...encoding, embedding: new Float32Array(encoding.embedding) },
    pictures: images.map(({ vector }) => vector),
  };
}

async function distractors(shelf: Shelf, parts: BenchParts): Promise<Index> {
  const documents = await readDistractors(join(parts.data, 'text'), ['CT', 'MR', 'XR']);
  return shelf.index('distractors', documents, parts);
}

/** The same order in every run. */
function shuffled<T>(list: readonly T[]): T[] {
  const next = seededRandom(1);
  return list
    .map((one) => ({ one, place: next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
}

function halved<T>(list: readonly T[]): [T[], T[]] {
  const mixed = shuffled(list);
  const half = Math.floor(mixed.length / 2);
  return [mixed.slice(0, half), mixed.slice(half)];
}
