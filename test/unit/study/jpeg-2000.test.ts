import { describe, expect, it } from 'vitest';
import { decodeFrameBytes } from '../../../main/study/codecs.js';
import { readCodestreamHeader } from '../../../main/study/jpeg-2000.js';

/*
 * Codestreams without a single coefficient that cut a large image into tiny pieces, each of which a decoder reserves memory for. Some 150 bytes
 * once took two gigabytes: where the style stands in the main header it was looked at, elsewhere not.
 */

const words = (...numbers: number[]) => numbers.flatMap((n) => [n >> 8, n & 255]);
const longs = (...numbers: number[]) => numbers.flatMap((n) => words(n >>> 16, n & 65535));
const segment = (marker: number, body: readonly number[]) => [...words(marker, body.length + 2), ...body];

interface Style {
  /** Exponents of a precinct's sides; the largest by default. */
  precinct?: number;
  /** Exponents of a code-block's sides, less two. */
  block?: number;
}

function style(highThroughput: boolean, { precinct, block = 4 }: Style): number[] {
  const precincts = precinct === undefined ? [] : Array.from({ length: 6 }, () => precinct);
  return [5, block, block, highThroughput ? 0x40 : 0, 1, ...precincts];
}

function codestream(options: {
  highThroughput: boolean;
  side: number;
  main?: Style;
  component?: Style;
  /** Segments behind the main header's own, or in the tile's header. */
  strange?: readonly number[];
  tile?: readonly number[];
  behind?: readonly number[];
}): Uint8Array {
  const { highThroughput, side, main = {}, component, strange = [], tile = [], behind = [] } = options;
  const cod = segment(0xff52, [
    main.precinct === undefined ? 0 : 1,
    0,
    0,
    1,
    0,
    ...style(highThroughput, main),
  ]);
  const coc = component
    ? segment(0xff53, [0, component.precinct === undefined ? 0 : 1, ...style(highThroughput, component)])
    : [];
  const siz = [highThroughput ? 0x40 : 0, 0, ...longs(side, side, 0, 0, side, side, 0, 0), 0, 1, 7, 1, 1];
  return Uint8Array.from([
    ...[...words(0xff4f), ...segment(0xff51, siz)],
    ...(highThroughput ? segment(0xff50, [0, 2, 0, 0, 0, 0]) : []),
    ...[...cod, ...coc, ...strange],
    ...segment(0xff5c, [0x40, ...Array.from({ length: 16 }, () => 0x40)]),
    ...tilePart(tile),
    ...behind,
    ...words(0xffd9),
  ]);
}

/** One tile part: its headers, and six empty packets. */
function tilePart(headers: readonly number[]): number[] {
  return [
    ...[...words(0xff90, 10, 0), ...longs(14 + headers.length + 6), 0, 1, ...headers, ...words(0xff93)],
    ...[0, 0, 0, 0, 0, 0],
  ];
}

const expectedOf = (side: number) => ({
  ...{ rows: side, columns: side, samples: 1, bitsAllocated: 8, photometric: 'MONOCHROME2', asStored: false },
});
const refusal = (code: string) => expect.objectContaining({ code });

describe.each([
  ['jpeg-2000', false],
  ['htj2k', true],
] as const)('%s of nothing but headers', (codec, highThroughput) => {
  const decode = (options: Omit<Parameters<typeof codestream>[0], 'highThroughput'>) =>
    decodeFrameBytes(codec, codestream({ ...options, highThroughput }), expectedOf(options.side));
  const tiny = style(highThroughput, { precinct: 0x11 });
  const cod = segment(0xff52, [1, 0, 0, 1, 0, ...tiny]);
  const coc = segment(0xff53, [0, 1, ...tiny]);

  it('is decoded where the pieces are as writers make them', async () => {
    const { rows, data } = await decode({ side: 512 });
    expect(rows).toBe(512);
    expect(data.length).toBe(512 * 512);
    const { data: inBlocks } = await decode({ side: 256, component: { block: 1 } });
    expect(inBlocks.length).toBe(256 * 256);
  });

  it.each([
    ['tiny blocks', { main: { block: 0 } }, 'limit-exceeded'],
    ['tiny blocks of a component', { component: { block: 0 } }, 'limit-exceeded'],
    ['tiny precincts', { main: { precinct: 0x11 } }, 'damaged-file'],
    ['tiny precincts of a component', { component: { precinct: 0x11 } }, 'damaged-file'],
    ['tiny precincts of a tile', { tile: cod }, 'damaged-file'],
    ['tiny precincts of a component of a tile', { tile: coc }, 'damaged-file'],
    ['tiny precincts in the second tile part', { behind: tilePart(cod) }, 'damaged-file'],
    [
      'tiny precincts in a tile part that does not follow',
      { behind: [0, 0, ...tilePart(cod)] },
      'damaged-file',
    ],
    ['tiny precincts inside a segment that nobody knows', { strange: segment(0xff6f, cod) }, 'damaged-file'],
    ['a tile header that does not end', { tile: [0xff, 0x52, 0xff, 0xff] }, 'damaged-file'],
  ])('is refused before memory is reserved: %s', async (_, options, code) => {
    // A small one first, so that the codec itself is there.
    await decode({ side: 64 });
    const before = process.memoryUsage();
    await expect(decode({ side: 6000, ...options })).rejects.toThrow(refusal(code));
    const after = process.memoryUsage();
    expect(after.external - before.external).toBeLessThan(16 * 2 ** 20);
  });
});

describe('readCodestreamHeader', () => {
  it('counts blocks and packets by the smallest style, and levels by the shortest', () => {
    const found = readCodestreamHeader(
      codestream({ highThroughput: false, side: 64, tile: segment(0xff53, [0, 0, 2, 0, 0, 0, 1]) }),
    );
    // Blocks of 4 × 4 in images of 64, 32 and 16.
    expect(found).toMatchObject({ levels: 2, packets: 6, codeBlocks: 256 + 64 + 16, cutShort: false });
  });
});
