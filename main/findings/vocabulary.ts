import { z } from 'zod';
import vocabulary from '../../models/training/findings.json' with { type: 'json' };

/** What the findings are called besides their names, as the knowledge base writes; each phrase in any order of words. */
const alsoCalled: Record<string, string[]> = {
  cardiomegaly: [
    'enlarged heart',
    'heart enlargement',
    'cardiac enlargement',
    'enlarged cardiac',
    'cardiothoracic ratio',
  ],
  pulmonary_edema: ['edema', 'pulmonary venous congestion', 'vascular congestion', 'heart failure', 'kerley'],
  pleural_effusion: ['effusion', 'pleural fluid', 'hemothorax'],
  costophrenic_blunting: ['blunted costophrenic', 'blunting costophrenic', 'blunt costophrenic'],
  pleural_thickening: ['thickened pleura', 'pleural plaque', 'apical cap'],
  pneumothorax: ['visceral pleural line'],
  opacity: ['density lung', 'opacification'],
  airspace_disease: ['airspace', 'consolidation', 'infiltrate', 'pneumonia', 'air bronchogram'],
  atelectasis: ['atelectatic', 'volume loss', 'collapse lung', 'collapse lobar'],
  scarring: ['scar', 'cicatrix', 'fibrotic'],
  interstitial_disease: ['interstitial', 'pulmonary fibrosis', 'reticular', 'reticulation', 'honeycombing'],
  bronchovascular_markings: ['bronchovascular', 'prominent lung markings'],
  nodule: ['nodular', 'pulmonary mass', 'lung mass'],
  calcified_granuloma: ['granuloma'],
  granulomatous_disease: ['granulomatous', 'calcified node', 'calcified hilar'],
  low_lung_volumes: ['low lung volume', 'hypoinflation', 'poor inspiration', 'shallow inspiration'],
  hyperinflation: [
    'hyperinflated',
    'hyperexpanded',
    'hyperexpansion',
    'flattened diaphragm',
    'flattening diaphragm',
  ],
  emphysema: ['emphysematous', 'bulla', 'bullae', 'bullous', 'copd', 'chronic obstructive'],
  elevated_diaphragm: [
    'elevated hemidiaphragm',
    'raised hemidiaphragm',
    'eventration',
    'elevation hemidiaphragm',
  ],
  hiatal_hernia: ['hiatus hernia'],
  aortic_tortuosity: [
    'tortuous aorta',
    'aortic ectasia',
    'unfolded aorta',
    'aortic aneurysm',
    'dilated aorta',
  ],
  aortic_calcification: [
    'calcified aorta',
    'calcification aorta',
    'atherosclerosis',
    'atherosclerotic',
    'calcified aortic',
  ],
  spine_degeneration: [
    'degenerative spine',
    'spondylosis',
    'osteophyte',
    'degenerative disc',
    'degenerative vertebral',
  ],
  scoliosis: ['scoliotic', 'cobb angle'],
  kyphosis: ['kyphotic'],
  vertebral_compression: [
    'compression fracture',
    'vertebral fracture',
    'vertebral height',
    'compression deformity',
  ],
  rib_fracture: ['fracture', 'fractured rib'],
  catheter: ['catheter', 'tube', 'central line', 'picc'],
  surgical_material: ['surgical clip', 'clip', 'sternotomy wire', 'suture', 'sternotomy'],
  implanted_device: [
    'pacemaker',
    'defibrillator',
    'icd',
    'pacing lead',
    'cardiac device',
    'implanted device',
  ],
};

const findings = z
  .array(z.object({ id: z.string(), name: z.string() }))
  .parse(vocabulary)
  .map(({ id, name }) => ({
    id,
    name,
    names: [name, ...(alsoCalled[id] ?? [])],
    phrases: [id.replaceAll('_', ' '), name, ...(alsoCalled[id] ?? [])].map(stems),
  }));

/** Ids of the finding vocabulary, in its own order. */
export const findingIds: ReadonlySet<string> = new Set(findings.map((finding) => finding.id));

/** Name of a finding as a reader would say it; an unknown id is read word by word. */
export function findingName(id: string): string {
  return findings.find((finding) => finding.id === id)?.name ?? id.replaceAll('_', ' ');
}

/** What a finding is called, its name first; the words of a phrase may stand in any order. Nothing for an unknown id. */
export function findingNames(id: string): readonly string[] {
  return findings.find((finding) => finding.id === id)?.names ?? [];
}

/**
 * The findings that a text names, by the words of their names in any order, endings ignored. It does not read negation:
 * "no pleural effusion" speaks of pleural effusion too.
 */
export function findingsNamed(text: string): string[] {
  const words = new Set(stems(text));
  return findings
    .filter(({ phrases }) => phrases.some((phrase) => phrase.every((word) => words.has(word))))
    .map(({ id }) => id);
}

/** A word of a text: without the endings of number, and where it stands. */
export interface Stem {
  stem: string;
  /** Characters [from, to). */
  from: number;
  to: number;
}

/** The words of a text with their places; see `stem`. */
export function stemsOf(text: string): Stem[] {
  return [...text.matchAll(/[a-z]+/gi)].map(({ 0: word, index }) => ({
    stem: stem(word.toLowerCase()),
    from: index,
    to: index + word.length,
  }));
}

function stems(text: string): string[] {
  return stemsOf(text).map((word) => word.stem);
}

/** A word without the endings of number: opacity and opacities, diagnosis and diagnoses, mass and masses. */
function stem(word: string): string {
  return word
    .replace('oedema', 'edema')
    .replace('haemo', 'hemo')
    .replace(/(?<=[a-z]{2})y$/, 'i')
    .replace(/(?<=[a-z]{2})(?:es|is|(?<!s)s|e)$/, '');
}
