import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { type ImportPreview, TEXT_IN_PICTURE } from '../../../preload/values.js';
import { ImportOutcome } from '../../../renderer/import/import-outcome.js';
import { ImportPreviewView } from '../../../renderer/import/import-preview.js';
import { ImportProgress } from '../../../renderer/import/import-progress.js';
import { whatIsMissing } from '../../../renderer/import/import-view.js';
import { assign, kindFromName, roleOf } from '../../../renderer/import/mapping.js';
import { addMark, leftText, type Mark, rateOf } from '../../../renderer/import/rate.js';
import { cutPieces } from '../../../renderer/import/redacted.js';
import type { ImportPlan } from '../../../renderer/session/imports.js';
import { mapping } from './knowledge-sample.js';

const nothing = () => {};
const columns = ['id', 'text', 'impression', 'age'];

describe('the mapping of columns', () => {
  it('tells what a column is used as', () => {
    const held = mapping({ id: 'id', ageYears: 'age' });
    expect(columns.map((column) => roleOf(held, column))).toEqual(['id', 'section', 'unused', 'ageYears']);
    expect(roleOf(null, 'id')).toBe('unused');
  });
  it('makes a section of a column, in the order of the columns, named after it', () => {
    const held = assign(
      mapping({ sections: [{ column: 'impression', kind: 'impression' }] }),
      columns,
      'text',
      'section',
    );
    expect(held.sections).toEqual([
      { column: 'text', kind: 'text' },
      { column: 'impression', kind: 'impression' },
    ]);
  });
  it('keeps the kind of a section that the user named', () => {
    const named = assign(mapping(), columns, 'text', 'section', 'history');
    expect(named.sections).toEqual([{ column: 'text', kind: 'history' }]);
  });
  it('moves a field from one column to another', () => {
    const held = assign(mapping({ id: 'id' }), columns, 'age', 'id');
    expect(held).toEqual(mapping({ id: 'age' }));
  });
  it('gives a column that was something else one use only', () => {
    const held = assign(mapping({ id: 'id' }), columns, 'id', 'section');
    expect(held.id).toBeUndefined();
    expect(held.sections.map((s) => s.column)).toEqual(['id', 'text']);
  });
  it('takes a column out', () => {
    expect(assign(mapping(), columns, 'text', 'unused')).toEqual({ sections: [] });
  });
  it('reads the kind of a section from the name of its column', () => {
    expect(['Report_Findings', 'IMPRESSION ', 'Befund', '42'].map(kindFromName)).toEqual([
      'findings',
      'impression',
      'befund',
      'text',
    ]);
  });
});

describe('the rate of an import', () => {
  const marked = (...marks: [at: number, done: number][]) =>
    marks.reduce<Mark[]>((all, [at, done]) => addMark(all, { at, done }), []);
  it('is not told before it is known', () => {
    expect(rateOf(marked([0, 0]))).toBeUndefined();
    expect(rateOf(marked([0, 0], [100, 40]))).toBeUndefined();
    expect(rateOf(marked([0, 0], [5000, 0]))).toBeUndefined();
  });
  it('is that of the last half minute', () => {
    expect(rateOf(marked([0, 0], [2000, 400]))).toBe(200);
    const slowed = marked([0, 0], [5000, 5000], [60_000, 5100], [90_000, 5200]);
    expect(rateOf(slowed)).toBeLessThan(10);
  });
  it('begins again with another part of the work', () => {
    expect(marked([0, 0], [1000, 90], [1500, 2])).toEqual([{ at: 1500, done: 2 }]);
  });
  it('says how long it will take no more exactly than is known', () => {
    expect([leftText(5, 1), leftText(43, 1), leftText(600, 1), leftText(7300, 1)]).toEqual([
      'a few seconds left',
      'about 50 s left',
      'about 10 min left',
      'about 2 h left',
    ]);
  });
});

const preview: ImportPreview = {
  files: [
    { kind: 'CSV', count: 1 },
    { kind: 'text with images', count: 2 },
    { kind: 'PDF', count: 0 },
  ],
  tables: [
    {
      file: '/in/reports.csv',
      columns: ['id', 'text'],
      rows: [
        ['A-1', 'Clear lungs.'],
        ['A-2', ''],
      ],
      mapping: mapping({ id: 'id' }),
    },
  ],
  documents: [
    {
      title: 'Chest',
      file: '/in/reports.csv',
      snippets: 2,
      images: 0,
      pieces: [{ text: 'Seen by ' }, { text: 'Dr. Miller', removed: 'name' }, { text: '. Clear lungs.' }],
    },
  ],
  problems: [{ file: '/in/scan.pdf', code: 'bad-input', message: 'It holds no text.' }],
};

