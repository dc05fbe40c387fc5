import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isReport, reportKind, splitReport } from '../../../main/import/blocks.js';
import { decodeText, readTextFile, textPieces } from '../../../main/import/decode-text.js';
import { kindOf } from '../../../main/import/file-kind.js';
import { parseMarkdown } from '../../../main/import/read-markdown.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-text-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const wide = (text: string, big = false) => {
  const bytes = Buffer.from(text, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

describe('decodeText', () => {
  const text = 'Röntgen: Erguß rechts, 5 µm';
  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['Latin-1', Buffer.from(text, 'latin1')],
    ['UTF-16 little endian with a mark', wide(`\uFEFF${text}`)],
    ['UTF-16 big endian with a mark', wide(`\uFEFF${text}`, true)],
    ['UTF-16 little endian without a mark', wide(text)],
    ['UTF-16 big endian without a mark', wide(text, true)],
  ])('reads %s', (_name, bytes) => {
    expect(decodeText(bytes)).toBe(text);
  });

  test('reads nothing as nothing', () => {
    expect(decodeText(Buffer.alloc(0))).toBe('');
  });
});

test('textPieces keeps every character of a long file, whatever the encoding', async () => {
  const line = 'Kein Pleuraerguß, Herzgröße normal – 5 µm.\n';
  const text = line.repeat(20_000);
  const file = join(folder, 'long.txt');
  for (const bytes of [Buffer.from(text), wide(`\uFEFF${text}`), wide(text)]) {
    await writeFile(file, bytes);
    const pieces: string[] = [];
    for await (const piece of textPieces(file)) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('')).toBe(text);
  }
  const western = text.replaceAll('–', '-');
  await writeFile(file, Buffer.from(western, 'latin1'));
  let read = '';
  for await (const piece of textPieces(file)) read += piece;
  expect(read).toBe(western);
});

