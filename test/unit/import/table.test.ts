import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../../main/import/fields.js';
import {
  columnsOf,
  guessMapping,
  readAge,
  readSex,
  readView,
  recordOf,
} from '../../../main/import/mapping.js';
import { csvRows, delimiterOf, jsonLineRows, jsonRows, readTable } from '../../../main/import/read-table.js';
import type { ImportRecord } from '../../../main/import/record.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-table-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, content: string | Buffer) => {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
};
async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
async function recordsOf(file: string, kind: 'CSV' | 'JSON Lines' | 'JSON') {
  const read = await all(readTable(file, kind));
  const records: ImportRecord[] = read.flatMap((one) => ('record' in one ? [one.record] : []));
  const problems = read.flatMap((one) => ('problem' in one ? [one.problem] : []));
  return { records, problems };
}

const guess = (rows: Row[]) => guessMapping(columnsOf(rows), rows);

describe('guessMapping', () => {
  test('knows the columns of reports by their names', () => {
    expect(
      guess([
        {
          'Accession Number': 'A1',
          Modality: 'DX',
          'Patient Age': '63',
          Gender: 'M',
          'Study Description': 'Chest',
          'Clinical History': 'Cough',
          FINDINGS: 'Clear',
          Impression: 'Normal',
          'Image Files': 'a.jpg',
        },
      ]),
    ).toEqual({
      sections: [
        { column: 'Study Description', kind: 'exam' },
        { column: 'Clinical History', kind: 'history' },
        { column: 'FINDINGS', kind: 'findings' },
        { column: 'Impression', kind: 'impression' },
      ],
      id: 'Accession Number',
      modality: 'Modality',
      ageYears: 'Patient Age',
      sex: 'Gender',
      images: 'Image Files',
    });
  });

  test('reaches into nested objects', () => {
    const rows = [
      {
        id: 'c1',
        title: 'A cyst',
        patient: { age: 40, sex: 'F' },
        images: [{ file: 'a.jpg', modality: 'MR', caption: 'A thin-walled cyst.', plane: 'Axial' }],
        discussion: 'Cysts are common.',
      },
    ];
    expect(guess(rows)).toEqual({
      sections: [
        { column: 'images[].caption', kind: 'caption' },
        { column: 'discussion', kind: 'discussion' },
      ],
      id: 'id',
      title: 'title',
      modality: 'images[].modality',
      ageYears: 'patient.age',
      sex: 'patient.sex',
      images: 'images',
    });
  });

  test('falls back on the longest text, and on nothing where there is none', () => {
    const long = 'The lungs are clear and the heart is of normal size, without change.';
    expect(guess([{ nr: '1', befund: long, url: `https://example.org/${long}` }])).toEqual({
      sections: [{ column: 'befund', kind: 'text' }],
    });
    expect(guess([{ a: '1', b: '2' }])).toBeNull();
    expect(guess([])).toBeNull();
  });
});

describe('recordOf', () => {
  test('takes what the mapping names, and keeps what names the patient for removal', () => {
    const record = recordOf(
      {
        uid: 'RX-2231',
        patient_name: 'Ahlers, Grete',
        referring_physician: 'Dr. Wulf Sander',
        age: '091Y',
        sex: 'female',
        exam: 'Chest PA',
        findings: 'Clear.',
        impression: 'n/a',
        images: [
          { file: 'a.jpg', projection: 'Lateral' },
          { file: 'b.jpg', projection: 'Frontal' },
        ],
      },
      {
        sections: [
          { column: 'exam', kind: 'exam' },
          { column: 'findings', kind: 'findings' },
          { column: 'impression', kind: 'impression' },
        ],
        id: 'uid',
        ageYears: 'age',
        sex: 'sex',
        images: 'images',
      },
      '/x/t.jsonl',
      1,
    );
    expect(record).toEqual({
      file: '/x/t.jsonl',
      key: 'RX-2231',
      topic: 'report',
      sections: [
        { kind: 'exam', text: 'Chest PA' },
        { kind: 'findings', text: 'Clear.' },
      ],
      images: [
        { file: 'a.jpg', view: 'lateral' },
        { file: 'b.jpg', view: 'frontal' },
      ],
      ageYears: 91,
      sex: 'F',
      known: ['Ahlers, Grete', 'Dr. Wulf Sander', 'RX-2231'],
      codes: [],
      sources: [],
    });
  });

  test('a report in one column is read by its headings; a row without an id is known by its place', () => {
    const record = recordOf(
      { text: 'FINDINGS: Clear. IMPRESSION: Normal.', files: 'a.png; b.png' },
      { sections: [{ column: 'text', kind: 'text' }], images: 'files' },
      '/x/t.csv',
      7,
    );
    expect(record).toMatchObject({
      key: 'row 7',
      topic: 'report',
      sections: [
        { kind: 'findings', text: 'Clear.' },
        { kind: 'impression', text: 'Normal.' },
      ],
      images: [{ file: 'a.png' }, { file: 'b.png' }],
    });
  });

  test('ages, sexes and views as tables write them', () => {
    expect(['63', '063Y', '63 years', '18 months', '3 weeks', '200', '', undefined].map(readAge)).toEqual([
      ...[63, 63, 63, 1, 0],
      ...[undefined, undefined, undefined],
    ]);
    expect(['M', 'male', 'Woman', 'w', 'diverse', '?'].map(readSex)).toEqual([
      'M',
      'M',
      'F',
      'F',
      'O',
      undefined,
    ]);
    expect(['PA', 'AP portable', 'Lateral', 'LL', 'oblique', undefined].map(readView)).toEqual([
      ...['frontal', 'frontal', 'lateral', 'lateral'],
      ...['unknown', 'unknown'],
    ]);
  });
});

