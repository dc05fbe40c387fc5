import { describe, expect, it } from 'vitest';
import { decodeJpeg } from '../../../main/study/jpeg.js';

/*
 * Progressive scans that cost a handful of bytes and have the decoder go over the whole image: 32,767 blocks are told to be empty by
 * fifteen bits. What once took 13 s of 45 KB, and hours of a scan that names one component 255 times, is refused.
 */

const segment = (marker: number, body: readonly number[]) =>
  Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body]);
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

/** Image of twelve bits: one scan of DC coefficients, all zero, and scans of bands without a coefficient in them. */
function progressive(options: {
  side: number;
  components: number;
  scans: number;
  band: readonly number[];
}): Buffer {
  const { side, components, scans, band } = options;
  const blocks = Math.ceil(side / 8) ** 2;
  const all = Array.from({ length: components }, (_, id) => id);
  const emptyBand = Buffer.from(
    (`0${'1'.repeat(14)}`.repeat(Math.ceil(blocks / 32767)) + '1'.repeat(7))
      .match(/.{8}/g)
      ?.flatMap((bits) => (bits === '11111111' ? [255, 0] : [Number.parseInt(bits, 2)])) ?? [],
  );
  const sides = [side >> 8, side & 255, side >> 8, side & 255];
  return Buffer.concat([
    ...[Buffer.from([0xff, 0xd8]), segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)])],
    // One code each, of one bit: no difference; the run of empty blocks (EOB14).
    ...[segment(0xc4, [0, 1, ...zeros(15), 0]), segment(0xc4, [0x10, 1, ...zeros(15), 0xe0])],
    segment(0xc2, [12, ...sides, components, ...all.flatMap((id) => [id, 0x11, 0])]),
    segment(0xda, [components, ...all.flatMap((id) => [id, 0]), 0, 0, 0]),
    Buffer.alloc(Math.ceil((components * blocks) / 8) + 2),
    ...Array.from({ length: scans }, () => [
      segment(0xda, [band.length, ...band.flatMap((id) => [id, 0]), 1, 63, 0]),
      emptyBand,
    ]).flat(),
    Buffer.from([0xff, 0xd9]),
  ]);
}

describe('scans of progressive JPEG', () => {
  it('are read where they are as many as writers make', () => {
    const image = decodeJpeg(progressive({ side: 64, components: 1, scans: 9, band: [0] }), 2 ** 24);
    expect(new Set(image.data)).toEqual(new Set([2048]));
  });

  it('are refused where they would go over a large image for long', () => {
    const bytes = progressive({ side: 4600, components: 1, scans: 98, band: [0] });
    expect(bytes.length).toBeLessThan(50_000);
    expect(() => decodeJpeg(bytes, 2 ** 29)).toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
  });

  it.each([
    ['one component many times', Array.from({ length: 255 }, () => 0)],
    ['one component twice', [0, 0]],
    ['several components of a band', [0, 1]],
    ['no component', []],
  ])('are refused where they name %s', (_, band) => {
    const bytes = progressive({ side: 64, components: 2, scans: 1, band });
    expect(() => decodeJpeg(bytes, 2 ** 24)).toThrow(expect.objectContaining({ code: 'damaged-file' }));
  });
});
