/** Building the authored knowledge base at the start: what a study needs comes first, and nobody waits for the rest. */
import { AUTHORED, IndexModality } from '../preload/values.js';
import { toWetreadError, WetreadError } from './error.js';
import { buildIndex, type Index, type Library } from './retrieve/index.js';
import { type Tasks, told } from './tasks.js';
import type { Trust } from './trust/index.js';

export class AuthoredBuild {
  /** Resolves when all of it is built; rejects with what went wrong. */
  readonly whole: Promise<void>;
  readonly #library: Promise<Library>;
  readonly #built = new Map<IndexModality, Promise<void>>();
  #waitedFor: IndexModality | undefined;

  /**
   * Begins as soon as `library` is open. Runs as the task `index`. Of documents that are not trusted nothing is built, and nothing that
   * was built before is searched.
   */
  constructor(
    library: Promise<Library>,
    documentsFolder: string,
    tasks: Tasks,
    trust: Pick<Trust, 'requireKnowledge'>,
  ) {
    this.#library = library;
    const tell = new Map<IndexModality, () => void>();
    for (const modality of IndexModality.options)
      this.#built.set(modality, new Promise((resolve) => tell.set(modality, resolve)));
    this.whole = library.then((opened) =>
      tasks.run('index', 'Building the indices', async (signal, report) => {
        const index = opened.index(AUTHORED);
        try {
          await trust.requireKnowledge(documentsFolder);
          index.setAway(undefined);
        } catch (thrown) {
          const error = await unusable(index, documentsFolder, thrown);
          if (error.code === 'untrusted') index.setAway(error);
          else opened.setTrouble(AUTHORED, error);
          throw error;
        }
        opened.setTrouble(AUTHORED, undefined);
        await buildIndex(index, documentsFolder, {
          signal,
          onProgress: told(report),
          waitedFor: () => this.#waitedFor,
          onModality: (modality) => tell.get(modality)?.(),
        });
      }),
    );
    // Each use awaits it and gets the error; nobody may be there yet when it comes.
    this.whole.catch(() => {});
  }

  /**
   * The library as soon as the knowledge base of a modality is built, which goes before the others now. Rejects as `whole`, but for a
   * knowledge base that is not trusted or not there: the other datasets are searched all the same, and that one says so.
   */
  async of(modality: IndexModality): Promise<Library> {
    this.#waitedFor = modality;
    await Promise.race([this.#built.get(modality), this.whole]).catch((thrown) => {
      const { code } = toWetreadError(thrown);
      if (code !== 'untrusted' && code !== 'index-away') throw thrown;
    });
    return this.#library;
  }
}

/** Why the documents are not used. What was built of them while they were there was trusted, and stays in use. */
async function unusable(index: Index, folder: string, thrown: unknown): Promise<WetreadError> {
  const cause = toWetreadError(thrown);
  if (cause.code === 'untrusted') return cause;
  const wrong = cause.code === 'not-found' ? 'is not at' : 'cannot be read at';
  const isBuilt = (await index.modalities().catch(() => [])).length > 0;
  const goesOn = isBuilt
    ? 'What was read of it before is searched.'
    : 'Drafts go on without its articles; your own datasets are searched.';
  return new WetreadError(
    'index-away',
    `The knowledge base that comes with Wetread ${wrong} ${folder}. ${goesOn} Put the folder back and press Refresh under Indices, or install Wetread again.`,
    { cause },
  );
}
