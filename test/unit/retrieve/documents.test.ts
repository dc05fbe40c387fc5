import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkDocuments, parseDocument, readDocuments } from '../../../main/retrieve/index.js';

const header = {
  id: 'xr-test-effusion',
  title: 'Pleural effusion, a test',
  modality: 'XR',
  bodyRegion: 'chest',
  topic: 'appearance',
  findings: '[pleural_effusion, cardiomegaly]',
  sources: "['Someone: A work on effusions (2020)']",
  licence: 'Apache-2.0',
  version: '2026-11-21.1',
  codes: '[]',
};
const item = 'A pleural effusion blunts the costophrenic angle on the upright frontal view.';

function markdown(
  changes: Partial<Record<keyof typeof header, string>> = {},
  body = `## Appearance\n\n- ${item}\n`,
) {
  const lines = Object.entries({ ...header, ...changes }).map(([key, value]) => `${key}: ${value}`);
  return `---\n${lines.join('\n')}\n---\n\n${body}`;
}
const code = (system: string, value: string, display = 'a display') =>
  `[{ system: ${system}, code: '${value}', display: '${display}' }]`;
const parse = (content: string) => parseDocument(content, 'xr/xr-test-effusion.md');

describe('parseDocument', () => {
  test('makes a snippet of each paragraph and list item, its kind the section', () => {
    const body = [
      '## Appearance',
      '',
      `- **Bold** [link](https://example.org) and \`code\`, over`,
      '  two lines of one list item.',
      `1. ${item}`,
      '- too short',
      '',
      '### A sub-heading that is long enough to be mistaken for a snippet',
      '',
      'A paragraph that goes',
      'over two lines and speaks of an enlarged heart.',
      '',
      '| a | table row that is long enough to be mistaken for one |',
      '',
      '```',
      'code that is long enough to be mistaken for a snippet of text',
      '```',
      '## Report phrasing ##',
      'The last paragraph names nothing and so inherits what its document is about.',
    ].join('\n');
    const { snippets } = parse(markdown({}, body));
    expect(snippets.map(({ id, kind, text }) => [id, kind, text])).toEqual([
      ['xr-test-effusion#0', 'appearance', 'Bold link and code, over two lines of one list item.'],
      ['xr-test-effusion#1', 'appearance', item],
      [
        'xr-test-effusion#2',
        'appearance',
        'A paragraph that goes over two lines and speaks of an enlarged heart.',
      ],
      [
        'xr-test-effusion#3',
        'report phrasing',
        'The last paragraph names nothing and so inherits what its document is about.',
      ],
    ]);
    expect(snippets.map(({ findings }) => findings)).toEqual([
      ['pleural_effusion', 'cardiomegaly'],
      ['pleural_effusion'],
      ['cardiomegaly'],
      ['pleural_effusion', 'cardiomegaly'],
    ]);
  });

  test('reads Windows line ends and a byte order mark', () => {
    const content = `\uFEFF${markdown().replaceAll('\n', '\r\n')}`;
    expect(parse(content).snippets.map(({ text }) => text)).toEqual([item]);
  });

  test('changes the content hash with the content', () => {
    expect(parse(markdown()).contentHash).toBe(parse(markdown()).contentHash);
    expect(parse(markdown()).contentHash).not.toBe(parse(markdown({ version: '2026-11-21.2' })).contentHash);
  });

  test.each([
    ['ICD-10', 'J90'],
    ['ICD-10', 'S72.001A'],
    ['SNOMED-CT', '36118008'],
    ['SNOMED-CT', '60046008'],
    ['SNOMED-CT', '233604007'],
    ['RadLex', 'RID34539'],
  ])('takes a well-formed code of %s, %s', (system, value) => {
    expect(parse(markdown({ codes: code(system, value) })).codes).toEqual([
      { system, code: value, display: 'a display' },
    ]);
  });

  test.each([
    ['no front matter', item, /front matter/],
    ['bad YAML', markdown({ title: '"open' }), /not valid YAML/],
    ['another id than its file', markdown({ id: 'xr-other' }), /not the file name/],
    ['an unknown finding', markdown({ findings: '[broken_heart]' }), /unknown finding "broken_heart"/],
    ['no sources', markdown({ sources: '[]' }), /sources: names no source/],
    ['another licence', markdown({ licence: 'MIT' }), /licence/],
    ['an unknown topic', markdown({ topic: 'gossip' }), /topic/],
    ['no snippet', markdown({}, '## Appearance\n\n- short\n'), /no snippet/],
    ['text before the first section only', markdown({}, item), /no snippet/],
    ['a snippet too long to cite', markdown({}, `## Appearance\n\n${'word '.repeat(61)}`), /61 words/],
    ['a modality we have no index for', markdown({ modality: 'EEG' }), /modality/],
    ['a region that is not on the list', markdown({ bodyRegion: 'elbow' }), /bodyRegion/],
    ['a code system that is not on the list', markdown({ codes: code('CPT', '71046') }), /codes\.0\.system/],
    [
      'an ICD-10 code without its point',
      markdown({ codes: code('ICD-10', 'J939') }),
      /"J939" is not a code of ICD-10/,
    ],
    [
      'a RadLex code without RID',
      markdown({ codes: code('RadLex', '34539') }),
      /"34539" is not a code of RadLex/,
    ],
    [
      'a mistyped SNOMED CT code',
      markdown({ codes: code('SNOMED-CT', '60046003') }),
      /not a code of SNOMED-CT/,
    ],
    [
      'two swapped digits of SNOMED CT',
      markdown({ codes: code('SNOMED-CT', '60064008') }),
      /not a code of SNOMED-CT/,
    ],
    [
      'a SNOMED CT description',
      markdown({ codes: code('SNOMED-CT', '754786011') }),
      /not a code of SNOMED-CT/,
    ],
    ['a code without a display', markdown({ codes: code('ICD-10', 'J90', '') }), /codes\.0\.display/],
    [
      'a source without a year',
      markdown({ sources: "['Someone: A work on effusions']" }),
      /sources\.0: no year/,
    ],
    [
      'a source of after the version',
      markdown({ sources: "['Someone: A work (2031)']" }),
      /sources\.0: no year/,
    ],
    ['a version without a day', markdown({ version: '2026-11.1' }), /version: must be YYYY-MM-DD\.n/],
    ['a day that is not in the calendar', markdown({ version: '2026-02-30.1' }), /version: its day/],
    ['a month that is not in the calendar', markdown({ version: '2026-13-01.1' }), /version: its day/],
    ['an unknown section', markdown({}, `## Gossip\n\n- ${item}\n`), /"gossip" is none of the sections/],
    [
      'an unknown section without a snippet',
      markdown({}, `## Appearance\n\n- ${item}\n\n## Notes\n`),
      /"notes"/,
    ],
  ])('refuses %s and names the file', (_, content, reason) => {
    expect(() => parse(content)).toThrow(expect.objectContaining({ code: 'bad-input' }));
    expect(() => parse(content)).toThrow(reason);
    expect(() => parse(content)).toThrow(/^xr\/xr-test-effusion\.md: /);
  });
});

