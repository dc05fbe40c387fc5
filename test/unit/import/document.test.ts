import { describe, expect, test } from 'vitest';
import { spread } from '../../../main/import/images.js';
import { Problems } from '../../../main/import/problems.js';
import { FindingReader } from '../../../main/import/read-findings.js';
import { emptyRecord, type ImportRecord, type RecordSection } from '../../../main/import/record.js';
import { cutLong, snippetsOf } from '../../../main/import/snippets.js';
import { splitLong } from '../../../main/import/split-long.js';
import { describeRecord, idOf } from '../../../main/import/to-document.js';

const record = (more: Partial<ImportRecord> & { sections: RecordSection[] }): ImportRecord => ({
  ...emptyRecord('/data/reports/a.txt'),
  ...more,
});
const describeOne = (one: ImportRecord, chosen?: 'XR' | 'CT') =>
  describeRecord(
    one,
    { modality: chosen, licence: undefined, today: '2026-11-22', root: '/data/reports' },
    new FindingReader(),
  );
const snippets = (topic: ImportRecord['topic'], kind: string, text: string, region = 'chest') =>
  snippetsOf(topic, region, [{ kind, text }], new FindingReader()).snippets;

describe('snippetsOf', () => {
  test('reports sentence by sentence, with findings and what is said of them', () => {
    expect(
      snippets(
        'report',
        'findings',
        'Heart: normal size. There is a left pleural effusion. No pneumothorax.\nPossible pneumonia in the right lower lobe. There is cardiomegaly but no pleural effusion.',
      ),
    ).toEqual([
      { kind: 'findings', text: 'Heart: normal size.', findings: ['cardiomegaly'], polarity: 'absent' },
      {
        kind: 'findings',
        text: 'There is a left pleural effusion.',
        findings: ['pleural_effusion'],
        polarity: 'present',
      },
      { kind: 'findings', text: 'No pneumothorax.', findings: ['pneumothorax'], polarity: 'absent' },
      {
        kind: 'findings',
        text: 'Possible pneumonia in the right lower lobe.',
        findings: ['airspace_disease'],
        polarity: 'uncertain',
      },
      // Affirms one and denies another: no polarity.
      {
        kind: 'findings',
        text: 'There is cardiomegaly but no pleural effusion.',
        findings: ['cardiomegaly', 'pleural_effusion'],
      },
    ]);
  });

  test('what the history names is not seen on the images; a head has no chest findings', () => {
    const [history] = snippets(
      'report',
      'history',
      'Pleural effusion was drained last week in this patient.',
    );
    expect(history?.polarity).toBeUndefined();
    expect(
      snippets('report', 'findings', 'There is an opacity of the left maxillary sinus.', 'head'),
    ).toMatchObject([{ findings: [] }]);
  });

  test('a fragment joins its neighbour, the same is said once, placeholders alone are nothing', () => {
    expect(
      snippets('report', 'impression', 'Normal. The lungs are clear. Stable. The lungs are clear. [name].'),
    ).toMatchObject([{ text: 'Normal: The lungs are clear. Stable.' }, { text: 'The lungs are clear.' }]);
    expect(snippets('report', 'text', '[name] [date]\n[number]')).toEqual([]);
  });

  test('articles by paragraph and list item, short ones joined', () => {
    expect(
      snippets(
        'article',
        'signs',
        'Definition.\n\nA meniscus along the chest wall is the sign of pleural effusion.\n\n- The first item of the list is long enough.\n- So is the second item of this very list.',
      ).map(({ text }) => text),
    ).toEqual([
      'Definition. A meniscus along the chest wall is the sign of pleural effusion.',
      'The first item of the list is long enough.',
      'So is the second item of this very list.',
    ]);
  });

  test('nothing is longer than sixty words, and no word is lost', () => {
    const sentence = 'A sentence of exactly nine words stands right here.';
    const text = Array.from({ length: 40 }, () => sentence).join(' ');
    const pieces = cutLong(text);
    expect(pieces.every((piece) => piece.split(' ').length <= 60)).toBe(true);
    expect(pieces.join(' ')).toBe(text);
    expect(pieces.every((piece) => piece.endsWith('here.'))).toBe(true);
    const endless = Array.from({ length: 200 }, (_, n) => `word${n}`).join(' ');
    expect(cutLong(endless).join(' ')).toBe(endless);
    expect(cutLong(endless).every((piece) => piece.split(' ').length <= 60)).toBe(true);
    const unspaced = '肺野清晰，未见结节或实变。'.repeat(200);
    expect(cutLong(unspaced).every((piece) => piece.length <= 650)).toBe(true);
    expect(cutLong(unspaced).join('').replaceAll(' ', '')).toBe(unspaced);
  });
});

