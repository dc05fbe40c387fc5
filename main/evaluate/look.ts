/** A measured study with its images opened and looked at once, for all systems that need no more than that. */
import type { Study } from '../../preload/values.js';
import { type Encoding, encodeStudy, type Pack, type ReadImage } from '../encode/index.js';
import { toWetreadError, WetreadError } from '../error.js';
import { modelImage } from '../pipeline.js';
import { decodeFrame, resizeGrey } from '../study/index.js';
import { openImages, type ReportedStudy } from './dataset.js';

/** As in the product: enough of an image for the model. */
const MODEL_SIDE_PX = 512;

export const readForModel: ReadImage = async (instance, { signal }) =>
  modelImage(await decodeFrame(instance, 0, { signal, minSidePx: MODEL_SIDE_PX }));

/** What is left of an encoding when its tokens are let go. */
export type Look = Pick<Encoding, 'embedding' | 'findings' | 'abstention'> & {
  /** Decoding and encoding. */
  ms: number;
};

/** The images of a study; `failure` where it has none that can be read. */
export interface OpenedStudy {
  study?: Study;
  look?: Look;
  failure?: WetreadError;
}

/** Opens the images of a study and looks at them. What cannot be read is told in `failure` and by `onProblem`; only `signal` makes it throw. */
export async function openStudy(
  pack: Pack,
  folder: string,
  record: ReportedStudy,
  { signal, onProblem }: { signal?: AbortSignal; onProblem: (message: string) => void },
): Promise<OpenedStudy> {
  try {
    const { study, problems } = await openImages(folder, record, { signal });
    for (const { file, message } of problems) onProblem(`${file}: ${message}`);
    if (!study)
      return { failure: new WetreadError('no-pixels', `Study ${record.uid} has no image that can be read.`) };
    const readImage: ReadImage = async (instance, options) => {
      try {
        return await readForModel(instance, options);
      } catch (thrown) {
        if (!options.signal?.aborted) onProblem(toWetreadError(thrown).message);
        throw thrown;
      }
    };
    const encoding = await encodeStudy(pack, study, readImage, { signal, resize: resizeGrey });
    const { embedding, findings, abstention, timings } = encoding;
    if (abstention) onProblem(abstention.reason);
    return {
      study,
      look: {
        ...{ embedding: new Float32Array(embedding), findings, abstention },
        ms: timings.decodeMs + timings.encodeMs,
      },
    };
  } catch (thrown) {
    signal?.throwIfAborted();
    const failure = toWetreadError(thrown);
    onProblem(failure.message);
    return { failure };
  }
}
