/**
 * Whether a study is of the kind the pack was trained for: first by its tags, then, per view, by its pixels. What fails
 * is not encoded; the draft then says why and offers a template.
 */
import type { Abstention, Instance, Study, View } from '../../preload/values.js';
import type { PackManifest } from './manifest.js';

/** One image chosen for the model. `view` as tagged; the pack decides where it is unknown. */
export interface ChosenView {
  instance: Instance;
  view: View;
}

/** Other ways to write a body part, in the languages devices are set to. A tag counts when it contains one as a word. */
const bodyPartNames: Record<string, RegExp> = {
  CHEST: /\b(?:CHEST|THORAX|THORACIC CAVITY|LUNGS?|TORAX|TÓRAX|TORACE|BRUST|POITRINE|POUMONS?)\b/,
};
/** Say "chest" in a tag, but another examination. */
const otherParts = /\b(?:SPINE|VERTEBRA\w*|RIBS?|STERNUM|CLAVICLE|ABDOMEN|CSPINE|TSPINE|WALL)\b/;
const animals = /\b(?:canine|feline|equine|bovine|avian|veterinar\w*|dog|cat|horse)\b/i;
/** ViewPosition of projections no chest pack is trained for: obliques, decubitus. */
const otherViews = /^(?:RAO|LAO|RPO|LPO|RLO|LLO|LLD|RLD|DECUB\w*)$/i;
const modalityNames: Record<string, string> = {
  CT: 'CT',
  MR: 'MR',
  US: 'ultrasound',
  MG: 'mammography',
  NM: 'nuclear medicine',
  PT: 'PET',
  XA: 'angiography',
  RF: 'fluoroscopy',
  OT: 'an image of another kind',
};
/** A radiograph smaller than this shows too little to be read. */
const SMALLEST = 100;

const isColour = (instance: Instance) => /^(?:RGB|YBR|PALETTE)/.test(instance.photometric ?? '');

/** Whether a body part tag names one of the pack's body parts; undefined where the tag says nothing. */
function isBodyPart(tag: string | undefined, parts: string[]): boolean | undefined {
  const text = tag
    ?.toUpperCase()
    .replace(/[_^/-]+/g, ' ')
    .trim();
  if (!text || /^(?:UNKNOWN|OTHER|NONE|DEFAULT|WHOLE ?BODY)$/.test(text)) return undefined;
  return (
    parts.some((part) => (bodyPartNames[part] ?? new RegExp(`\\b${part}\\b`)).test(text)) &&
    !otherParts.test(text)
  );
}

/** What the pack is for, as it goes on in a sentence. */
export const reads = ({ domain: { description } }: PackManifest) =>
  description.replace(/[.\s]+$/, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());

/**
 * The views of `study` that the pack may look at, frontal first, then lateral, then the rest, at most its `maxViews`; or
 * why there are none. Looks at tags only.
 */
export function chooseViews(study: Study, manifest: PackManifest): ChosenView[] | Abstention {
  const { domain, image } = manifest;
  const all = study.series.flatMap((series) => series.instances.map((instance) => ({ series, instance })));
  const shown = all.filter(({ instance }) => instance.hasPixels);
  if (shown.length === 0) return { code: 'no-pixels', reason: 'The study has no image that can be shown.' };

  const plain = study.source === 'image';
  const radiographs = shown.filter(
    ({ series }) =>
      plain ||
      domain.modalities.includes(series.modality) ||
      // A radiograph kept as secondary capture counts where its tags say what it shows.
      (series.modality === 'OT' && isBodyPart(series.bodyPart, domain.bodyParts) === true),
  );
  if (radiographs.length === 0) {
    const code = shown[0]?.series.modality ?? 'OT';
    return {
      code: 'modality',
      reason: `The model reads ${reads(manifest)}. This study is ${modalityNames[code] ?? code}.`,
    };
  }

  const words = `${study.description ?? ''} ${radiographs.map((r) => r.series.description ?? '').join(' ')}`;
  const part = radiographs.find(({ series }) => isBodyPart(series.bodyPart, domain.bodyParts) === false);
  const inPart = radiographs.filter(({ series }) => isBodyPart(series.bodyPart, domain.bodyParts) !== false);
  if (inPart.length === 0)
    return {
      code: 'body-part',
      reason: `The model reads ${reads(manifest)}. This study is of another part: ${part?.series.bodyPart}.`,
    };
  if (animals.test(words))
    return {
      code: 'body-part',
      reason: `The model reads ${reads(manifest)}. This study is of an animal.`,
    };

  const grey = inPart.filter(({ instance }) => instance.frames === 1 && (plain || !isColour(instance)));
  if (grey.length === 0)
    return { code: 'pixels', reason: 'The study holds no single grey image, which a radiograph would be.' };
  const large = grey.filter(({ instance }) => Math.min(instance.rows, instance.columns) >= SMALLEST);
  if (large.length === 0)
    return {
      code: 'pixels',
      reason: `The images are smaller than ${SMALLEST} pixels: too small to be read.`,
    };
  const standard = large.filter(({ instance }) => !otherViews.test(instance.viewPosition ?? ''));
  if (standard.length === 0)
    return { code: 'view', reason: 'The model reads frontal and lateral views; this study has neither.' };

  const views = standard.map(({ instance }) => ({ instance, view: instance.view }));
  const first = (view: View) => views.filter((v) => v.view === view).slice(0, 1);
  const leading = [...first('frontal'), ...first('lateral')];
  return [...leading, ...views.filter((v) => !leading.includes(v))].slice(0, image.maxViews);
}
