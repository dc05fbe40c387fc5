/**
 * Writes main/deidentify/dicom/profile-table.ts and value-representations.ts from machine-readable copies of the standard:
 *
 *   npx tsx .ci/profile-table.ts <idiscore _public_dicom.py> <dicomanonymizer dicomfields_2026c.py> <pydicom _dicom_dict.py>
 *
 * The first (PyPI idiscore 1.6.0, read from the published PS3.15 in June 2025) holds Table E.1-1 with all columns; the second (PyPI
 * dicom-anonymizer 2.1.0) the column of the basic profile of edition 2026c, which adds rows; the third (PyPI pydicom 3.0.2) the VRs
 * of PS3.6. What both tables state must agree, else nothing is written. Only tags, action codes and VRs are taken: facts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fromRoot } from './root.js';

const actions: Readonly<Record<string, string>> = {
  REMOVE: 'X',
  EMPTY: 'Z',
  DUMMY: 'D',
  KEEP: 'K',
  CLEAN: 'C',
  UID: 'U',
};

/** Rule sets of the first file → the letter that stands for the option in the table. */
const columns: Readonly<Record<string, string>> = {
  retain_safe_private: 'P',
  retain_uid: 'U',
  retain_device_id: 'D',
  retain_institution_id: 'I',
  retain_patient_characteristics: 'C',
  retain_full_dates: 'F',
  retain_modified_dates: 'M',
  clean_descriptors: 'T',
  clean_structured_content: 'S',
  clean_graphics: 'G',
};

function readOptions(text: string): { basic: Map<string, string>; options: Map<string, string> } {
  const basic = new Map<string, string>();
  const options = new Map<string, string>();
  for (const [, name = '', body = ''] of text.matchAll(/^(\w+) = RawNemaRuleSet\(([\s\S]*?)^\)/gm))
    for (const [, kind, tag = '', code = ''] of body.matchAll(
      /(SingleTag|RepeatingGroup|PrivateTags)\((?:"([^"]*)")?\),\s*ActionCodes\.(\w+)/g,
    )) {
      const key = kind === 'PrivateTags' ? 'private' : tag.toLowerCase();
      const action = code
        .split('_OR_')
        .map((one) => actions[one] ?? fail(`no action ${one}`))
        .join('/');
      if (name === 'basic_profile') basic.set(key, action);
      else
        options.set(
          key,
          `${options.get(key) ?? ''}${columns[name] ?? fail(`no option ${name}`)}${action.toLowerCase()}`,
        );
    }
  return { basic, options };
}

function readBasic(text: string): Map<string, string> {
  const basic = new Map<string, string>();
  let action = '';
  for (const line of text.split('\n')) {
    const [, list] = line.match(/^([A-Z_]+)_TAGS = \[/) ?? [];
    if (list) action = list.replace('_STAR', '').replaceAll('_', '/');
    const [, group, element] = line.match(/\(0x([0-9A-F]{4}), 0x([0-9A-F]{4})/i) ?? [];
    const tag = `${group ?? ''}${element ?? ''}`.toLowerCase();
    if (!tag) continue;
    basic.set(tag.replace(/^(50)000000$/, '$1xxxxxx').replace(/^6000(3000|4000)$/, '60xx$1'), action);
  }
  return basic;
}

function fail(message: string): never {
  throw new Error(message);
}

const header = (what: string) =>
  `/* ${what} Made by .ci/profile-table.ts, which names its sources; not edited by hand. */\n`;

const [optionsFile = '', basicFile = '', dictionaryFile = ''] = process.argv.slice(2);
const { basic, options } = readOptions(readFileSync(optionsFile, 'utf8'));
for (const [tag, action] of readBasic(readFileSync(basicFile, 'utf8'))) {
  const before = basic.get(tag);
  if (before !== undefined && before !== action) fail(`${tag}: ${before} or ${action}`);
  basic.set(tag, action);
}
for (const tag of options.keys()) if (!basic.has(tag)) fail(`${tag} has options and no action`);
const rows = [...basic].sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(
  fromRoot('main/deidentify/dicom/profile-table.ts'),
  `${header(`PS3.15 Table E.1-1, ${rows.length} rows.`)}
/**
 * A row a line: the tag, the action of the basic profile, and for each option that changes it the option's letter (see options.ts) with
 * its action: k keep, c clean. \`50xxxxxx\`, \`60xx3000\`, \`60xx4000\` are repeating groups; \`private\` stands for all odd groups.
 */
export const profileTable = \`
${rows.map(([tag, action]) => `${tag} ${action}${options.has(tag) ? ` ${options.get(tag)}` : ''}`).join('\n')}
\`;
`,
);

const groups = new Map<string, Map<string, string[]>>();
for (const [, tag = '', vr = ''] of readFileSync(dictionaryFile, 'utf8').matchAll(
  /0x([0-9A-F]{8}): \('([^']+)'/gi,
)) {
  // Where the standard leaves a choice the first is as good as the other: none of them is text.
  const one = vr === 'NONE' ? 'UN' : vr.slice(0, 2);
  const ofVr = groups.get(one) ?? new Map<string, string[]>();
  groups.set(one, ofVr);
  const group = tag.slice(0, 4).toLowerCase();
  ofVr.set(group, [...(ofVr.get(group) ?? []), tag.slice(4).toLowerCase()]);
}
const lines = [...groups]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(
    ([vr, ofVr]) =>
      `  ${vr}: '${[...ofVr].map(([group, elements]) => `${group} ${elements.join(' ')}`).join(',')}',`,
  );
writeFileSync(
  fromRoot('main/deidentify/dicom/value-representations.ts'),
  `${header('Value representations of the attributes of PS3.6, for data sets that do not state them.')}
/** VR → groups, separated by commas: the group's number, then the elements'. */
export const valueRepresentations: Readonly<Record<string, string>> = {
${lines.join('\n')}
};
`,
);
