import { expect, test } from 'vitest';
import { telling } from '../../../main/look-alike.js';
import type { Instance, Series } from '../../../preload/values.js';

const instance = (uid: string, hasPixels = true): Instance => ({
  ...{ uid, file: `/${uid}`, rows: 8, columns: 8, frames: 1, imageType: [], view: 'unknown', hasPixels },
});
const series = (uid: string, count: number): Series => ({
  ...{ uid, modality: 'CT', instances: Array.from({ length: count }, (_, n) => instance(`${uid}.${n}`)) },
});
const uids = (instances: Instance[]) => instances.map(({ uid }) => uid);

test('a study of few images is told by all that have pixels', () => {
  const study = { series: [{ ...series('a', 2), instances: [instance('a.0'), instance('a.1', false)] }] };
  expect(uids(telling(study))).toEqual(['a.0']);
});

test('a stack is told by six images of the middle of its largest series, in order and never twice', () => {
  const chosen = uids(telling({ series: [series('scout', 2), series('b', 100)] }));
  expect(chosen).toEqual(['b.20', 'b.32', 'b.44', 'b.56', 'b.68', 'b.80']);
});
