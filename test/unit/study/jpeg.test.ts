import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeJpeg } from '../../../main/study/jpeg.js';

const size = 96;
const pixels = Uint8Array.from({ length: size * size }, (_, i) => {
  const x = i % size;
  const y = Math.floor(i / size);
  return 128 + 90 * Math.sin(x / 9) * Math.cos(y / 7) + ((x * 31 + y * 17) % 13);
});
const picture = () => sharp(pixels, { raw: { width: size, height: size, channels: 1 } });

describe('decodeJpeg', () => {
  it.each([
    ['sequential', { quality: 90, progressive: false }],
    ['sequential with its own code tables', { quality: 60, progressive: false, optimizeCoding: true }],
    ['progressive', { quality: 90, progressive: true }],
  ])('agrees with libjpeg on %s coding', async (_, options) => {
    const jpeg = await picture().toColourspace('b-w').jpeg(options).toBuffer();
    const ours = decodeJpeg(jpeg, 2 ** 24);
    const theirs = await sharp(jpeg).toColourspace('b-w').raw().toBuffer();
    expect([ours.columns, ours.rows, ours.precision, ours.components]).toEqual([size, size, 8, 1]);
    const worst = Math.max(...Array.from(ours.data, (value, i) => Math.abs(value - (theirs[i] ?? 0))));
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('refuses what is cut short', async () => {
    const jpeg = await picture().toColourspace('b-w').jpeg().toBuffer();
    const cut = jpeg.subarray(0, Math.floor(jpeg.length * 0.6));
    expect(() => decodeJpeg(cut, 2 ** 24)).toThrow(expect.objectContaining({ code: 'damaged-file' }));
  });

  it('refuses what is too large, and what is not JPEG', () => {
    const huge = Uint8Array.of(
      0xff,
      0xd8,
      0xff,
      0xc0,
      0,
      11,
      8,
      0xff,
      0xff,
      0xff,
      0xff,
      1,
      1,
      0x11,
      0,
      0xff,
      0xd9,
    );
    expect(() => decodeJpeg(huge, 2 ** 24)).toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
    expect(() => decodeJpeg(Uint8Array.of(1, 2, 3, 4), 2 ** 24)).toThrow(
      expect.objectContaining({ code: 'damaged-file' }),
    );
  });
});
