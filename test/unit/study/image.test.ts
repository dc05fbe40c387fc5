import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeImage, measureImage, resizeGrey, thumbnail } from '../../../main/study/image.js';
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

describe('hostile pictures', () => {
  /** A PNG whose header asks for `side` × `side` pixels. */
  function png(side: number, data = deflateSync(Buffer.alloc(1000))): Buffer {
    const chunk = (type: string, content: Uint8Array) => {
      const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
      const out = Buffer.alloc(body.length + 8);
      out.writeUInt32BE(content.length, 0);
      body.copy(out, 4);
      out.writeUInt32BE(crc32(body), body.length + 4);
      return out;
    };
    const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
    header.writeUInt32BE(side, 0);
    header.writeUInt32BE(side, 4);
    const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
    return Buffer.concat([magic, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
  }

  it.each([
    ['of a few bytes for 3.6 billion pixels', png(60_000), 'limit-exceeded'],
    ['that ends after its magic', png(10).subarray(0, 20), 'damaged-file'],
    ['of noise', Buffer.concat([png(10).subarray(0, 33), Buffer.alloc(400, 0x5a)]), 'damaged-file'],
  ])('%s', async (_, bytes, code) => {
    await expect(measureImage(bytes).then(() => decodeImage(bytes))).rejects.toMatchObject({ code });
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
