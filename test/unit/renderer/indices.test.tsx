import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { DatasetRail } from '../../../renderer/indices/dataset-rail.js';
import { DocumentList } from '../../../renderer/indices/document-list.js';
import { DocumentText, sectionsWithin } from '../../../renderer/indices/document-reader.js';
import { ModalityTable } from '../../../renderer/indices/modality-table.js';
import { VersionList } from '../../../renderer/indices/version-list.js';
import { RollbackChange } from '../../../renderer/indices/versions.js';
import { SearchResults } from '../../../renderer/search/search-results.js';
import { emptyForm, filtersOf } from '../../../renderer/search/use-search.js';
import { dataset, document, snippet, version } from './knowledge-sample.js';

const nothing = () => {};

describe('the list of datasets', () => {
  const html = renderToStaticMarkup(
    <DatasetRail
      datasets={[dataset('a'), dataset('b', { kind: 'shared', state: 'away' })]}
      known={true}
      chosen="b"
      searching={false}
      importing={{ shown: false, running: true }}
      onSearch={nothing}
      onChoose={nothing}
      onNew={nothing}
      onShare={nothing}
      onImport={nothing}
      onImporting={nothing}
    />,
  );
  it('tells state and kind in words', () => {
    for (const part of ['Ready', 'Away', 'Shared', '1,203 documents', 'Import running'])
      expect(html).toContain(part);
  });
  it('marks the one that is shown', () => {
    expect(html).toMatch(/aria-current="page"[^>]*data-dataset="b"/);
    expect(html.match(/aria-current="page"/g)).toHaveLength(1);
  });
});

it('a dataset is counted by modality and as a whole', () => {
  const html = renderToStaticMarkup(<ModalityTable dataset={dataset('a')} />);
  for (const part of ['XR · radiography', '9,000', '2.5 MB', '1,203', '2.6 MB']) expect(html).toContain(part);
});

describe('documents', () => {
  const list = (ticked?: ReadonlySet<string>) =>
    renderToStaticMarkup(
      <DocumentList
        documents={[document('a'), document('b', { origin: '', removals: {} })]}
        open="a"
        ticked={ticked}
        onOpen={nothing}
        onTick={nothing}
      />,
    );
  it('say where they come from and what was removed', () => {
    expect(list()).toContain('a.txt');
    expect(list()).toContain('Removed: 2 names, 1 date');
  });
  it('can be ticked only where they can be deleted', () => {
    expect(list()).not.toContain('checkbox');
    expect(list(new Set(['b'])).match(/checked=""/g)).toHaveLength(1);
  });
  it('are read section by section, with the placeholders set apart', () => {
    const html = renderToStaticMarkup(
      <DocumentText
        dataset="chest"
        document={{
          ...document('a', { images: 2 }),
          sections: [
            { kind: 'history', text: 'Seen by [name] on [date]; [sic] as written.' },
            { kind: 'impression', text: 'Clear.' },
          ],
        }}
      />,
    );
    expect(html.match(/data-testid="placeholder"/g)).toHaveLength(2);
    expect(html).toContain('<h3>History</h3>');
    expect(html).toContain('src="wetread://case/chest/a/1"');
    expect(html).toContain('Department use only');
  });
});

it('a long document is laid out part by part, never nothing of it', () => {
  const sections = (lengths: number[]) =>
    lengths.map((length) => ({ kind: 'text', text: 'x'.repeat(length) }));
  expect(sectionsWithin(sections([10, 10, 10]), 8000)).toBe(3);
  expect(sectionsWithin(sections([5000, 2000, 3000, 10]), 8000)).toBe(2);
  expect(sectionsWithin(sections([90_000, 10]), 8000)).toBe(1);
  expect(sectionsWithin([], 8000)).toBe(0);
});

describe('versions', () => {
  const versions = [version(3, { current: true }), version(2), version(1)];
  it('can be brought back, all but the one in use', () => {
    const html = renderToStaticMarkup(<VersionList versions={versions} onRollback={nothing} />);
    expect(html.match(/data-testid="rollback"/g)).toHaveLength(2);
    expect(html).toContain('In use');
  });
  it('say what would change', () => {
    const [three, , one] = versions;
    if (!one) throw new Error('no version');
    const html = renderToStaticMarkup(<RollbackChange from={three} to={one} between={versions} />);
    expect(html).toContain('<strong>10</strong> documents instead of 30');
    expect(html).toContain('Version 3: Note of 3');
    expect(html).toContain('Version 2: Note of 2');
    expect(html).not.toContain('Version 1: Note of 1');
  });
});

describe('the filters of a search', () => {
  it('are left out where nothing is chosen', () => {
    expect(filtersOf(emptyForm)).toBeUndefined();
  });
  it('take a range of ages with one end, and in any order', () => {
    const ages = (ageFrom: string, ageTo: string) => filtersOf({ ...emptyForm, ageFrom, ageTo })?.ageYears;
    expect([ages('40', ''), ages('', '18'), ages('70', '60'), ages('0', '0')]).toEqual([
      [40, 150],
      [0, 18],
      [60, 70],
      [0, 0],
    ]);
  });
  it('name the dataset as a list', () => {
    expect(filtersOf({ ...emptyForm, dataset: 'chest', sex: 'F', finding: 'nodule' })).toEqual({
      datasets: ['chest'],
      sex: 'F',
      finding: 'nodule',
    });
  });
});

describe('what a search found', () => {
  const evidence = {
    modality: 'XR' as const,
    query: 'angle',
    documents: [{ id: 'd', dataset: 'chest', title: 'Effusion', score: 0.9, scores: {} }],
    snippets: [snippet('s', { cues: [[4, 12]] })],
    problems: [{ file: 'Clinic', code: 'index-away', message: 'It does not answer.' }],
  };
  it('marks the cues and tells quietly which dataset could not be asked', () => {
    const html = renderToStaticMarkup(<SearchResults found={evidence} onOpen={nothing} />);
    expect(html).toMatch(/<mark[^>]*>effusion<\/mark>/);
    expect(html).toContain('1 dataset could not be asked');
    expect(html).toContain('Clinic');
  });
  it('says so where nothing fits', () => {
    const html = renderToStaticMarkup(
      <SearchResults found={{ ...evidence, documents: [], snippets: [] }} onOpen={nothing} />,
    );
    expect(html).toContain('Nothing in the indices fits.');
  });
});
