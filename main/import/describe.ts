/** What a record is about, from its own words where no field says: modality, body region, age and sex. */
import type { IndexModality, Study } from '../../preload/values.js';
import { routeBodyRegion, routeModality } from '../retrieve/index.js';
import type { ImportRecord, RecordSection } from './record.js';

const sentencesToVote = 80;
/** Sections in which another examination is often named. */
const aside = new Set(['history', 'indication', 'comparison', 'recommendation', 'differential']);

/** Words of radiographs that the router need not know: it reads the descriptions of devices. */
const radiographWords =
  /\b(?:(?:one|two|three|four|[1-5]) ?-?(?:v|vw|views?)|pa (?:and|&) lat(?:eral)?|pa\/lat(?:eral)?|frontal (?:and|&) lateral|ap portable|portable (?:chest|ap)|chest (?:film|portable)|babygram|(?:chest|thorax|abdomen|spine|pelvis|hip|knee|ankle|foot|shoulder|elbow|wrist|hand)[ ,:-]{1,3}(?:pa|ap|lat(?:eral)?|portable|supine|upright|erect))\b/i;
/** Sentences that speak of another examination, done or wanted. */
const ofAnother =
  /recommend|suggest|advis|correlat|follow|compar|previous|prior|consider|further|would|could/i;

/**
 * The index that a record belongs to: by its own field, by its title, examination and technique, by the views of its images, then by
 * `chosen` (the user's for all that does not say), then by what its own sentences speak of. Undefined: nothing tells.
 */
export function modalityOf(
  {
    modality,
    title,
    sections,
    images = [],
  }: Pick<Partial<ImportRecord>, 'modality' | 'title' | 'images'> & {
    sections: readonly RecordSection[];
  },
  chosen: IndexModality | undefined,
): IndexModality | undefined {
  const words = [modality, title, textOf(sections, 'exam'), textOf(sections, 'technique')];
  for (const [place, said] of words.entries()) {
    if (said === undefined) continue;
    const routed = place === 0 ? routeCode(said) : undefined;
    const named = routed ?? routeWords(said.slice(0, 500));
    if (named !== undefined) return named;
  }
  // Frontal and lateral are views of radiographs.
  if (images.some(({ view }) => view !== 'unknown')) return 'XR';
  return (
    chosen ?? vote(sections, (sentence) => (ofAnother.test(sentence) ? undefined : routeWords(sentence)))
  );
}

const routeCode = (code: string) => routeModality(studyOf(code.trim().toUpperCase(), undefined));

function routeWords(words: string): IndexModality | undefined {
  return routeModality(studyOf('OT', words)) ?? (radiographWords.test(words) ? 'XR' : undefined);
}

const studyOf = (
  modality: string,
  description: string | undefined,
): Pick<Study, 'description' | 'series'> => ({
  description,
  series: [{ uid: '', modality: /^[A-Z]{2,4}$/.test(modality) ? modality : 'OT', instances: [] }],
});

/**
 * Words of running text that belong to a region; `routeBodyRegion` reads body part tags, and would find a rib in "described". Most words
 * decide.
 */
const regionWords: [region: string, words: RegExp][] = [
  ['breast', /\b(?:breasts?|mammogra\w+|nipples?|fibroglandular)\b/gi],
  ['cardiac', /\b(?:coronary|myocardi\w+|ejection fraction)\b/gi],
  [
    'chest',
    /\b(?:chest|thorax|thoracic(?! spine)|lungs?|pulmonary|pleura\w*|pneumothora\w+|pneumonia|mediastin\w+|hil(?:ar|um|a)|(?:hemi)?diaphragms?|costophrenic|ribs?|cardiomediastinal|cardiomegaly|heart)\b/gi,
  ],
  [
    'spine',
    /\b(?:spine|spinal|vertebra\w*|dis[ck]s?|lumbar|lumbosacral|sacr(?:al|um)|neural foramina?|cauda|spondyl\w+)\b/gi,
  ],
  ['neck', /\b(?:neck|thyroid|laryn\w+|carotids?|parotids?)\b/gi],
  [
    'head',
    /\b(?:head|brain|skull|cerebr\w+|cerebell\w+|intracranial|ventricles|orbit(?:s|al)?|sinus(?:es)?|temporal|parietal|occipital|white matter|pituitary|sellar?|mening\w+|(?:sub|epi)dural|mastoids?|basal ganglia|cranial|hippocamp\w+)\b/gi,
  ],
  [
    'abdomen',
    /\b(?:abdom\w+|liver|hepatic|kidneys?|renal|pancrea\w+|spleen|splenic|bowel|colon|colonic|stomach|gastric|gallbladder|bile|biliary|appendi(?:x|citis)|adrenals?|ureter\w*|mesenter\w+|periton\w+)\b/gi,
  ],
  [
    'pelvis',
    /\b(?:pelvi[sc]|uter(?:us|ine)|ovar(?:y|ies|ian)|prostat\w*|bladder|testi\w+|scrot\w+|fet(?:us|al)|endometri\w+|adnexa\w*)\b/gi,
  ],
  [
    'msk',
    /\b(?:hands?|wrists?|fingers?|thumbs?|elbows?|humer\w+|shoulders?|rotator|scapula\w*|hips?|femurs?|femoral|knees?|menisc\w+|tibia\w*|fibula\w*|ankles?|foot|feet|toes?|calcane\w+|patella\w*|cruciate|muscles?|tendons?)\b/gi,
  ],
];

