import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Article {
  id: string;
  title: string;
  modality?: string;
  bodyRegion?: string;
  findings?: string[];
  said: string[];
}

/** A small knowledge base on the chest, and one article each on a hand and on a CT. */
export const articles: Article[] = [
  {
    id: 'xr-effusion',
    title: 'Pleural effusion',
    findings: ['pleural_effusion', 'costophrenic_blunting'],
    said: [
      'Pleural effusion forms a meniscus that climbs the lateral chest wall on the upright view.',
      'About two hundred millilitres of pleural effusion are needed before the frontal view shows it.',
      'A blunted costophrenic angle is the first sign on the frontal radiograph.',
      'In the supine patient fluid layers behind the lung as a veil of haze.',
    ],
  },
  {
    id: 'xr-heart',
    title: 'Cardiomegaly',
    findings: ['cardiomegaly'],
    said: [
      'Cardiomegaly is called when the cardiothoracic ratio exceeds one half on a posteroanterior film.',
      'A portable film taken from the front magnifies the heart and imitates cardiomegaly.',
      'Cardiomegaly together with septal lines suggests failure of the left ventricle.',
    ],
  },
  {
    id: 'xr-spine',
    title: 'Kyphosis',
    findings: ['kyphosis'],
    said: [
      'Kyphosis is an increased forward curve of the thoracic vertebrae, seen on the lateral view.',
      'Osteoporotic wedge deformities are a common cause of kyphosis in the elderly.',
    ],
  },
  {
    id: 'xr-hand',
    title: 'Fracture of the scaphoid',
    bodyRegion: 'msk',
    said: [
      'A scaphoid fracture may be invisible on first films, so repeat them after ten days of splinting.',
      'Tenderness in the anatomical snuffbox after a fall raises suspicion of a scaphoid fracture.',
    ],
  },
  {
    id: 'ct-appendix',
    title: 'Appendicitis on CT',
    modality: 'CT',
    bodyRegion: 'abdomen',
    said: ['A dilated appendix wider than six millimetres with fat stranding indicates appendicitis.'],
  },
];

const words =
  'lung heart rib apex base hilum node vein artery pleura fissure lobe disc airway septum carina'.split(' ');

/** `count` articles of ten made-up snippets each, enough for several batches. */
export function manyArticles(count: number): Article[] {
  return Array.from({ length: count }, (_, a) => ({
    id: `xr-many-${a}`,
    title: `Article ${words[a % words.length]} ${a}`,
    said: Array.from({ length: 10 }, (_, s) => {
      const pick = (n: number) => words[(a * 7 + s * n + n) % words.length];
      return `Statement ${a} ${s} of many says the ${pick(1)} and the ${pick(3)} lie near the ${pick(5)} q${a}x${s}.`;
    }),
  }));
}

/** Writes an article where the index looks for it. */
export async function writeArticle(folder: string, article: Article): Promise<void> {
  const { id, title, modality = 'XR', bodyRegion = 'chest', findings = [], said } = article;
  const lines = [
    '---',
    `id: ${id}`,
    `title: ${title}`,
    `modality: ${modality}`,
    `bodyRegion: ${bodyRegion}`,
    'topic: appearance',
    `findings: [${findings.join(', ')}]`,
    "sources: ['Wetread: made up for a test (2026)']",
    'licence: Apache-2.0',
    'version: 2026-11-21.1',
    '---',
    '',
    '## Appearance',
    '',
    ...said.map((text) => `- ${text}`),
    '',
  ];
  const subfolder = join(folder, modality.toLowerCase());
  await mkdir(subfolder, { recursive: true });
  await writeFile(join(subfolder, `${id}.md`), lines.join('\n'));
}

export const removeArticle = (folder: string, id: string) => rm(join(folder, id.slice(0, 2), `${id}.md`));
