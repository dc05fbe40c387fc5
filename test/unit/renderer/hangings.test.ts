import { describe, expect, it } from 'vitest';
import { firstHanging, firstSlice, stacksOf } from '../../../renderer/viewport/hangings.js';
import { neighbours } from '../../../renderer/viewport/neighbours.js';
import { instance, series, study } from './sample.js';

const chest = study([
  series('DX', [instance('lat', { view: 'lateral', viewPosition: 'LL' })]),
  series('DX', [instance('pa', { view: 'frontal', viewPosition: 'PA' })]),
]);
const volume = study([
  series(
    'CT',
    Array.from({ length: 9 }, (_, i) => instance(`ct${i}`)),
  ),
]);

describe('stacksOf', () => {
  it('gives each projection image a stack of its own, named by its view', () => {
    expect(stacksOf(chest).map((s) => [s.label, s.slices.length])).toEqual([
      ['Lateral LL', 1],
      ['Frontal PA', 1],
    ]);
  });

  it('gives a volume one stack in the order of its instances', () => {
    const [stack, ...others] = stacksOf(volume);
    expect(others).toEqual([]);
    expect(stack?.slices.map((s) => s.instance.uid)).toEqual(volume.series[0]?.instances.map((i) => i.uid));
  });

  it('unrolls the frames of a multi-frame instance', () => {
    const [stack] = stacksOf(study([series('US', [instance('loop', { frames: 3 })])]));
    expect(stack?.slices.map((s) => s.imageId)).toEqual(
      [0, 1, 2].map((frame) => `wetread://frame/1.2%2F3/loop/${frame}`),
    );
  });

  it('leaves out what has no pixels', () => {
    expect(stacksOf(study([series('SR', [instance('sr', { hasPixels: false })])]))).toEqual([]);
  });
});

describe('firstHanging', () => {
  const shown = (s: typeof chest) => firstHanging(stacksOf(s)).map((stack) => stack.slices[0]?.instance.uid);

  it('hangs the frontal left of the lateral, whatever their order', () => {
    expect(shown(chest)).toEqual(['pa', 'lat']);
  });
  it('hangs a volume alone and two mammogram views side by side', () => {
    expect(shown(volume)).toEqual(['ct0']);
    expect(shown(study([series('MG', [instance('r'), instance('l')])]))).toEqual(['r', 'l']);
  });
  it('hangs nothing where there is nothing to see', () => {
    expect(shown(study([]))).toEqual([]);
  });
});

it('starts a volume in its middle and a loop at its beginning', () => {
  const starts = [volume, study([series('US', [instance('loop', { frames: 30 })])])].map((s) => {
    const [stack] = stacksOf(s);
    return stack && firstSlice(stack);
  });
  expect(starts).toEqual([4, 0]);
});

it('fetches ahead the nearest slices first, within the stack and within reach', () => {
  expect(neighbours(1, 5)).toEqual([2, 0, 3, 4]);
  expect(neighbours(500, 1000)).toHaveLength(48);
});