describe('CSV', () => {
  test('separators, quotation marks, line ends within fields, a byte order mark, Windows-1252', async () => {
    expect(['a,b;c', 'a;"x,y,z";c', 'a\tb\tc', 'a|b'].map(delimiterOf)).toEqual([',', ';', '\t', '|']);
    const file = await write(
      'a.csv',
      Buffer.from('\uFEFFid;findings\r\n1;"Herz ""groß"";\nErguß"\r\n\r\n2;Clear\r\n', 'utf8'),
    );
    expect((await all(csvRows(file))).map((one) => 'row' in one && one.row)).toEqual([
      { id: '1', findings: 'Herz "groß";\nErguß' },
      { id: '2', findings: 'Clear' },
    ]);
    const western = await write('b.csv', Buffer.from('id,findings\n1,Erguß\n', 'latin1'));
    expect((await recordsOf(western, 'CSV')).records[0]?.sections).toEqual([
      { kind: 'findings', text: 'Erguß' },
    ]);
  });

  test('a damaged row is told, the others are read', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => (n === 30 ? `${n},"open` : `${n},Finding ${n}`));
    const file = await write('c.csv', `id,findings\n${rows.join('\n')}\n`);
    const { records, problems } = await recordsOf(file, 'CSV');
    expect(records.length).toBe(30);
    expect(problems).toMatchObject([
      { code: 'damaged-file', message: expect.stringMatching(/quotation mark/) },
    ]);
  });

  test('a table without text, or without rows, says so', async () => {
    const none = await recordsOf(await write('d.csv', 'a,b\n1,2\n'), 'CSV');
    expect(none.problems).toMatchObject([
      { code: 'bad-input', message: expect.stringMatching(/which columns/) },
    ]);
    const empty = await recordsOf(await write('e.csv', ''), 'CSV');
    expect(empty.problems).toMatchObject([{ code: 'bad-input', message: 'The table has no rows.' }]);
  });
});

describe('JSON', () => {
  test('a line that is no object is told with its place, the others are read', async () => {
    const file = await write(
      'a.jsonl',
      '{"findings":"One is clear."}\n{broken\n[1]\n\n{"findings":"Two is clear."}',
    );
    const { records, problems } = await recordsOf(file, 'JSON Lines');
    expect(records.map(({ key }) => key)).toEqual(['row 1', 'row 4']);
    expect(problems.map(({ message }) => message)).toEqual([
      'Row 2: A line is not valid JSON.',
      'Row 3: A line is not a JSON object.',
    ]);
  });

  test('a line of absurd length costs only itself, and no memory to speak of', async () => {
    const file = await write(
      'long.jsonl',
      `{"findings":"First."}\n{"findings":"${'x'.repeat(9_000_000)}"}\n{"findings":"Last."}\n`,
    );
    const rows = await all(jsonLineRows(file));
    expect(rows.map((one) => ('row' in one ? one.row.findings : one.problem))).toEqual([
      'First.',
      'A line is too long.',
      'Last.',
    ]);
  });

  test('a list, a list in a field, one object, and lines under another name', async () => {
    const row = { findings: 'Clear.' };
    for (const content of [
      JSON.stringify([row]),
      JSON.stringify({ count: 1, reports: [row] }),
      JSON.stringify(row),
      `${JSON.stringify(row)}\n`,
    ])
      expect(await all(jsonRows(await write('a.json', content)))).toEqual([{ row, place: 1 }]);
    expect((await all(jsonRows(await write('b.json', `{"a":1}\n{"a":2}\n`)))).length).toBe(2);
    await expect(all(jsonRows(await write('c.json', '{"a":')))).rejects.toMatchObject({
      code: 'damaged-file',
    });
  });

  test('a name of the prototype is no field', () => {
    const row: Row = JSON.parse('{"__proto__": {"findings": "x"}, "constructor": "y", "text": "z"}');
    const mapping = {
      sections: [
        { column: 'findings', kind: 'findings' },
        { column: 'toString', kind: 'text' },
      ],
    };
    expect(recordOf(row, mapping, '/x', 1).sections).toEqual([]);
  });
});
