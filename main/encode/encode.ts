import {
  type Abstention,
  IndexModality,
  type Instance,
  type Study,
  type View,
} from '../../preload/values.js';
import { type ChosenView, chooseViews, reads } from './domain.js';
import { passesGate } from './gate.js';
import { type GreyImage, PHOTOGRAPH_CHROMA, type Resize, toInput } from './image.js';
import { likenessOf } from './likeness.js';
import { float, floats, int, type Tensor } from './onnx.js';
import type { Pack } from './pack.js';

/** Yields the display image of an instance. */
export type ReadImage = (instance: Instance, options: { signal?: AbortSignal }) => Promise<GreyImage>;

/** What the image model says of one finding. Probabilities are calibrated. */
export interface FindingEstimate {
  id: string;
  name: string;
  sided: boolean;
  probability: number;
  /** At or above the pack's thresholds; likely implies possible. */
  likely: boolean;
  possible: boolean;
  thresholds: { likely: number; possible: number };
  /** Probability of each side, given that the finding is there. Only where it has sides. */
  sides?: { left: number; right: number };
}

/** What the image model makes of a study. When it abstains, everything but the reason is empty. */
export interface Encoding {
  /** The views it looked at; `view` is predicted where the tags leave it open. */
  views: { instance: Instance; view: View }[];
  abstention?: Abstention;
  /** What the pixels say the images are; absent when it abstained. Tells what a picture without tags is. */
  modality?: IndexModality;
  bodyPart?: string;
  /** In the order of the manifest. */
  findings: FindingEstimate[];
  /** [J], unit length, in the joint space of images and texts. */
  embedding: Float32Array;
  /** A view each: [256], unit length, as `embedImages` gives it; comparable with other images only. */
  pictures: Float32Array[];
  /** [1,N,D'] patch tokens for the decoder; view after view, row by row. */
  tokens: Tensor;
  /** A view each: [F,grid,grid], 0…1, where the evidence for each finding lies. */
  maps: Float32Array[];
  timings: { decodeMs: number; encodeMs: number };
}

const VIEWS: View[] = ['frontal', 'lateral'];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/**
 * Looks at the chest views of a study. Abstains (`abstention`, no findings) for a study the pack was not trained for, by its
 * tags before any pixel is read, then by its pixels. A view that cannot be read is left out; throws what `readImage` throws where none
 * can, and an AbortError by `signal`.
 */
export async function encodeStudy(
  pack: Pack,
  study: Study,
  readImage: ReadImage,
  { signal, resize }: { signal?: AbortSignal; resize: Resize },
): Promise<Encoding> {
  const started = performance.now();
  const chosen = chooseViews(study, pack.manifest);
  if (!Array.isArray(chosen)) return abstain(chosen, { decodeMs: 0, encodeMs: performance.now() - started });

  const seen: SeenView[] = [];
  let unread: unknown;
  for (const view of chosen) {
    signal?.throwIfAborted();
    try {
      seen.push({ ...view, image: await readImage(view.instance, { signal }) });
    } catch (thrown) {
      // One damaged view leaves the others to be read; what was used is in `views`.
      unread ??= thrown;
    }
  }
  signal?.throwIfAborted();
  if (seen.length === 0) throw unread;
  const decodeMs = performance.now() - started;
  const timings = () => ({ decodeMs, encodeMs: performance.now() - started - decodeMs });

  const grey = seen.filter(({ image }) => (image.chroma ?? 0) < PHOTOGRAPH_CHROMA);
  let views = grey;
  let out = grey.length > 0 ? await look(pack, grey, resize, signal) : {};
  if (grey.length > 0) {
    views = passing(pack, grey, out);
    // A view that is no chest radiograph must not colour what the others show.
    if (views.length > 0 && views.length < grey.length) out = await look(pack, views, resize, signal);
  }
  if (views.length === 0) {
    const reason = `The model reads ${reads(pack.manifest)}. By its pixels this study is something else.`;
    return abstain({ code: 'pixels', reason }, timings());
  }
  return { ...readOutputs(pack, views, out), timings: timings() };
}

type SeenView = ChosenView & { image: GreyImage };

const abstain = (abstention: Abstention, timings: Encoding['timings']): Encoding => ({
  views: [],
  abstention,
  findings: [],
  embedding: new Float32Array(0),
  pictures: [],
  tokens: float(new Float32Array(0), [1, 0, 0]),
  maps: [],
  timings,
});

async function look(pack: Pack, views: SeenView[], resize: Resize, signal?: AbortSignal) {
  const { size } = pack.manifest.image;
  const images = await toInput(
    views.map((v) => v.image),
    size,
    resize,
  );
  const codes = views.map(({ view }) => (view === 'unknown' ? VIEWS.length : VIEWS.indexOf(view)));
  const model = await pack.model('image');
  signal?.throwIfAborted();
  return model.run({ images, views: int(codes, [views.length]) });
}

function passing(pack: Pack, views: SeenView[], out: Record<string, Tensor>): SeenView[] {
  const width = pack.manifest.image.featureWidth;
  const logits = floats(out, 'gate_logits');
  const features = floats(out, 'features');
  return views.filter((_, v) =>
    passesGate(pack.manifest, logits[v] ?? -Infinity, features.subarray(v * width, (v + 1) * width)),
  );
}

function readOutputs(pack: Pack, views: SeenView[], out: Record<string, Tensor>): Omit<Encoding, 'timings'> {
  const { findings, image, domain } = pack.manifest;
  const logits = floats(out, 'logits');
  const sideLogits = floats(out, 'side_logits');
  const viewLogits = floats(out, 'view_logits');
  const maps = floats(out, 'maps');
  const cells = findings.length * image.grid * image.grid;
  const tokens = out.tokens ?? float(floats(out, 'tokens'), []);
  const patches = image.grid * image.grid * image.tokenWidth;
  return {
    views: views.map(({ instance, view }, v) => {
      const predicted = (viewLogits[v * 2] ?? 0) >= (viewLogits[v * 2 + 1] ?? 0) ? 'frontal' : 'lateral';
      return { instance, view: view === 'unknown' ? predicted : view };
    }),
    modality: domain.modalities.map((code) => IndexModality.safeParse(code)).find((m) => m.success)?.data,
    bodyPart: domain.bodyParts[0],
    findings: findings.map(({ id, name, sided, temperature, bias, likely, possible }, f) => {
      const probability = sigmoid((logits[f] ?? 0) / temperature + bias);
      return {
        id,
        name,
        sided,
        probability,
        likely: probability >= likely,
        possible: probability >= Math.min(possible, likely),
        thresholds: { likely, possible: Math.min(possible, likely) },
        ...(sided && {
          sides: { left: sigmoid(sideLogits[f * 2] ?? 0), right: sigmoid(sideLogits[f * 2 + 1] ?? 0) },
        }),
      };
    }),
    embedding: floats(out, 'embedding'),
    pictures: views.map((_, v) =>
      likenessOf(
        floats(out, 'features').subarray(v * image.featureWidth, (v + 1) * image.featureWidth),
        floats(out, 'tokens').subarray(v * patches, (v + 1) * patches),
        { ...image, width: pack.manifest.text.jointWidth },
      ),
    ),
    tokens,
    maps: views.map((_, v) => maps.slice(v * cells, (v + 1) * cells)),
  };
}