describe('the preview', () => {
  const html = renderToStaticMarkup(
    <ImportPreviewView
      preview={{ state: 'ready', value: preview }}
      progress={undefined}
      mapping={undefined}
      onMapping={nothing}
    />,
  );
  it('strikes through what will be removed and names its kind', () => {
    expect(html).toMatch(/<del[^>]*data-kind="name"[^>]*><span[^>]*>name<\/span><s>Dr\. Miller<\/s><\/del>/);
    expect(html).toContain('1 detail removed');
  });
  it('counts the files by kind, and leaves out those that are not there', () => {
    expect(html).toContain('<strong>1</strong> CSV file<');
    expect(html).toContain('<strong>2</strong> text files with images');
    expect(html).not.toContain('PDF files');
  });
  it('says of a column what it is used as, with values of its rows', () => {
    expect(html).toMatch(/data-column="id" data-role="id"/);
    expect(html).toMatch(/data-column="text" data-role="section"/);
    expect(html).toContain('A-2');
  });
  it('names what cannot be read, and why', () => {
    expect(html).toContain('1 file cannot be read');
    expect(html).toContain('It holds no text.');
  });
  it('shows the mapping as the user changed it before it is read again', () => {
    const changed = renderToStaticMarkup(
      <ImportPreviewView
        preview={{ state: 'reading', value: preview, task: 'x' }}
        progress={undefined}
        mapping={mapping({ sections: [{ column: 'id', kind: 'history' }] })}
        onMapping={nothing}
      />,
    );
    expect(changed).toMatch(/data-column="id" data-role="section"/);
    expect(changed).toMatch(/data-column="text" data-role="unused"/);
  });
});

it('a long text is cut between words, and what is removed is never cut in two', () => {
  const { pieces, cut } = cutPieces(
    [{ text: 'one two ' }, { text: 'Dr. Miller', removed: 'name' }, { text: ' three four five' }],
    12,
  );
  expect(cut).toBe(true);
  expect(pieces).toEqual([{ text: 'one two ' }, { text: 'Dr. Miller', removed: 'name' }]);
  expect(cutPieces([{ text: 'one two three' }], 9).pieces).toEqual([{ text: 'one two …' }]);
  expect(cutPieces([{ text: 'one' }], 9)).toEqual({ pieces: [{ text: 'one' }], cut: false });
});

describe('an import is held back', () => {
  const plan: ImportPlan = { dataset: null, title: 'New', paths: ['/in'], licence: '', vectors: true };
  const missing = (part: Partial<ImportPlan>) =>
    whatIsMissing({ plan: { ...plan, ...part }, preview: undefined });
  it('until there are files, a dataset and a text', () => {
    expect(missing({})).toBe('');
    expect(missing({ paths: [] })).toContain('Choose files');
    expect(missing({ title: ' ' })).toContain('Name');
    expect(missing({ title: '', dataset: 'chest' })).toBe('');
    expect(missing({ mapping: { sections: [] } })).toContain('column');
  });
  it('while nothing tells of what modality its files are', () => {
    const unsaid = { state: 'ready' as const, value: preview };
    expect(whatIsMissing({ plan, preview: unsaid })).toContain('modality');
    expect(whatIsMissing({ plan: { ...plan, modality: 'CT' }, preview: unsaid })).toBe('');
  });
  it('while its files cannot be read', () => {
    expect(whatIsMissing({ plan, preview: { state: 'failed', message: 'No.' } })).not.toBe('');
  });
});

it('the progress says how far it is, and stops twice as little as once', () => {
  const shown = (cancelling: boolean) =>
    renderToStaticMarkup(
      <ImportProgress
        progress={{ task: 't', label: 'Reading: 812 documents, 40 a second', done: 45, total: 100 }}
        cancelling={cancelling}
        onCancel={nothing}
      />,
    );
  expect(shown(false)).toContain('812 documents, 40 a second');
  expect(shown(false)).toContain('45 %');
  expect(shown(true)).toContain('Stopping');
  expect(shown(true)).toMatch(
    /disabled=""[^>]*data-testid="import-cancel"|data-testid="import-cancel"[^>]*disabled=""/,
  );
});

it('tells apart what cannot be read and pictures that somebody should look at', () => {
  const note = { file: '/in/a.png', code: TEXT_IN_PICTURE, message: 'Likely text in the picture (1 line).' };
  const shown = (problems: ImportPreview['problems']) =>
    renderToStaticMarkup(
      <ImportPreviewView
        preview={{ state: 'ready', value: { ...preview, problems } }}
        progress={undefined}
        mapping={undefined}
        onMapping={nothing}
      />,
    );
  expect(shown([...preview.problems, note])).toMatch(
    /1 file cannot be read.*scan\.pdf.*1 picture likely with text burned in.*a\.png/,
  );
  expect(shown([note])).not.toContain('cannot be read');
});

describe('the result', () => {
  const result = {
    dataset: 'chest',
    added: 1200,
    updated: 3,
    unchanged: 40,
    snippets: 9000,
    images: 12,
    removals: { name: 7, date: 1 },
    problems: preview.problems,
    version: 4,
  };
  const html = renderToStaticMarkup(
    <ImportOutcome result={result} title="Chest" seconds={12} onOpen={nothing} onClose={nothing} />,
  );
  it('tells what is new, what was removed and what could not be read', () => {
    for (const part of ['Imported into Chest', '1,200', '7 names', '1 date', 'version 4', 'scan.pdf'])
      expect(html).toContain(part);
  });
  it('says so where nothing came of it', () => {
    const none = { ...result, added: 0, updated: 0, unchanged: 0 };
    expect(
      renderToStaticMarkup(
        <ImportOutcome result={none} title="Chest" seconds={1} onOpen={nothing} onClose={nothing} />,
      ),
    ).toContain('Nothing was imported');
  });
});
