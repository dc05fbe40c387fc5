/** Words for datasets, documents and what was removed from them. */
import type { Dataset, IndexModality, RemovalKind, Removals } from '../../preload/values.js';
import type { IconName } from '../chrome/icon.js';
import { plural } from './words.js';

export const stateOfDataset: Record<Dataset['state'], { icon: IconName; word: string; hint: string }> = {
  ready: { icon: 'accept', word: 'Ready', hint: 'It is searched' },
  empty: { icon: 'none', word: 'Empty', hint: 'Nothing has been imported yet' },
  building: {
    icon: 'preliminary',
    word: 'Building',
    hint: 'Its indices are being built; it is searched afterwards',
  },
  away: { icon: 'away', word: 'Away', hint: 'Its location cannot be reached' },
  damaged: { icon: 'flag', word: 'Damaged', hint: 'It cannot be read; refresh it or bring a version back' },
  outdated: { icon: 'restore', word: 'Outdated', hint: 'It was built by an earlier release; refresh it' },
  untrusted: { icon: 'flag', word: 'Not trusted', hint: 'Nobody that you trust vouches for what is there' },
};

export const kindOfDataset: Record<Dataset['kind'], { icon: IconName; word: string; hint: string }> = {
  authored: { icon: 'evidence', word: 'Ships with Wetread', hint: 'Written for Wetread, with its sources' },
  own: { icon: 'database', word: "Department's own", hint: 'Filled here by import' },
  shared: { icon: 'share', word: 'Shared', hint: 'Filled elsewhere, only read here' },
};

export const modalityNames: Record<IndexModality, string> = {
  XR: 'radiography',
  CT: 'CT',
  MR: 'MR',
  US: 'ultrasound',
  MG: 'mammography',
  NM: 'nuclear medicine and PET',
};

export const removalWords: Record<RemovalKind, [one: string, many: string]> = {
  name: ['name', 'names'],
  date: ['date', 'dates'],
  number: ['number', 'numbers'],
  contact: ['contact', 'contacts'],
  institution: ['institution', 'institutions'],
  place: ['place', 'places'],
  age: ['age', 'ages'],
};

/** "3 names, 1 date": how often what was removed, the most often first; empty where nothing was. */
export function removalsText(removals: Removals): string {
  return removalCounts(removals)
    .map(([kind, count]) => plural(count, ...removalWords[kind]))
    .join(', ');
}

export const removalCounts = (removals: Removals): [RemovalKind, number][] =>
  (Object.entries(removals) as [RemovalKind, number][]).sort(([, a], [, b]) => b - a);

/** Whole numbers with the thousands told apart. */
export const countText = (count: number): string => count.toLocaleString('en-US');

export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`;

/** Sums over the modalities of a dataset. */
export function totalsOf(dataset: Dataset): {
  documents: number;
  snippets: number;
  images: number;
  bytes: number;
} {
  const sum = (of: (m: Dataset['modalities'][number]) => number) =>
    dataset.modalities.reduce((total, m) => total + of(m), 0);
  return {
    documents: sum((m) => m.documents),
    snippets: sum((m) => m.snippets),
    images: sum((m) => m.images),
    bytes: sum((m) => m.bytes),
  };
}

/** The heading of a section: its kind, as a title. */
export const sectionTitle = (kind: string): string =>
  kind === '' ? 'Text' : `${kind.charAt(0).toUpperCase()}${kind.slice(1).replaceAll(/[-_]/g, ' ')}`;

/** A body region in words. */
export const regionName = (region: string): string =>
  ({ msk: 'musculoskeletal', 'whole-body': 'whole body' })[region] ?? region.replaceAll('-', ' ');

/** The regions of the knowledge base, as indices/README.md names them. */
export const bodyRegions = [
  'chest',
  'abdomen',
  'breast',
  'cardiac',
  'head',
  'msk',
  'neck',
  'pelvis',
  'spine',
  'vascular',
  'whole-body',
];

export const sexWords = { F: 'female', M: 'male', O: 'other' } as const;

/** The last part of a path or address. */
export const fileName = (path: string): string => path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
