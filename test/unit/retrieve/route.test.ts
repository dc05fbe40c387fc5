import { describe, expect, test } from 'vitest';
import { routeBodyRegion, routeModality } from '../../../main/retrieve/index.js';
import { Series } from '../../../preload/values.js';

const series = (modality: string, more: Partial<Series> = {}, images = 1, viewPosition?: string) =>
  Series.parse({
    uid: '1.2',
    modality,
    instances: Array.from({ length: images }, (_, at) => ({
      uid: `1.2.${at}`,
      file: 'a.dcm',
      rows: 4,
      columns: 4,
      frames: 1,
      view: 'unknown',
      viewPosition,
      hasPixels: true,
    })),
    ...more,
  });
const route = (...of: Series[]) => routeModality({ series: of });

describe('routeModality', () => {
  test.each([
    ['CR', 'XR'],
    ['DX', 'XR'],
    ['RF', 'XR'],
    ['XA', 'XR'],
    ['PX', 'XR'],
    ['IO', 'XR'],
    ['ct ', 'CT'],
    ['MR', 'MR'],
    ['US', 'US'],
    ['IVUS', 'US'],
    ['MG', 'MG'],
    ['NM', 'NM'],
    ['PT', 'NM'],
  ])('%s → %s', (code, modality) => {
    expect(route(series(code))).toBe(modality);
  });

  test.each(['SR', 'PR', 'ECG', 'XC', 'OPT', 'OT', 'SC', ''])('%j tells nothing', (code) => {
    expect(route(series(code))).toBeUndefined();
  });

  test.each([
    ['Chest X-ray PA', 'XR'],
    ['CT thorax 1.25mm', 'CT'],
    ['T2 FLAIR axial', 'MR'],
    ['Obstetric ultrasound', 'US'],
    ['R MLO', 'MG'],
    ['Tc-99m bone scan', 'NM'],
    ['FDG PET-CT', 'NM'],
    ['CTA_CHEST', 'CT'],
  ])('a secondary capture described as %j → %s', (description, modality) => {
    expect(route(series('OT', { description }))).toBe(modality);
    expect(routeModality({ description, series: [series('SC')] })).toBe(modality);
  });

  test('a body part alone tells nothing, a view position does', () => {
    expect(route(series('OT', { bodyPart: 'BREAST' }))).toBeUndefined();
    expect(route(series('OT', {}, 1, 'PA'))).toBe('XR');
    expect(route(series('OT', {}, 1, 'MLO'))).toBe('MG');
  });

  test('the modality with most images decides, PET/CT is nuclear medicine', () => {
    expect(route(series('SR'), series('US', {}, 2), series('XA', {}, 9))).toBe('XR');
    expect(route(series('CT', {}, 300), series('PT', {}, 100))).toBe('NM');
  });
});

test.each([
  ['CHEST', 'chest'],
  ['HAND', 'msk'],
  ['TSPINE', 'spine'],
  ['CSPINE', 'spine'],
  ['ABDOMEN', 'abdomen'],
  ['BRAIN', 'head'],
  ['WHOLEBODY', 'whole-body'],
  ['chest', 'chest'],
  ['msk', 'msk'],
  ['', undefined],
  [undefined, undefined],
])('routeBodyRegion(%j) → %s', (bodyPart, region) => {
  expect(routeBodyRegion(bodyPart)).toBe(region);
});