describe('describeRecord', () => {
  test('describes a report by its own words', () => {
    const { document } = describeOne(
      record({
        sections: [
          { kind: 'exam', text: 'Chest radiograph PA and lateral' },
          { kind: 'history', text: '94-year-old man with a cough. CT was normal.' },
          { kind: 'findings', text: 'There is a right pneumothorax. No effusion.' },
        ],
      }),
    );
    expect(document).toMatchObject({
      title: 'Chest radiograph PA and lateral',
      modality: 'XR',
      bodyRegion: 'chest',
      ageYears: 90,
      sex: 'M',
      present: ['pneumothorax'],
      findings: expect.arrayContaining(['pneumothorax', 'pleural_effusion']),
      origin: 'reports/a.txt',
      sources: ['a.txt'],
      version: '2026-11-22',
    });
    expect(document.id).toMatch(/^[a-z0-9-]+$/);
    expect(JSON.stringify(document.snippets)).not.toContain('94');
    expect(document.snippets.some(({ text }) => text === 'Chest radiograph PA and lateral')).toBe(false);
  });

  test('the examination, not what is recommended, tells the modality', () => {
    const sections = [
      { kind: 'findings', text: 'A nodule on the radiograph. Recommend CT. A CT could help.' },
    ];
    expect(describeOne(record({ sections })).document.modality).toBe('XR');
    expect(describeOne(record({ sections, modality: 'PT' })).document.modality).toBe('NM');
    expect(describeOne(record({ sections, modality: 'Ultrasound' })).document.modality).toBe('US');
    const silent = record({ sections: [{ kind: 'findings', text: 'The liver is smooth.' }] });
    expect(() => describeOne(silent)).toThrow(/choose a modality/);
    expect(describeOne(silent, 'CT').document.modality).toBe('CT');
    const viewed = { ...silent, images: [{ file: '/x.jpg', view: 'frontal' as const }] };
    expect(describeOne(viewed).document.modality).toBe('XR');
  });

  test('a region by whole words', () => {
    const region = (text: string) =>
      describeOne(record({ topic: 'article', sections: [{ kind: 'text', text }] }), 'CT').document.bodyRegion;
    expect(
      region('The described distribution contributes to the diagnosis of infarction of the brain.'),
    ).toBe('head');
    expect(region('The meniscus of the knee is torn, as is the cruciate ligament.')).toBe('msk');
    expect(region('Nothing of any place is said in this sentence at all.')).toBe('whole-body');
  });

  test('a name that one section gives away goes from all, from the title and from the path', () => {
    const { document, pieces } = describeOne(
      record({
        file: '/data/reports/kranichfeld_odilia_20240301/befund_2.txt',
        title: 'Chest of Kranichfeld',
        sections: [
          { kind: 'text', text: 'Patient: Odilia Kranichfeld' },
          { kind: 'findings', text: 'The lungs are clear. Kranichfeld was told.' },
        ],
      }),
      'XR',
    );
    expect(JSON.stringify(document)).not.toMatch(/kranichfeld|odilia/i);
    expect(pieces.filter(({ removed }) => removed === 'name').map(({ text }) => text)).toContain(
      'Kranichfeld',
    );
    const lone = describeOne(
      record({
        file: '/data/reports/smith-john_ct.txt',
        sections: [{ kind: 'findings', text: 'The liver is smooth.' }],
      }),
      'CT',
    );
    expect(lone.document.origin).not.toMatch(/smith|john/i);
  });

  test('the content is the same wherever and whenever it is read, and another when anything said changes', () => {
    const sections = [{ kind: 'findings', text: 'The liver is smooth.' }];
    const one = record({ sections });
    const moved = { ...one, file: '/elsewhere/b.txt' };
    expect(describeOne(moved, 'CT').content).toBe(describeOne(one, 'CT').content);
    expect(idOf(moved)).not.toBe(idOf(one));
    expect(describeOne({ ...one, sex: 'F' }, 'CT').content).not.toBe(describeOne(one, 'CT').content);
  });

  test('refuses what holds no text', () => {
    for (const text of ['', '  \n ', '...', '[name]'])
      expect(() => describeOne(record({ sections: [{ kind: 'findings', text }] }), 'CT')).toThrow(/holds no/);
  });
});

