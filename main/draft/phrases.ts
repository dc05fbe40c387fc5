/** What we say of a finding when no drafted sentence says it. Written for this product; keys are the pack's finding ids. */
import type { Side } from '../../preload/values.js';

interface Phrase {
  /** `{side}` becomes "left ", "right ", "bilateral " or nothing. */
  findings: string;
  /** As it stands in the impression; absent: the finding is incidental and stays out of it. */
  impression?: string;
  /** Said of a bilateral finding where the pattern does not fit. */
  bilateral?: string;
  /** Left out of the impression beside one of these, which say it more exactly. */
  within?: string[];
}

export const phrases: Record<string, Phrase> = {
  cardiomegaly: { findings: 'The cardiac silhouette is enlarged.', impression: 'cardiomegaly' },
  pulmonary_edema: {
    findings: 'There is pulmonary vascular congestion.',
    impression: 'pulmonary vascular congestion',
  },
  pleural_effusion: {
    findings: 'There is a {side}pleural effusion.',
    bilateral: 'There are bilateral pleural effusions.',
    impression: '{side}pleural effusion',
  },
  costophrenic_blunting: {
    findings: 'There is blunting of the {side}costophrenic angle.',
    bilateral: 'There is blunting of both costophrenic angles.',
    within: ['pleural_effusion'],
  },
  pleural_thickening: { findings: 'There is {side}pleural thickening.' },
  pneumothorax: {
    findings: 'There is a {side}pneumothorax.',
    bilateral: 'There are bilateral pneumothoraces.',
    impression: '{side}pneumothorax',
  },
  opacity: {
    findings: 'There is {side}pulmonary opacity.',
    impression: '{side}pulmonary opacity',
    within: ['airspace_disease', 'atelectasis', 'interstitial_disease', 'scarring', 'nodule'],
  },
  airspace_disease: {
    findings: 'There is {side}airspace disease.',
    impression: '{side}airspace disease',
  },
  atelectasis: { findings: 'There is {side}atelectasis.', impression: '{side}atelectasis' },
  scarring: { findings: 'There is {side}pulmonary scarring.' },
  interstitial_disease: {
    findings: 'There are increased {side}interstitial markings.',
    impression: 'increased interstitial markings',
  },
  bronchovascular_markings: {
    findings: 'The bronchovascular markings are prominent.',
    within: ['low_lung_volumes', 'interstitial_disease', 'pulmonary_edema'],
  },
  nodule: {
    findings: 'There is a {side}pulmonary nodule.',
    bilateral: 'There are bilateral pulmonary nodules.',
    impression: '{side}pulmonary nodule',
  },
  calcified_granuloma: {
    findings: 'There is a {side}calcified granuloma.',
    bilateral: 'There are bilateral calcified granulomas.',
  },
  granulomatous_disease: {
    findings: 'There are calcified lymph nodes, in keeping with old granulomatous disease.',
    within: ['calcified_granuloma'],
  },
  low_lung_volumes: { findings: 'The lung volumes are low.', impression: 'low lung volumes' },
  hyperinflation: { findings: 'The lungs are hyperinflated.', impression: 'hyperinflation' },
  emphysema: { findings: 'There are emphysematous changes.', impression: 'emphysema' },
  elevated_diaphragm: {
    findings: 'There is elevation of the {side}hemidiaphragm.',
    bilateral: 'There is elevation of both hemidiaphragms.',
  },
  hiatal_hernia: { findings: 'There is a hiatal hernia.', impression: 'hiatal hernia' },
  aortic_tortuosity: { findings: 'The thoracic aorta is tortuous.' },
  aortic_calcification: { findings: 'There is atherosclerotic calcification of the aorta.' },
  spine_degeneration: { findings: 'There are degenerative changes of the spine.' },
  scoliosis: { findings: 'There is scoliosis of the thoracic spine.' },
  kyphosis: { findings: 'There is kyphosis of the thoracic spine.' },
  vertebral_compression: {
    findings: 'There is a vertebral compression deformity.',
    impression: 'vertebral compression deformity',
  },
  rib_fracture: {
    findings: 'There is a {side}rib fracture.',
    bilateral: 'There are bilateral rib fractures.',
    impression: '{side}rib fracture',
  },
  catheter: {
    findings: 'A {side}central venous catheter is present.',
    bilateral: 'Central venous catheters are present on both sides.',
  },
  surgical_material: { findings: 'Surgical clips or sternotomy wires are present.' },
  implanted_device: { findings: 'An implanted cardiac device is present.' },
};

/** Findings that make a chest radiograph acute: the impression says first whether there are any. */
export const ACUTE = ['pneumothorax', 'pleural_effusion', 'pulmonary_edema', 'airspace_disease'];

/** Beside this finding nobody can say that nothing is acute: its cause is open. */
export const MAYBE_ACUTE = 'opacity';

/** A part of the chest that every report speaks of: what is said of it when nothing of `findings` is there. */
export interface Normal {
  findings: string[];
  /** A sentence of its own. */
  text?: string;
  /** Or a word in the one sentence "No …, … or …." */
  listed?: string;
  /** What to look up for it. */
  topic: string;
}

/** In the order in which a report goes through the chest. */
export const NORMALS: Normal[] = [
  { findings: ['cardiomegaly'], text: 'The heart is normal in size.', topic: 'normal heart size' },
  {
    findings: ['aortic_tortuosity'],
    text: 'The mediastinal contours are normal.',
    topic: 'normal mediastinal contours',
  },
  {
    findings: [
      'airspace_disease',
      'opacity',
      'atelectasis',
      'nodule',
      'interstitial_disease',
      'pulmonary_edema',
    ],
    text: 'The lungs are clear.',
    topic: 'clear lungs',
  },
  { findings: ['airspace_disease'], listed: 'focal consolidation', topic: 'clear lungs' },
  { findings: ['pleural_effusion'], listed: 'pleural effusion', topic: 'clear pleural spaces' },
  { findings: ['pneumothorax'], listed: 'pneumothorax', topic: 'no pneumothorax' },
  {
    findings: ['rib_fracture', 'vertebral_compression'],
    text: 'The bones are intact.',
    topic: 'no fracture',
  },
];

const withSide = (pattern: string, side?: Side) =>
  pattern.replace('{side}', side ? `${side} ` : '').replace(/\ba (?=[aeiou])/, 'an ');

const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** The sentence that states a finding; a plain one for a finding without a phrase of its own. */
export function findingPhrase(finding: string, name: string, side?: Side): string {
  const phrase = phrases[finding];
  if (!phrase) return `There is evidence of ${side ? `${side} ` : ''}${name}.`;
  if (side === 'bilateral' && phrase.bilateral) return phrase.bilateral;
  return capital(withSide(phrase.findings, side));
}

/** "X.", "X and y.", "X, y and z." */
export function listed(items: string[]): string {
  const last = items.at(-1) ?? '';
  return capital(items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${last}.` : `${last}.`);
}

/** "No x.", "No x or y.", "No x, y or z." */
export function noneOf(items: string[]): string {
  const last = items.at(-1) ?? '';
  return `No ${items.length > 1 ? `${items.slice(0, -1).join(', ')} or ${last}` : last}.`;
}

/** How a finding is named in the impression; undefined where it stays out of it. */
export function impressionPhrase(finding: string, side?: Side): string | undefined {
  const pattern = phrases[finding]?.impression;
  return pattern && withSide(pattern, side);
}
