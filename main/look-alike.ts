/** The images of an open study as vectors, to find earlier ones that look like them. */
import type { Instance, Series, Study } from '../preload/values.js';
import { embedImages, type Pack, type ReadImage } from './encode/index.js';
import { resizeGrey } from './study/index.js';

/** A stack is told by a few of its images; more would cost a second each. */
const mostImages = 6;
/** Of a stack, the middle part: its ends show little. */
const middle = [0.2, 0.8] as const;
/** Studies whose vectors are kept. */
const mostStudies = 32;

/**
 * The images that stand for a study: all where they are few, else evenly spaced ones of the middle of the largest series.
 */
export function telling(study: Pick<Study, 'series'>): Instance[] {
  const withPixels = (series: Series) => series.instances.filter((instance) => instance.hasPixels);
  const all = study.series.flatMap(withPixels);
  if (all.length <= mostImages) return all;
  const [largest = []] = study.series.map(withPixels).sort((a, b) => b.length - a.length);
  if (largest.length <= mostImages) return largest;
  const [from, to] = middle;
  const at = (n: number) => Math.floor(largest.length * (from + ((to - from) * n) / (mostImages - 1)));
  return Array.from({ length: mostImages }, (_, n) => largest[at(n)]).filter((one) => one !== undefined);
}

/** Looks at studies once and remembers their vectors. */
export class LookAlike {
  readonly #known = new Map<string, Promise<Float32Array[]>>();

  /**
   * A vector [256], of unit length, for each telling image that can be read; none where no image can. Throws what the pack
   * throws. It is not cancelled: another caller may be waiting for the same study.
   */
  async of(study: Study, pack: Pack, readImage: ReadImage): Promise<Float32Array[]> {
    const known = this.#known.get(study.uid);
    if (known !== undefined) return known;
    const looking = look(study, pack, readImage);
    this.#known.set(study.uid, looking);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostStudies && oldest !== undefined) this.#known.delete(oldest);
    looking.catch(() => this.#known.delete(study.uid));
    return looking;
  }
}

async function look(study: Study, pack: Pack, readImage: ReadImage): Promise<Float32Array[]> {
  const images: Parameters<typeof embedImages>[1][number][] = [];
  // One damaged image leaves the others to be compared.
  for (const instance of telling(study))
    await readImage(instance, {}).then(
      (image) => images.push({ image, view: instance.view }),
      () => undefined,
    );
  return embedImages(pack, images, { resize: resizeGrey });
}