describe('splitLong', () => {
  test('leaves a report whole and makes a book several documents, without losing a word', () => {
    const short = record({ sections: [{ kind: 'findings', text: 'Clear.' }] });
    expect(splitLong(short)).toEqual([short]);
    const encoded = record({
      sections: [{ kind: 'findings', text: `Clear. ${'QUJD'.repeat(5000)} Stable.` }],
    });
    expect(splitLong(encoded)[0]?.sections[0]?.text).toBe('Clear. … Stable.');
    const paragraph = (n: number) =>
      `Paragraph ${n} says something of the lungs. ${'It goes on for a while. '.repeat(20)}`.trim();
    const sections = Array.from({ length: 6 }, (_, s) => ({
      kind: `chapter ${s}`,
      text: Array.from({ length: 40 }, (_, n) => paragraph(s * 40 + n)).join('\n\n'),
    }));
    const parts = splitLong(
      record({ topic: 'article', title: 'The book', sections, images: [{ file: '/x', view: 'unknown' }] }),
    );
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map(({ title }) => title).slice(0, 2)).toEqual(['The book', 'The book (part 2)']);
    expect(new Set(parts.map(idOf)).size).toBe(parts.length);
    expect(parts.map(({ images }) => images.length)).toEqual([1, ...parts.slice(1).map(() => 0)]);
    const words = (all: readonly RecordSection[]) =>
      all
        .map(({ text }) => text)
        .join(' ')
        .split(/\s+/)
        .join(' ');
    expect(words(parts.flatMap((part) => part.sections))).toBe(words(sections));
    for (const part of parts) {
      expect(part.sections.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(40_000);
      expect(part.sections[0]?.text).toMatch(/^Paragraph/);
    }
  });
});

test('spread takes some of each series, evenly', () => {
  const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, n) => from + n);
  expect(spread([numbers(2)], 16, 6)).toEqual([0, 1]);
  expect(spread([numbers(100), numbers(1, 1000)], 5, 6)).toEqual([27, 42, 57, 72, 1000]);
  expect(spread([], 16, 6)).toEqual([]);
  expect(spread([numbers(30), numbers(30, 100)], 16, 6).length).toBe(12);
  expect(spread([numbers(30), numbers(30, 100), numbers(30, 200)], 16, 6).length).toBe(16);
});

test('problems of a kind are counted, not hoarded', () => {
  const problems = new Problems();
  for (let row = 1; row <= 1000; row++)
    problems.add({ file: '/x', code: 'damaged-file', message: `Row ${row}: A line is not valid JSON.` });
  for (let file = 0; file < 500; file++)
    problems.add({ file: `/${file}`, code: 'bad-input', message: 'Odd.' });
  const list = problems.list();
  expect(list[0]?.message).toBe('Row 1: A line is not valid JSON. (1000 times in this file.)');
  expect(list.length).toBe(201);
  expect(list.at(-1)?.message).toMatch(/^301 more/);
});