function regionOfWords(words: string): string | undefined {
  let best: { region: string; count: number } | undefined;
  for (const [region, pattern] of regionWords) {
    const count = words.match(pattern)?.length ?? 0;
    if (count > (best?.count ?? 0)) best = { region, count };
  }
  return best?.region;
}

/** The body region of the knowledge base: by its own field, its title and examination, then by what its text speaks of most. */
export function bodyRegionOf(
  {
    bodyRegion,
    title,
    sections,
  }: { bodyRegion?: string; title?: string; sections: readonly RecordSection[] },
  modality: IndexModality,
): string {
  const stated = routeBodyRegion(bodyRegion);
  if (stated !== undefined) return stated;
  if (modality === 'MG') return 'breast';
  for (const words of [title, textOf(sections, 'exam')]) {
    const named = words === undefined ? undefined : regionOfWords(words.slice(0, 500));
    if (named !== undefined) return named;
  }
  const own = sections.filter(({ kind }) => !aside.has(kind));
  const text = (own.length > 0 ? own : sections).map((section) => section.text.slice(0, 20_000)).join('\n');
  return regionOfWords(text.slice(0, 20_000)) ?? 'whole-body';
}

function textOf(sections: readonly RecordSection[], kind: string): string | undefined {
  return sections.find((section) => section.kind === kind)?.text;
}

function vote<T extends string>(
  sections: readonly RecordSection[],
  route: (words: string) => T | undefined,
): T | undefined {
  const counts = new Map<T, number>();
  const own = sections.filter(({ kind }) => !aside.has(kind));
  const sentences = (own.length > 0 ? own : sections).flatMap(({ text }) =>
    text.slice(0, 20_000).split(/[.\n]+/),
  );
  for (const sentence of sentences.slice(0, sentencesToVote)) {
    const routed = route(sentence);
    if (routed !== undefined) counts.set(routed, (counts.get(routed) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

const age = /\b(\d{1,3})[\s-]*(?:(?:years?|yrs?|y)[\s-]*(?:old|of age)|y\/?o\b|y\.o\.|-year-old)/i;
const months = /\b\d{1,2}[\s-]*(?:months?|weeks?|days?)[\s-]*old\b|\bnewborn\b/i;
const sexes: [RegExp, 'M' | 'F'][] = [
  [/\b(?:female|woman|girl|lady)\b|\b\d{1,3}\s?(?:y\/?o|yo)?\s?f\b/i, 'F'],
  [/\b(?:male|man|boy|gentleman)\b|\b\d{1,3}\s?(?:y\/?o|yo)?\s?m\b/i, 'M'],
];

/** Age and sex as the history or indication says them ("73-year-old male"). */
export function patientOf(sections: readonly RecordSection[]): { ageYears?: number; sex?: 'M' | 'F' } {
  const said = sections
    .filter(({ kind }) => kind === 'history' || kind === 'indication')
    .map(({ text }) => text.slice(0, 2000))
    .join('\n');
  const years = age.exec(said)?.[1] ?? (months.test(said) ? '0' : undefined);
  // The patient is who is named first: "a woman whose mother …".
  const [sex] = sexes
    .map(([pattern, value]) => ({ at: said.search(pattern), value }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  const ageYears = years === undefined ? undefined : Number(years);
  return {
    ...(ageYears !== undefined && ageYears <= 120 && { ageYears }),
    ...(sex !== undefined && { sex: sex.value }),
  };
}

/** Ages above 89 identify people and are kept as 90 (45 CFR 164.514(b)(2)(i)(C)). */
export const safeAge = (years: number): number => Math.min(90, Math.max(0, Math.floor(years)));
