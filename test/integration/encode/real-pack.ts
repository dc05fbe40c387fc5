import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadImage } from '../../../main/encode/index.js';
import { decodeFrame, dispose, loadStudies, renderGrey, resizeGrey } from '../../../main/study/index.js';
import type { Study } from '../../../preload/values.js';
import { instance, series, study } from '../../unit/encode/study.js';

/** The pack that ships; tests of it run as soon as it is in the repository. */
export const packFolder = join(import.meta.dirname, '../../../models/cxr');
export const hasPack = existsSync(join(packFolder, 'manifest.json'));

/** Pixels a side of the drawn images. */
export const SIZE = 256;
export const resize = resizeGrey;
export const disposeStudy = dispose;

export const readSample: ReadImage = async (value, { signal }) =>
  renderGrey(await decodeFrame(value, 0, { signal }));

/** The bundled two-view chest study. */
export async function loadSample(): Promise<Study> {
  const { studies } = await loadStudies([join(import.meta.dirname, '../../sample/study')]);
  const [sample] = studies;
  if (!sample) throw new Error('The bundled sample study is not in test/sample/study.');
  return sample;
}

/** A study that by its tags is a two-view chest radiograph. */
export const twoViews: Study = study([
  series(
    'DX',
    [
      instance('1.1', { rows: SIZE, columns: SIZE }),
      instance('1.2', { rows: SIZE, columns: SIZE, view: 'lateral' }),
    ],
    { bodyPart: 'CHEST' },
  ),
]);
