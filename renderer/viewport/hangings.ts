import type { Instance, Series, Study } from '../../preload/values.js';
import { viewWords } from '../session/words.js';
import { frameAddress, thumbnailAddress } from './frame.js';

/** One frame of a stack and the instance it belongs to. */
export interface Slice {
  imageId: string;
  instance: Instance;
  /** Frame of the instance, from 0. */
  frame: number;
}

/** What one viewport shows: the slices of a series, or one projection image with its frames. */
export interface Stack {
  key: string;
  series: Series;
  label: string;
  thumbnail: string;
  slices: Slice[];
}

/** Modalities whose instances are views of their own, not slices of a volume. */
const projections = new Set(['CR', 'DX', 'MG', 'RG', 'PX', 'IO', 'RF', 'XA']);

const slicesOf = (study: string, instances: Instance[]): Slice[] =>
  instances.flatMap((instance) =>
    Array.from({ length: instance.frames }, (_, frame) => ({
      imageId: frameAddress(study, instance.uid, frame),
      instance,
      frame,
    })),
  );

/** "Frontal PA", "Lateral", "MLO R"; for what has no view the series' own description. */
function viewLabel(instance: Instance, series: Series): string {
  const view = [viewWords[instance.view], instance.viewPosition, instance.laterality]
    .filter(Boolean)
    .join(' ');
  return view || series.description || `${series.modality} image ${instance.number ?? ''}`.trim();
}

/** The stacks of a study in the order of its series; instances without pixels are left out. */
export function stacksOf(study: Study): Stack[] {
  const stacks: Stack[] = [];
  for (const series of study.series) {
    const instances = series.instances.filter((i) => i.hasPixels && i.rows > 0 && i.columns > 0);
    const first = instances[0];
    if (!first) continue;
    if (projections.has(series.modality) || (instances.length === 1 && first.view !== 'unknown')) {
      for (const instance of instances)
        stacks.push({
          key: instance.uid,
          series,
          label: viewLabel(instance, series),
          thumbnail: thumbnailAddress(study.uid, instance.uid),
          slices: slicesOf(study.uid, [instance]),
        });
    } else {
      const middle = instances[Math.floor(instances.length / 2)] ?? first;
      stacks.push({
        key: series.uid,
        series,
        label:
          series.description ||
          `${series.modality} ${instances.length === 1 ? 'image' : 'series'} ${series.number ?? ''}`.trim(),
        thumbnail: thumbnailAddress(study.uid, middle.uid),
        slices: slicesOf(study.uid, instances),
      });
    }
  }
  return stacks;
}

/** How a study is first hung: frontal beside lateral, else the first two views of a mammogram, else the first stack alone. */
export function firstHanging(stacks: Stack[]): Stack[] {
  const view = (wanted: Instance['view']) => stacks.find((s) => s.slices[0]?.instance.view === wanted);
  const frontal = view('frontal');
  const lateral = view('lateral');
  if (frontal && lateral) return [frontal, lateral];
  const [first, second] = stacks;
  if (first && second && first.series.modality === 'MG') return [first, second];
  const start = frontal ?? lateral ?? first;
  return start ? [start] : [];
}

/** The slice to start with: the middle of a volume, the first of anything else. */
export const firstSlice = (stack: Stack): number => {
  const volume = stack.slices.length > 1 && stack.slices.every((s) => s.instance.frames === 1);
  return volume && (stack.series.modality === 'CT' || stack.series.modality === 'MR')
    ? Math.floor(stack.slices.length / 2)
    : 0;
};
