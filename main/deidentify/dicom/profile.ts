import type { DeidentifyOption } from '../../../preload/values.js';
import { optionCodes } from './options.js';
import { profileTable } from './profile-table.js';
import { valueRepresentations } from './value-representations.js';

/**
 * What is done with an attribute (PS3.15 E.1.1, E.3): removed, emptied, given a dummy value, kept, cleaned of what identifies, or its UIDs
 * mapped.
 */
export type Action = 'X' | 'Z' | 'D' | 'K' | 'C' | 'U';

export interface Row {
  /** The standard leaves a choice where the type of the attribute decides: `X/Z`, `X/Z/D`. */
  basic: string;
  /** Option's letter → `k` or `c`. */
  options: ReadonlyMap<string, string>;
}

export const table: ReadonlyMap<string, Row> = new Map(
  profileTable
    .trim()
    .split('\n')
    .map((line) => {
      const [tag = '', basic = '', options = ''] = line.split(' ');
      const pairs = [...options.matchAll(/([A-Z])([kc])/g)].map(
        ([, letter = '', action = '']) => [letter, action] as const,
      );
      return [tag, { basic, options: new Map(pairs) }] as const;
    }),
);

const vrs: ReadonlyMap<string, string> = new Map(
  Object.entries(valueRepresentations).flatMap(([vr, groups]) =>
    groups.split(',').flatMap((one) => {
      const [group = '', ...elements] = one.split(' ');
      return elements.map((element) => [group + element, vr] as const);
    }),
  ),
);

/** The VR that PS3.6 gives an attribute; undefined where it knows none of that tag. */
export function vrOf(tag: string): string | undefined {
  const repeating = /^(?:50|60)..(....)$/.exec(tag);
  return vrs.get(tag) ?? (repeating ? repeatingVrs[tag.slice(0, 2) + (repeating[1] ?? '')] : undefined);
}

/** Overlays (PS3.3 C.9.2), group 60xx; curves are retired and always removed. */
const repeatingVrs: Readonly<Record<string, string>> = {
  '600010': 'US',
  '600011': 'US',
  '600015': 'IS',
  '600022': 'LO',
  '600040': 'CS',
  '600045': 'LO',
  '600050': 'SS',
  '600051': 'US',
  '600100': 'US',
  '600102': 'US',
  '601301': 'IS',
  '601302': 'DS',
  '601303': 'DS',
  '601500': 'LO',
  '603000': 'OW',
  '604000': 'LT',
};

export function rowOf(tag: string): Row | undefined {
  if (tag.startsWith('50')) return table.get('50xxxxxx');
  if (tag.startsWith('60')) return table.get(`60xx${tag.slice(4)}`);
  return table.get(tag);
}

/** Sequences that images must have, if only empty (type 2). */
const required = new Set(['00400555']);

/**
 * The one action for an attribute of the table under the chosen options. Keeping wins over cleaning, as PS3.15 E.3 has it where options
 * overlap. Where the profile leaves a choice, a value that fits every type of attribute: a dummy before an empty one, an empty one before
 * none; a sequence is left out rather than made up.
 */
export function actionOf(
  tag: string,
  row: Row,
  options: ReadonlySet<DeidentifyOption>,
  sequence: boolean,
): Action {
  const chosen = new Set([...options].map((option) => row.options.get(optionCodes[option].letter)));
  if (chosen.has('k')) return 'K';
  if (chosen.has('c')) return 'C';
  const choices = row.basic.split('/');
  const order: readonly Action[] = !sequence
    ? ['U', 'D', 'Z', 'X']
    : required.has(tag)
      ? ['Z']
      : ['U', 'X', 'Z', 'D'];
  return order.find((action) => choices.includes(action)) ?? 'X';
}
