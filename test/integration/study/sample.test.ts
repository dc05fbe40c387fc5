import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { decodeFrame, dispose, loadStudies, renderGrey } from '../../../main/study/index.js';
import { Study } from '../../../preload/values.js';

const folder = fileURLToPath(new URL('../../sample/study', import.meta.url));

afterAll(dispose);

it('the sample is a chest in two views, with an indication, that loads without a problem', async () => {
  const { studies, problems } = await loadStudies([folder]);
  expect(problems).toEqual([]);
  expect(studies).toMatchObject([
    { source: 'dicom', patient: { name: 'Sample, Synthetic', sex: 'F' }, indication: 'Shortness of breath' },
  ]);
  expect(Study.parse(studies[0])).toEqual(studies[0]);
  const series = studies[0]?.series ?? [];
  expect(series.map(({ modality, bodyPart }) => [modality, bodyPart])).toEqual([
    ['DX', 'CHEST'],
    ['DX', 'CHEST'],
  ]);
  const instances = series.flatMap((one) => one.instances);
  expect(instances.map(({ view, viewPosition }) => [view, viewPosition])).toEqual([
    ['frontal', 'PA'],
    ['lateral', 'LL'],
  ]);
  expect(instances.reduce((sum, { file }) => sum + statSync(file).size, 0)).toBeLessThan(3 * 2 ** 20);
});

it('the sample shows a heart that reaches far to the left, and air at the apex and the right base', async () => {
  const { rows, columns, data } = renderGrey(await decodeFrame({ file: join(folder, 'chest-pa.dcm') }));
  // Mean of a square; fractions of the width and height, the patient's left on the right.
  const mean = (x: number, y: number) => {
    let sum = 0;
    for (let r = 0; r < 40; r++)
      for (let c = 0; c < 40; c++)
        sum += data[Math.round(y * rows + r) * columns + Math.round(x * columns + c)] ?? 0;
    return sum / 1600;
  };
  const heart = mean(0.72, 0.58);
  expect(heart).toBeGreaterThan(mean(0.16, 0.58) + 30);
  expect(heart).toBeGreaterThan(mean(0.74, 0.3) + 60);
});
