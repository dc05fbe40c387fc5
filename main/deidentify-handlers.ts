import type { Study } from '../preload/values.js';
import { copyOut, type Noted } from './copy-out.js';
import { findText } from './deidentify/index.js';
import { WetreadError } from './error.js';
import type { Handlers } from './handlers.js';
import type { Tasks } from './tasks.js';

interface Parts {
  tasks: Tasks;
  studyOf(uid: string): Study;
  /** Of the site, 32 bytes. */
  secret: Uint8Array;
  users: Noted['users'];
  who(): string;
}

/** The calls on de-identified copies of a study. */
export function deidentifyHandlers({
  tasks,
  studyOf,
  secret,
  users,
  who,
}: Parts): Pick<Handlers, 'study.findText' | 'study.deidentify'> {
  const imagesOf = (study: Study) =>
    study.series.flatMap((series) => series.instances.map((instance) => ({ series, instance })));
  return {
    'study.findText': ({ study, task }) =>
      tasks.run(task, 'Looking for text in the images', async (signal, report) => {
        const images = imagesOf(studyOf(study));
        const found = [];
        for (const [at, { series, instance }] of images.entries()) {
          report(at, images.length);
          const { likely, lines } = await findText(instance.file, { signal }).catch((thrown: unknown) => {
            if (signal.aborted) throw thrown;
            return { likely: true, lines: 0 };
          });
          if (likely)
            found.push({
              instance: instance.uid,
              series: series.description ?? series.modality,
              number: instance.number ?? null,
              lines,
            });
        }
        return found;
      }),
    'study.deidentify': ({ study, folder, options, boxText, task }) => {
      // Whoever asked for it, also when another has signed in meanwhile.
      const noted = { users, who: who() };
      return tasks.run(task, 'Writing the de-identified copy', async (signal, report) => {
        const paths = imagesOf(studyOf(study)).map(({ instance }) => instance.file);
        if (paths.length === 0) throw new WetreadError('not-found', 'This study has no images.');
        const { files, problems } = await copyOut(
          paths,
          { ...{ folder, options, boxText, secret, signal }, onProgress: report },
          noted,
        );
        return {
          copies: files.length,
          boxed: files.filter(({ text }) => text.boxed).length,
          likely: files.filter(({ text }) => text.likely && !text.boxed).length,
          problems,
        };
      });
    },
  };
}
