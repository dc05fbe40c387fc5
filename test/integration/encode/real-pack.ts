import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GreyImage, Resize } from '../../../main/encode/index.js';
import type { Study } from '../../../preload/values.js';
import { instance, series, study } from '../../unit/encode/study.js';

/** The pack that ships; tests of it run as soon as it is in the repository. */
export const packFolder = join(import.meta.dirname, '../../../models/cxr');
export const hasPack = existsSync(join(packFolder, 'manifest.json'));

const SIZE = 256;
export const resize: Resize = async (data) => data;

/** A crude frontal chest at the pack's own size: dark lungs, bright mediastinum and abdomen; `heart` widens the heart. */
export function paintChest(heart = 1): GreyImage {
  const data = new Uint8Array(SIZE * SIZE);
  for (let y = 0; y < SIZE; y++)
    for (let x = 0; x < SIZE; x++) {
      const [u, v] = [x / SIZE - 0.5, y / SIZE];
      const lung = (side: number) => ((u - side * 0.2) / 0.17) ** 2 + ((v - 0.48) / 0.36) ** 2 < 1;
      const isHeart = ((u - 0.06) / (0.15 * heart)) ** 2 + ((v - 0.66) / 0.17) ** 2 < 1;
      const ribs = 14 * Math.sin(v * 60 + Math.abs(u) * 18);
      const body = Math.abs(u) < 0.46 ? 165 : 30;
      const value = isHeart
        ? 205
        : Math.abs(u) < 0.06
          ? 215
          : lung(-1) || lung(1)
            ? 70 + ribs
            : body + (v > 0.8 ? 40 : 0);
      data[y * SIZE + x] = Math.max(0, Math.min(255, value));
    }
  return { rows: SIZE, columns: SIZE, data };
}

export const twoViews: Study = study(
  [
    series(
      'DX',
      [
        instance('1.1', { rows: SIZE, columns: SIZE }),
        instance('1.2', { rows: SIZE, columns: SIZE, view: 'lateral' }),
      ],
      { bodyPart: 'CHEST' },
    ),
  ],
  { indication: 'Shortness of breath' },
);
