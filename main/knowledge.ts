/** The calls on what is known: datasets and what fills them, search, earlier cases, questions. */
import { randomUUID } from 'node:crypto';
import type { CallName } from '../preload/calls.js';
import type { Dataset, IndexModality, Study } from '../preload/values.js';
import { embedImages, type Pack, type ReadImage } from './encode/index.js';
import { WetreadError } from './error.js';
import type { Handlers } from './handlers.js';
import { LookAlike } from './look-alike.js';
import { answerQuestion, type Library, routeModality, searchIndex, similarCases } from './retrieve/index.js';
import { resizeGrey } from './study/index.js';
import { type Tasks, told } from './tasks.js';

export type KnowledgeCall = Extract<
  CallName,
  `dataset.${string}` | `import.${string}` | `case.${string}` | 'index.search' | 'ask'
>;

export interface KnowledgeParts {
  library: Promise<Library>;
  /** The same, once the authored knowledge base of a modality is built. */
  built: (modality: IndexModality) => Promise<Library>;
  pack: Promise<Pack>;
  tasks: Tasks;
  studyOf: (uid: string) => Study;
  readImage: ReadImage;
  /** Told whenever a dataset is another than before. */
  onChange: () => void;
}

/** The readers of PDF, DOCX and the like: loaded when something is imported, not at every start. */
const imports = () => import('./import/index.js');

/** The handlers of the calls on what is known, over one library. */
export function knowledgeHandlers(parts: KnowledgeParts): Pick<Handlers, KnowledgeCall> {
  const { tasks, studyOf, readImage, onChange } = parts;
  const alike = new LookAlike();

  const datasetOf = async (id: string): Promise<Dataset> => {
    const found = (await (await parts.library).list()).find((dataset) => dataset.id === id);
    if (!found) throw new WetreadError('not-found', 'This dataset is not here any more.');
    return found;
  };
  /** What changes a dataset is told to the window, even where it failed half way. */
  async function changing<T>(work: (library: Library) => Promise<T>): Promise<T> {
    try {
      return await work(await parts.library);
    } finally {
      onChange();
    }
  }

  return {
    'dataset.list': async () => (await parts.library).list(),
    'dataset.add': (input) => changing(async (library) => library.add(input)),
    'dataset.trust': ({ dataset, publisher }) =>
      changing(async (library) => library.trust(dataset, publisher)),
    'dataset.remove': ({ dataset }) =>
      changing(async (library) => {
        await library.remove(dataset);
        return {};
      }),
    'dataset.refresh': ({ dataset, task }) =>
      changing(async (library) => {
        await tasks.run(task, 'Bringing the dataset up to date', (signal, report) =>
          library.refresh(dataset, {
            signal,
            onProgress: told(report),
          }),
        );
        return datasetOf(dataset);
      }),
    'dataset.publish': ({ dataset, location, task }) =>
      changing((library) =>
        tasks.run(task, 'Publishing the dataset', (signal, report) =>
          library.publish(dataset, location, {
            signal,
            onProgress: told(report),
          }),
        ),
      ),
    'dataset.versions': async ({ dataset }) => (await parts.library).versions(dataset),
    'dataset.rollback': ({ dataset, version }) =>
      changing(async (library) => {
        await tasks.run(`rollback-${randomUUID()}`, 'Bringing a version back', (signal, report) =>
          library.rollback(dataset, version, { signal, onProgress: told(report) }),
        );
        return datasetOf(dataset);
      }),
    'dataset.documents': async ({ dataset, ...page }) => (await parts.library).documents(dataset, page),
    'dataset.document': async ({ dataset, document }) => (await parts.library).document(dataset, document),
    'dataset.deleteDocuments': ({ dataset, documents }) =>
      changing(async (library) => {
        await tasks.run(`delete-${randomUUID()}`, 'Deleting documents', (signal, report) =>
          library.deleteDocuments(dataset, documents, { signal, onProgress: told(report) }),
        );
        return datasetOf(dataset);
      }),

    'import.preview': ({ task, ...request }) =>
      tasks.run(task, 'Looking at the files', async (signal) =>
        (await imports()).previewImport(request, { signal }),
      ),
    'import.run': ({ task, ...request }) =>
      changing((library) =>
        tasks.run(task, 'Importing', async (signal, report) => {
          const pack = await parts.pack;
          const { importKnowledge } = await imports();
          return importKnowledge(
            library,
            request,
            {
              embedImages: (images, options) => embedImages(pack, images, { ...options, resize: resizeGrey }),
            },
            { signal, onProgress: told(report) },
          );
        }),
      ),
    'import.interrupted': async () => (await imports()).interruptedImports(await parts.library),
    'import.forget': async ({ dataset }) => {
      await (await imports()).forgetImport(await parts.library, dataset);
      return {};
    },

    'index.search': async (input) => {
      const library = await parts.built(input.modality);
      const found = await searchIndex(library.indices(), input);
      return { ...found, problems: [...library.troubles, ...found.problems] };
    },
    'case.similar': async ({ study: uid, limit }) => {
      const study = studyOf(uid);
      const modality = routeModality(study) ?? 'XR';
      const indices = (await parts.library).indices();
      const vectors = await alike.of(study, await parts.pack, readImage);
      if (vectors.length === 0) return { cases: [], reason: 'No image of this study can be read.' };
      const cases = await similarCases(indices, { modality, vectors, limit });
      if (cases.length > 0) return { cases };
      return {
        cases,
        reason: `There are no earlier ${modality} cases with images. Import reports with their images under Indices.`,
      };
    },
    ask: async ({ study: uid, question }) => {
      const study = studyOf(uid);
      const modality = routeModality(study) ?? 'XR';
      return answerQuestion((await parts.built(modality)).indices(), {
        question,
        modality,
        bodyRegion: study.series.find((series) => series.bodyPart)?.bodyPart,
      });
    },
  };
}
