import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findingIds } from '../../../main/findings/vocabulary.js';
import { checkDocuments, readDocuments } from '../../../main/retrieve/index.js';

const folder = fileURLToPath(new URL('../../../indices', import.meta.url));

test('the built-in knowledge base is sound, and as large as it was meant to be', async () => {
  const { documents, snippets, problems } = await checkDocuments(folder);
  expect(problems).toEqual([]);
  expect(documents).toBeGreaterThanOrEqual(320);
  expect(snippets).toBeGreaterThanOrEqual(documents * 7);
});

test('it covers every modality, and every finding of the chest radiograph', async () => {
  const { documents } = await readDocuments(folder);
  expect(new Set(documents.map(({ modality }) => modality))).toEqual(
    new Set(['XR', 'CT', 'MR', 'US', 'MG', 'NM']),
  );
  const spokenOf = new Set(
    documents
      .filter(({ modality }) => modality === 'XR')
      .flatMap(({ snippets }) => snippets.flatMap((s) => s.findings)),
  );
  expect([...findingIds].filter((id) => !spokenOf.has(id))).toEqual([]);
});

test.each([
  ['XR', 'chest', 60],
  ['XR', 'msk', 30],
  ['XR', 'abdomen', 9],
  ['XR', 'spine', 6],
  ['CT', 'head', 15],
  ['CT', 'chest', 15],
  ['CT', 'abdomen', 20],
  ['CT', 'spine', 3],
  ['CT', 'vascular', 5],
  ['MR', 'head', 15],
  ['MR', 'spine', 9],
  ['MR', 'msk', 12],
  ['MR', 'abdomen', 7],
  ['MR', 'pelvis', 11],
  ['US', undefined, 28],
  ['MG', undefined, 15],
  ['NM', undefined, 25],
] as const)(
  '%s %s has at least %i documents, each of seven statements or more and one for the report',
  async (modality, region, least) => {
    const { documents } = await readDocuments(folder);
    const of = documents.filter(
      (document) =>
        document.modality === modality && (region === undefined || document.bodyRegion === region),
    );
    expect(of.length).toBeGreaterThanOrEqual(least);
    expect(of.filter(({ snippets }) => snippets.length < 7).map(({ id }) => id)).toEqual([]);
    expect(
      of
        .filter(({ snippets }) => !snippets.some(({ kind }) => kind === 'report phrasing'))
        .map(({ id }) => id),
    ).toEqual([]);
  },
);

test.each([
  ['Fleischner', 2017],
  ['BI-RADS', 2013],
  ['LI-RADS', 2018],
  ['TI-RADS', 2017],
  ['PI-RADS', 2019],
  ['Lung-RADS', 2022],
  ['O-RADS', 2020],
  ['NI-RADS', 2018],
  ['C-RADS', 2005],
  ['VI-RADS', 2018],
  ['Node-RADS', 2021],
  ['CAD-RADS', 2022],
  ['ASPECTS', 2000],
  ['Bosniak', 2019],
  ['AAST', 2018],
  ['Lugano', 2014],
  ['Deauville', 2014],
  ['RECIST', 2009],
  ['Kellgren-Lawrence', 1957],
  ['Modic', 1988],
  ['Pfirrmann', 2001],
  ['RANO', 2010],
  ['Goutallier', 1994],
  ['Schatzker', 1979],
  ['Garden', 1961],
  ['Weber', 1972],
  ['Gartland', 1959],
  ['Neer', 1970],
  ['Fisher', 1980],
  ['WFNS', 1988],
] as const)('%s is told, with a source of %i', async (name, year) => {
  const { documents } = await readDocuments(folder);
  const telling = documents.filter(({ snippets }) => snippets.some(({ text }) => text.includes(name)));
  expect(
    telling.flatMap(({ sources }) => sources).filter((source) => source.endsWith(` ${year}`)),
  ).not.toEqual([]);
});
