import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeFrameBytes } from '../../../main/study/codecs.js';
import { decodeJpeg } from '../../../main/study/jpeg.js';
import { decodeJpegLossless } from '../../../main/study/jpeg-lossless.js';
import { losslessJpeg } from './objects.js';

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

  it.each(['4:4:4', '4:2:0'])(
    'agrees with libjpeg-turbo on the luma of colour sampled %s',
    async (sampling) => {
      const colour = Uint8Array.from(
        { length: 3 * size * size },
        (_, i) => (pixels[Math.floor(i / 3)] ?? 0) ^ (i % 3),
      );
      const jpeg = await sharp(colour, { raw: { width: size, height: size, channels: 3 } })
        .extend({ right: 3, bottom: 5 })
        .jpeg({ quality: 92, chromaSubsampling: sampling })
        .toBuffer();
      const ours = decodeJpeg(jpeg, 2 ** 24);
      const stored = {
        rows: size + 5,
        columns: size + 3,
        samples: 3,
        bitsAllocated: 8,
        photometric: 'YBR_FULL',
      };
      const theirs = await decodeFrameBytes('jpeg', jpeg, { ...stored, asStored: true });
      expect([ours.rows, ours.columns, ours.components]).toEqual([size + 5, size + 3, 3]);
      expect(ours.data.length).toBe(theirs.data.length);
      const compared = sampling === '4:4:4' ? 1 : 3;
      let worst = 0;
      for (let i = 0; i < ours.data.length; i += compared)
        worst = Math.max(worst, Math.abs((ours.data[i] ?? 0) - (theirs.data[i] ?? 0)));
      expect(worst).toBeLessThanOrEqual(1);
    },
  );

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

describe('decodeJpegLossless', () => {
  it.each([1, 2, 4, 6, 7])('begins anew at each restart marker, predictor %i', (predictor) => {
    const columns = 16;
    const values = Array.from({ length: columns * 6 }, (_, i) => (i * i * 977 + 40000) % 65536);
    // An interval is coded as if it were an image of its own: two rows each.
    const intervals = [0, 2, 4].map((row) => {
      const image = losslessJpeg(values.slice(row * columns, (row + 2) * columns), columns, predictor);
      return { image, data: image.indexOf(Buffer.from([0xff, 0xda])) + 10 };
    });
    const [first] = intervals;
    if (!first) throw new Error('no interval');
    const head = Buffer.from(first.image.subarray(0, first.data));
    // Six rows, and the interval.
    head.writeUInt16BE(6, head.indexOf(Buffer.from([0xff, 0xc3])) + 5);
    const interval = Buffer.from([0xff, 0xdd, 0, 4, 0, 2 * columns]);
    const coded = intervals.flatMap(({ image, data }, i) => [
      image.subarray(data, -2),
      Buffer.from([0xff, i < 2 ? 0xd0 + i : 0xd9]),
    ]);
    const jpeg = Buffer.concat([head.subarray(0, 2), interval, head.subarray(2), ...coded]);
    expect([...decodeJpegLossless(jpeg, 2 ** 20).data]).toEqual(values);
  });
});
