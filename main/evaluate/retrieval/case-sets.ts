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
import { linesOf, lossLinesOf, measureLoss, measureTask, type Ready, type Task } from './task.js';

type SetName = 'medpix' | 'iu' | 'distractors';

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
      for (const name of new Set(ready.map(({ task }) => task.name))) {
        const own = ready.filter(({ task }) => task.name === name);
        if (others) {
          const figures = await measureLoss(own, others, parts);
          metrics[name] = figures;
          lines.push(...lossLinesOf(name, figures));
        } else {
          const figures = await measureTask(own, parts);
          metrics[name] = figures;
          lines.push(...linesOf(name, figures));
        }
      }
      return { metrics, lines };
    } finally {
      await shelf.dispose();
    }
  };
}

/** Parts of the train cases, each of which asks the others. */
const DEV_FOLDS = 4;

/** val: val cases against train cases. dev: each quarter of the train cases against the other three. */
async function medpixTasks(pack: Pack, shelf: Shelf, parts: BenchParts): Promise<Ready[]> {
  const folder = join(parts.data, 'medpix');
  const cases = await readMedpix(folder);
  const train = cases.filter(({ split }) => split === 'train');
  const val = cases.filter(({ split }) => split === 'val');
  const folds = parts.split === 'val' ? [{ queries: val, known: train }] : foldsOf(shuffled(train));
  const used = parts.split === 'val' ? [...val, ...train] : train;
  const path = (file: string) => join(folder, 'images', file);
  const vectors = await imageVectors(
    pack,
    used.flatMap(({ images }) => images.map(({ file }) => ({ file: path(file), view: 'unknown' as const }))),
    { ...parts, cacheFolder: join(parts.cacheFolder, 'retrieval') },
  );
  const vectorOf = (file: string) => vectors.get(path(file));
  const limit = parts.limit && Math.ceil(parts.limit / folds.length);
  const ready: Ready[] = [];
  for (const modality of MEDPIX_MODALITIES)
    for (const [fold, { queries, known }] of folds.entries()) {
      const documents = known
        .filter((one) => imagesOf(one, modality).length > 0)
        .map((one) => medpixDocument(one, modality, vectorOf));
      const task = medpixTask(queries, known, modality, vectorOf);
      const name = `medpix ${modality} ${parts.split}${folds.length > 1 ? ` ${fold + 1}` : ''}`;
      ready.push({
        task: { ...task, queries: task.queries.slice(0, limit) },
        index: await shelf.index(name, documents, parts),
      });
    }
  return ready;
}

const foldsOf = (cases: readonly MedpixCase[]) =>
  Array.from({ length: DEV_FOLDS }, (_, fold) => ({
    queries: cases.filter((_case, at) => at % DEV_FOLDS === fold),
    known: cases.filter((_case, at) => at % DEV_FOLDS !== fold),
  }));

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