test('readTextFile refuses what is too long and what is no text', async () => {
  const file = join(folder, 'odd.txt');
  await writeFile(file, 'a'.repeat(200));
  await expect(readTextFile(file, 100)).rejects.toMatchObject({ code: 'limit-exceeded' });
  await writeFile(file, Buffer.from([1, 0, 0, 0, 5, 0, 0, 0, 9, 65, 66, 0, 1]));
  await expect(readTextFile(file)).rejects.toMatchObject({ code: 'bad-input' });
  await expect(readTextFile(join(folder, 'gone.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
});

describe('kindOf', () => {
  test.each([
    ['a.txt', 'FINDINGS: clear', 'text'],
    ['README', 'words', 'text'],
    ['a.md', '# Title', 'Markdown'],
    ['a.txt', '%PDF-1.7 …', 'PDF'],
    ['a.csv', 'id;findings', 'CSV'],
    ['a.jsonl', '{"id": 1}', 'JSON Lines'],
    ['a.json', '[{"id": 1}]', 'JSON'],
    ['a.json', '{"resourceType": "Bundle"}', 'FHIR'],
    ['a.ndjson', '{"resourceType":"DiagnosticReport"}', 'FHIR'],
    ['a.docx', 'PK\u0003\u0004', 'DOCX'],
    ['a.zip', 'PK\u0003\u0004', 'other'],
    ['a.html', '<p>words</p>', 'other'],
    ['a.exe', 'MZ\u0000\u0001\u0000\u0000', 'other'],
    ['a.txt', `x${'\u0000\u0001\u0002'.repeat(20)}`, 'other'],
    ['x', `${'\u0000'.repeat(128)}DICM`, 'DICOM image'],
    ['x', `${'\u0000'.repeat(128)}DICM…1.2.840.10008.5.1.4.1.1.88.22`, 'DICOM report'],
  ])('%s beginning %j is %s', (name, head, kind) => {
    expect(kindOf(name, Buffer.from(head, 'latin1'))).toBe(kind);
  });

  test('pictures by their first bytes, whatever the name', () => {
    expect(kindOf('a.txt', Buffer.from([0xff, 0xd8, 0xff, 0xe0]))).toBe('picture');
    expect(kindOf('a', Buffer.from([0x89, 0x50, 0x4e, 0x47]))).toBe('picture');
  });
});

describe('splitReport', () => {
  const kinds = (text: string) => splitReport(text).map(({ kind, text: said }) => [kind, said]);

  test('finds headings at the start of lines, before a colon or alone', () => {
    expect(
      kinds(
        'Examination: Chest PA\n\nClinical information:\nCough.\nFindings\nThe lungs are clear.\nNo effusion.\n\nIMPRESSION:\n1. Normal chest.',
      ),
    ).toEqual([
      ['exam', 'Chest PA'],
      ['history', 'Cough.'],
      ['findings', 'The lungs are clear.\nNo effusion.'],
      ['impression', '1. Normal chest.'],
    ]);
  });

  test('finds headings in capitals within one long line', () => {
    expect(
      kinds('INDICATION: Cough. COMPARISON: None. FINDINGS: Heart: normal. IMPRESSION: No acute disease.'),
    ).toEqual([
      ['indication', 'Cough.'],
      ['comparison', 'None.'],
      ['findings', 'Heart: normal.'],
      ['impression', 'No acute disease.'],
    ]);
  });

  test('leaves a word within a sentence, and text without headings, alone', () => {
    const text = 'The findings: as above, with a history of asthma.\nNo conclusion: wait.';
    expect(kinds(text)).toEqual([['text', text]]);
    expect(kinds('')).toEqual([]);
  });

  test('knows a report by what it says', () => {
    expect(isReport(splitReport('Opinion: normal.'))).toBe(true);
    expect(isReport(splitReport('A pneumothorax is air in the pleural space.'))).toBe(false);
    expect(reportKind('Reason for exam:')).toBe('indication');
    expect(reportKind('Pitfalls')).toBeUndefined();
  });
});

describe('parseMarkdown', () => {
  test('honours the front matter of the knowledge base', () => {
    const record = parseMarkdown(
      `---
id: ct-example
title: Fat halo sign
modality: CT
bodyRegion: abdomen
topic: appearance
findings: []
codes:
  - { system: ICD-10, code: K50, display: Crohn disease }
sources:
  - "A textbook (2019)"
licence: Own
version: 2026-11-22.1
---

## Appearance

- A **fat** ring in the [bowel wall](https://example.org) is a sign of chronic inflammation.
- It is \`thin\`.

## Pitfalls

Obesity makes
the same ring.
`,
      '/x/ct-example.md',
    );
    expect(record).toMatchObject({
      topic: 'article',
      title: 'Fat halo sign',
      modality: 'CT',
      bodyRegion: 'abdomen',
      codes: ['ICD-10:K50'],
      sources: ['A textbook (2019)'],
      licence: 'Own',
      version: '2026-11-22.1',
    });
    expect(record.sections).toEqual([
      {
        kind: 'appearance',
        text: 'A fat ring in the bowel wall is a sign of chronic inflammation.\n\nIt is thin.',
      },
      { kind: 'pitfalls', text: 'Obesity makes the same ring.' },
    ]);
  });

  test('takes headings where there is no front matter, and front matter of others as far as it fits', () => {
    const record = parseMarkdown(
      '---\ntags: [a, b]\nmodality: 7\nsources: none\n---\n# Our way with nodules\n\n## When to follow up\nAfter three months.',
      '/x/a.md',
    );
    expect(record).toMatchObject({
      title: 'Our way with nodules',
      sections: [{ kind: 'when to follow up', text: 'After three months.' }],
      sources: [],
    });
    expect(record.modality).toBeUndefined();
  });

  test('front matter that is no YAML, or unfolds without end, costs only itself', () => {
    const bomb = '---\na: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n---\n## Findings\nClear.';
    expect(parseMarkdown(bomb, '/x/a.md')).toMatchObject({ topic: 'report' });
    expect(parseMarkdown('---\n: [\n---\nWords that stay.', '/x/a.md').sections).toEqual([
      { kind: 'text', text: 'Words that stay.' },
    ]);
  });

  test('HTML and scripts stay the text that they are', () => {
    const { sections } = parseMarkdown(
      '<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>',
      '/x/a.md',
    );
    expect(sections[0]?.text).toBe('<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>');
  });
});
