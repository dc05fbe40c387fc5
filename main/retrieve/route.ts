import type { IndexModality, Series, Study } from '../../preload/values.js';

/** DICOM modality codes (PS3.3 C.7.3.1.1.1, retired ones too) of images that an index covers. */
const routes: Record<string, IndexModality> = {
  CR: 'XR',
  DX: 'XR',
  RF: 'XR',
  XA: 'XR',
  PX: 'XR',
  IO: 'XR',
  RG: 'XR',
  DF: 'XR',
  XR: 'XR',
  CT: 'CT',
  MR: 'MR',
  MA: 'MR',
  MS: 'MR',
  US: 'US',
  IVUS: 'US',
  EC: 'US',
  MG: 'MG',
  NM: 'NM',
  PT: 'NM',
  ST: 'NM',
};

/** Codes that say nothing of how the image was made: there its words may. */
const silent = new Set(['', 'OT', 'SC', 'SD']);

const words: [RegExp, IndexModality][] = [
  [/\bmammo|tomosynthesis|\b(?:r|l)?(?:cc|mlo)\b/i, 'MG'],
  [/\bpet\b|pet[-/ ]?ct|scintigra|\bspect\b|bone scan|nuclear/i, 'NM'],
  [/ultraso|sonogra|doppler|echocardiogra|\bus\b/i, 'US'],
  [/\bmri?\b|magnetic resonance|\bflair\b|\bt[12]w?\b|\bdwi\b/i, 'MR'],
  [/\bct\b|\bcta\b|hrct|computed tomograph|\bcat scan/i, 'CT'],
  [/x-?rays?\b|\bxr\b|\bcxr\b|radiograph|fluoroscop|angiogra|\bkub\b|\bpa and lat/i, 'XR'],
];

/**
 * The index that knows about a study, by its DICOM modality; where the code says nothing (SC, OT, absent), by the words of
 * its descriptions and by its view position. A PET/CT is nuclear medicine; otherwise the modality with most images
 * decides. Undefined: nothing tells, or no index covers it (a photograph, a document).
 */
export function routeModality(study: Pick<Study, 'description' | 'series'>): IndexModality | undefined {
  const images = new Map<IndexModality, number>();
  for (const series of study.series) {
    const modality = routeSeries(series, study.description);
    if (modality === undefined) continue;
    images.set(modality, (images.get(modality) ?? 0) + series.instances.length);
  }
  if (images.has('NM')) return 'NM';
  return [...images].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function routeSeries(series: Series, studyDescription: string | undefined): IndexModality | undefined {
  const code = series.modality.trim().toUpperCase();
  if (!silent.has(code)) return routes[code];
  // A body part is a poor witness (a breast can be seen by MG, US or MR), so only the words beside it count.
  for (const said of [series.description, studyDescription, series.bodyPart]) {
    const match =
      said === undefined ? undefined : words.find(([pattern]) => pattern.test(said.replaceAll('_', ' ')));
    if (match !== undefined) return match[1];
  }
  const positions = series.instances.map((instance) => instance.viewPosition?.trim().toUpperCase());
  if (positions.some((position) => position === 'CC' || position === 'MLO')) return 'MG';
  if (positions.some((position) => position === 'PA' || position === 'AP' || position === 'LL')) return 'XR';
  return undefined;
}

/** First match wins, so that CHEST ABDOMEN reads as chest and CSPINE not as a neck. */
const regions: [RegExp, string][] = [
  [/breast|mamma/i, 'breast'],
  [/whole ?-?body/i, 'whole-body'],
  [/heart|cardiac|coronar/i, 'cardiac'],
  [/chest|thorax|lung|rib|clavic|stern(um|al)/i, 'chest'],
  [/spine|vertebra|sacr|cocc/i, 'spine'],
  [/neck|thyroid|larynx|carotid/i, 'neck'],
  [/head|brain|skull|orbit|face|facial|sinus|jaw|mandib|tooth|teeth|dental|temporal|sella|\biac\b/i, 'head'],
  [/abdom|liver|kidney|renal|pancrea|spleen|bowel|colon|stomach|gallbl|bile|aorta/i, 'abdomen'],
  [/pelvi|uter|ovar|prostat|bladder|testi|scrot|fet(us|al)|obstet/i, 'pelvis'],
  [
    /hand|wrist|finger|thumb|elbow|arm|humer|shoulder|scapula|hip|femur|thigh|knee|leg|tibia|fibula|calf|ankle|foot|toe|calcan|heel|patella|extrem|bone|msk/i,
    'msk',
  ],
];

/**
 * The body region of the knowledge base (`chest`, `msk`, `abdomen`, …) for a DICOM BodyPartExamined or any words about it;
 * undefined where they tell none.
 */
export function routeBodyRegion(bodyPart: string | undefined): string | undefined {
  if (bodyPart === undefined) return undefined;
  return regions.find(([pattern]) => pattern.test(bodyPart.replaceAll('_', ' ')))?.[1];
}
