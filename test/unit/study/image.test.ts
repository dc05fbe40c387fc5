import { describe, expect, it } from 'vitest';
import { resizeGrey, thumbnail } from '../../../main/study/image.js';
import type { Frame } from '../../../preload/values.js';

describe('resizeGrey', () => {
  it('squashes to the size asked for and averages what it shrinks', async () => {
    const stripes = Uint8Array.from({ length: 400 * 300 }, (_, i) => (i % 2 === 0 ? 0 : 200));
    const small = await resizeGrey(stripes, 400, 300, 32, 32);
    expect(small.length).toBe(32 * 32);
    const inner = [...small].filter((_, i) => i % 32 > 1 && i % 32 < 30);
    expect(Math.min(...inner)).toBeGreaterThan(96);
    expect(Math.max(...inner)).toBeLessThan(104);
  });

  it('leaves an image of that size as it is', async () => {
    const data = Uint8Array.from({ length: 16 }, (_, i) => i);
    expect(await resizeGrey(data, 4, 4, 4, 4)).toEqual(data);
  });
});

describe('thumbnail', () => {
  it('is a JPEG that keeps the proportions', async () => {
    const frame: Frame = {
      rows: 100,
      columns: 200,
      kind: 'grey',
      type: 'uint16',
      min: 0,
      max: 4095,
      window: { center: 2048, width: 4096 },
      invert: false,
      data: new Uint16Array(20_000).fill(3000),
    };
    const jpeg = await thumbnail(frame, 64);
    expect([...jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    const { measureImage } = await import('../../../main/study/image.js');
    expect(await measureImage(jpeg)).toMatchObject({ rows: 32, columns: 64 });
  });
});