describe('a folder of documents', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wetread-documents-'));
    await mkdir(join(folder, 'xr'));
    await mkdir(join(folder, 'ct'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('reads the rest beside what is wrong', async () => {
    await writeFile(join(folder, 'xr', 'xr-test-effusion.md'), markdown());
    await writeFile(join(folder, 'xr', 'xr-broken.md'), 'nothing');
    await writeFile(join(folder, 'ct', 'xr-test-effusion.md'), markdown());
    await writeFile(join(folder, 'xr', 'notes.txt'), 'not a document');
    const { documents, problems } = await readDocuments(folder);
    expect(documents.map(({ id }) => id)).toEqual(['xr-test-effusion']);
    expect(problems.map(({ file, code }) => [file, code])).toEqual([
      ['xr/xr-broken.md', 'bad-input'],
      ['ct/xr-test-effusion.md', 'bad-input'],
    ]);
  });

  test('checkDocuments finds what two documents say in the same words', async () => {
    await writeFile(join(folder, 'xr', 'xr-test-effusion.md'), markdown());
    await writeFile(join(folder, 'xr', 'xr-twin.md'), markdown({ id: 'xr-twin' }));
    const { documents, snippets, problems } = await checkDocuments(folder);
    expect([documents, snippets]).toEqual([2, 2]);
    expect(problems.map(({ file }) => file)).toEqual(['xr/xr-twin.md']);
  });

  test('checkDocuments finds a version of a day yet to come, which a reader takes', async () => {
    await writeFile(join(folder, 'xr', 'xr-test-effusion.md'), markdown());
    const check = async (now: string) => {
      const { documents, problems } = await checkDocuments(folder, { now: new Date(now) });
      return [documents, problems.map(({ file, message }) => `${file} ${message}`)];
    };
    expect(await check('2026-11-21T12:00:00Z')).toEqual([1, []]);
    expect(await check('2026-11-20T11:00:00Z')).toEqual([1, []]);
    expect(await check('2026-11-20T09:00:00Z')).toEqual([
      1,
      [expect.stringMatching(/^xr\/xr-test-effusion\.md .*2026-11-21\.1 is of a day yet to come/)],
    ]);
  });

  test('says which folder an article of another modality lies in', async () => {
    await writeFile(join(folder, 'ct', 'xr-test-effusion.md'), markdown());
    const { documents, problems } = await checkDocuments(folder);
    expect(documents).toBe(0);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^ct\/.*says modality XR/),
    ]);
  });

  test('a folder that is not there is not found', async () => {
    await expect(readDocuments(join(folder, 'absent'))).rejects.toMatchObject({ code: 'not-found' });
  });
});
