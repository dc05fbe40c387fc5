import { describe, expect, it } from 'vitest';
import { chooseViews } from '../../../main/encode/index.js';
import type { Study } from '../../../preload/values.js';
import { manifest } from './manifest.js';
import { instance, series, study } from './study.js';

const choose = (value: Study) => chooseViews(value, manifest());
const chosen = (value: Study) => {
  const views = choose(value);
  return Array.isArray(views) ? views.map((v) => v.instance.uid) : views.code;
};

describe('chooseViews', () => {
  it('takes one frontal and one lateral first, at most four', () => {
    const all = [
      instance('f1'),
      instance('f2'),
      instance('l1', { view: 'lateral' }),
      instance('u1', { view: 'unknown' }),
      instance('f3'),
    ];
    expect(chosen(study([series('DX', all, { bodyPart: 'CHEST' })]))).toEqual(['f1', 'l1', 'f2', 'u1']);
  });

  it.each(['CHEST', 'Thorax', 'CHEST_PA', 'THORAX^ROUTINE', 'TORAX', undefined, '', 'UNKNOWN'])(
    'takes body part %s',
    (bodyPart) => {
      expect(chosen(study([series('CR', [instance('a')], { bodyPart })]))).toEqual(['a']);
    },
  );

  it.each(['HAND', 'ABDOMEN', 'CSPINE', 'THORACIC SPINE', 'HIP', 'CHEST WALL'])(
    'abstains on body part %s',
    (bodyPart) => {
      expect(chosen(study([series('CR', [instance('a')], { bodyPart })]))).toBe('body-part');
    },
  );

  it.each(['CT', 'MR', 'US', 'MG', 'NM', 'XA', 'OT'])('abstains on modality %s', (modality) => {
    expect(chosen(study([series(modality, [instance('a')])]))).toBe('modality');
  });

  it('abstains on a mammogram even when its body part says chest', () => {
    expect(chosen(study([series('MG', [instance('a')], { bodyPart: 'CHEST' })]))).toBe('modality');
  });

  it('takes a chest secondary capture only where its tags say so', () => {
    expect(chosen(study([series('OT', [instance('a')], { bodyPart: 'CHEST' })]))).toEqual(['a']);
  });

  it('takes a plain image, whose pixels decide', () => {
    const plain = instance('a', { photometric: 'RGB', view: 'unknown' });
    expect(chosen(study([series('OT', [plain])], { source: 'image' }))).toEqual(['a']);
  });

  it('abstains on animals', () => {
    const dog = series('DX', [instance('a')], { bodyPart: 'THORAX', description: 'CANINE LATERAL THORAX' });
    expect(chosen(study([dog]))).toBe('body-part');
  });

  it('abstains on colour, on several frames and on thumbnails', () => {
    expect(chosen(study([series('DX', [instance('a', { photometric: 'YBR_FULL_422' })])]))).toBe('pixels');
    expect(chosen(study([series('DX', [instance('a', { frames: 20 })])]))).toBe('pixels');
    expect(chosen(study([series('DX', [instance('a', { rows: 32, columns: 32 })])]))).toBe('pixels');
  });

  it('abstains where there are only decubitus or oblique views', () => {
    expect(chosen(study([series('DX', [instance('a', { viewPosition: 'LLD' })])]))).toBe('view');
  });

  it('abstains where nothing can be shown', () => {
    expect(chosen(study([series('DX', [instance('a', { hasPixels: false })])]))).toBe('no-pixels');
    expect(chosen(study([]))).toBe('no-pixels');
  });

  it('uses the chest series of a study that also has others', () => {
    const mixed = study([
      series('DX', [instance('hand')], { bodyPart: 'HAND' }),
      series('DX', [instance('chest')], { bodyPart: 'CHEST' }),
      series('CT', [instance('ct')], { bodyPart: 'CHEST' }),
    ]);
    expect(chosen(mixed)).toEqual(['chest']);
  });

  it('says the reason in words', () => {
    expect(choose(study([series('CT', [instance('a')])]))).toMatchObject({
      reason: 'The model reads frontal and lateral chest radiographs. This study is CT.',
    });
  });
});
