import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deflateRawSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeFrameBytes, type Expected } from '../../../main/study/codecs.js';
import { readCodestreamHeader } from '../../../main/study/jpeg-2000.js';
import { decodeJpegLossless } from '../../../main/study/jpeg-lossless.js';
import type { Codec } from '../../../main/study/syntax.js';
import { losslessJpeg, rleFrame } from './objects.js';

/** The encoders of the packages whose decoders are used. */
interface Encoder {
  getDecodedBuffer(info: {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned: boolean;
    isUsingColorTransform: boolean;
  }): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}
type Load = (options: object) => Promise<Record<string, new () => Encoder>>;
const require = createRequire(import.meta.url);
const silent = { print: () => undefined, printErr: () => undefined };

const size = 64;
/** 12 bits of a shape with noise. */
const pixels = Uint16Array.from({ length: size * size }, (_, i) => {
  const [x, y] = [i % size, Math.floor(i / size)];
  return 2048 + 1500 * Math.sin(x / 9) * Math.cos(y / 7) + ((x * 31 + y * 17) % 13);
});
const expected: Expected = {
  rows: size,
  columns: size,
  samples: 1,
  bitsAllocated: 16,
  photometric: 'MONOCHROME2',
  asStored: true,
};

async function encode(codec: Codec): Promise<Uint8Array> {
  const [path, name] =
    codec === 'jpeg-ls'
      ? ['@cornerstonejs/codec-charls/wasmjs', 'JpegLSEncoder']
      : codec === 'jpeg-2000'
        ? ['@cornerstonejs/codec-openjpeg/wasmjs', 'J2KEncoder']
        : ['@cornerstonejs/codec-openjph', 'HTJ2KEncoder'];
  const load: Load = require(path);
  const Encoder = (await load({ ...silent }))[name];
  if (!Encoder) throw new Error(`no ${name}`);
  const encoder = new Encoder();
  const image = {
    width: size,
    height: size,
    bitsPerSample: 16,
    componentCount: 1,
    isSigned: false,
    isUsingColorTransform: false,
  };
  encoder.getDecodedBuffer(image).set(new Uint8Array(pixels.buffer));
  encoder.encode();
  return Uint8Array.from(encoder.getEncodedBuffer());
}

const values = ({ data }: { data: Uint8Array<ArrayBuffer> }) => new Uint16Array(data.buffer);
const refusal = (code: string) => expect.objectContaining({ code });

describe.each(['jpeg-ls', 'jpeg-2000', 'htj2k'] as const)('%s', (codec) => {
  it('decodes, refuses what is damaged, and decodes the next as if nothing had been', async () => {
    const whole = await encode(codec);
    const decode = (bytes: Uint8Array) => decodeFrameBytes(codec, bytes, expected);
    expect(values(await decode(whole))).toEqual(pixels);
    await expect(decode(whole.subarray(0, whole.length / 2))).rejects.toThrow(refusal('damaged-file'));
    await expect(decode(whole.subarray(0, 30))).rejects.toThrow(refusal('damaged-file'));
    await expect(decode(new Uint8Array(500).fill(0xff))).rejects.toThrow(refusal('damaged-file'));
    expect(values(await decode(whole))).toEqual(pixels);
  });

  it('refuses an image larger than the data set says', async () => {
    const whole = await encode(codec);
    const small = { ...expected, rows: 16, columns: 16 };
    await expect(decodeFrameBytes(codec, whole, small)).rejects.toThrow(refusal('damaged-file'));
  });

  it('serves several frames that were asked for at once, a damaged one among them', async () => {
    const whole = await encode(codec);
    const streams = [whole, whole.subarray(0, 200), whole, whole];
    const settled = await Promise.allSettled(
      streams.map((bytes) => decodeFrameBytes(codec, bytes, expected)),
    );
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });
});

describe('JPEG 2000 headers that ask for too much', () => {
  /** SIZ, COD and an empty tile. */
  function header({ side = 64, tile = 65535, components = 1, sampling = 1, layers = 1, precinct = 0xff }) {
    const words = (...numbers: number[]) => numbers.flatMap((n) => [n >> 8, n & 255]);
    const longs = (...numbers: number[]) => numbers.flatMap((n) => words(n >>> 16, n & 65535));
    const parts = Array.from({ length: components }, () => [15, sampling, sampling]).flat();
    const siz = [...words(0), ...longs(side, side, 0, 0, tile, tile, 0, 0), ...words(components), ...parts];
    const cod = [1, 0, ...words(layers), 0, 5, 4, 4, 0, 1, ...Array.from({ length: 6 }, () => precinct)];
    return Uint8Array.from([
      ...words(0xff4f, 0xff51, siz.length + 2),
      ...siz,
      ...words(0xff52, cod.length + 2),
      ...cod,
      ...words(0xff90, 10, 0),
      ...longs(14),
      0,
      1,
      ...words(0xff93),
      ...Array.from({ length: 40 }, () => 0),
      ...words(0xffd9),
    ]);
  }
  const huge = { ...expected, rows: 65535, columns: 65535 };

  it('reads what they say', () => {
    expect(readCodestreamHeader(header({}))).toEqual({
      rows: 64,
      columns: 64,
      components: 1,
      levels: 5,
      subsampled: false,
      tiles: 1,
      packets: 6,
      codeBlocks: 6,
      cutShort: false,
    });
    expect(readCodestreamHeader(header({ tile: 8 }))?.tiles).toBe(64);
    expect(readCodestreamHeader(header({ precinct: 0x11, layers: 2 }))?.packets).toBe(
      2 * (1024 + 256 + 64 + 16 + 4 + 1),
    );
    expect(readCodestreamHeader(header({}).subarray(0, 78))?.cutShort).toBe(true);
    expect(readCodestreamHeader(header({ tile: 0 }))).toBeUndefined();
  });

  it.each([
    ['sides', { side: 60000 }, 'limit-exceeded'],
    ['tiles', { side: 4096, tile: 16 }, 'damaged-file'],
    ['components', { components: 16384 }, 'damaged-file'],
    ['layers', { layers: 65535 }, 'damaged-file'],
    ['precincts', { side: 8192, precinct: 0 }, 'damaged-file'],
    ['subsampling', { sampling: 2 }, 'unsupported-syntax'],
  ])('refuses %s before memory is reserved', async (_, options, code) => {
    for (const codec of ['jpeg-2000', 'htj2k'] as const) {
      const before = process.memoryUsage().external;
      await expect(decodeFrameBytes(codec, header(options), huge)).rejects.toThrow(refusal(code));
      // Both modules at their first size, and nothing of what was asked for.
      expect(process.memoryUsage().external - before).toBeLessThan(128 * 2 ** 20);
    }
  });
});

describe('JPEG that asks for too much', () => {
  const segment = (marker: number, body: readonly number[]) => [
    0xff,
    marker,
    (body.length + 2) >> 8,
    (body.length + 2) & 255,
    ...body,
  ];
  const frame = (marker: number, precision: number, side: number) =>
    segment(marker, [precision, side >> 8, side & 255, side >> 8, side & 255, 1, 1, 0x11, 0]);
  const one = [0, 1, ...Array.from({ length: 15 }, () => 0), 0];
  const tables = [
    ...segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)]),
    ...segment(0xc4, one),
    ...segment(0xc4, [0x10, ...one.slice(1)]),
  ];
  const scan = (first: number, last: number, data: readonly number[]) => [
    ...segment(0xda, [1, 1, 0, first, last, 0]),
    ...data,
  ];
  const jpeg = (...parts: readonly number[][]) => Uint8Array.from([0xff, 0xd8, ...parts.flat(), 0xff, 0xd9]);
  const zeros = (count: number) => Array.from({ length: count }, () => 0);
  const sized = (side: number): Expected => ({ ...expected, rows: side, columns: side });

  it.each([
    ['baseline', 0xc0, 8],
    ['extended', 0xc1, 12],
    ['progressive', 0xc2, 8],
    ['lossless', 0xc3, 16],
  ])('refuses %s pixels that its bytes cannot hold', async (_, marker, precision) => {
    const bytes = jpeg(tables, frame(marker, precision, 12000), scan(0, 63, zeros(100)));
    const before = process.memoryUsage().arrayBuffers;
    await expect(decodeFrameBytes('jpeg', bytes, sized(12000))).rejects.toThrow(refusal('damaged-file'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  it('refuses more scans than any writer makes, at once', async () => {
    const scans = Array.from({ length: 5000 }, () => scan(0, 0, zeros(32)));
    const bytes = jpeg(tables, frame(0xc2, 8, 128), ...scans);
    // The processor's time, since other work may share the machine.
    const begin = process.cpuUsage();
    await expect(decodeFrameBytes('jpeg', bytes, sized(128))).rejects.toThrow(refusal('limit-exceeded'));
    expect(process.cpuUsage(begin).user / 1000).toBeLessThan(500);
  });

  it('refuses code tables with more codes than their bits can tell apart', async () => {
    const full = segment(0xc4, [0, 3, ...zeros(15), 0, 1, 2]);
    const bytes = jpeg(tables, full, frame(0xc1, 12, 64), scan(0, 63, zeros(100)));
    await expect(decodeFrameBytes('jpeg', bytes, expected)).rejects.toThrow(refusal('damaged-file'));
  });

  it('refuses lossless JPEG whose restart markers are not where it says', async () => {
    const image = losslessJpeg(
      Array.from({ length: 64 }, (_, i) => i),
      8,
      1,
    );
    const interval = Buffer.concat([
      image.subarray(0, 2),
      Buffer.from(segment(0xdd, [0, 8])),
      image.subarray(2),
    ]);
    expect(() => decodeJpegLossless(interval, 2 ** 20)).toThrow(refusal('damaged-file'));
  });

  it('reads twelve bits: a flat block of every shade', async () => {
    // Difference category 0 codes nothing: each block repeats the last, and all are of no light and no shade.
    const bytes = jpeg(tables, frame(0xc1, 12, 64), scan(0, 63, zeros(16)));
    const decoded = await decodeFrameBytes('jpeg', bytes, expected);
    expect(new Set(values(decoded))).toEqual(new Set([2048]));
  });
});

it('gives the memory of a large image back', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const side = 7000;
  const flat = sharp(new Uint8Array(side * side), { raw: { width: side, height: side, channels: 1 } });
  const jpeg = await flat.toColourspace('b-w').jpeg({ progressive: true }).toBuffer();
  collect();
  const before = process.memoryUsage().external;
  const { data } = await decodeFrameBytes('jpeg', jpeg, {
    ...expected,
    rows: side,
    columns: side,
    bitsAllocated: 8,
  });
  expect(data.length).toBe(side * side);
  const kept = () => {
    collect();
    return process.memoryUsage().external - before - data.byteLength;
  };
  await expect.poll(kept).toBeLessThan(32 * 2 ** 20);
});

describe('RLE and deflate', () => {
  it('refuses RLE that cannot hold its pixels before memory is reserved', async () => {
    const bytes = rleFrame([new Uint8Array(64), new Uint8Array(64)]);
    const before = process.memoryUsage().arrayBuffers;
    const large = { ...expected, rows: 16000, columns: 16000 };
    await expect(decodeFrameBytes('rle', bytes, large)).rejects.toThrow(refusal('damaged-file'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  it('refuses deflated frames that are larger or smaller than the data set says', async () => {
    const bomb = deflateRawSync(new Uint8Array(2 ** 24));
    await expect(decodeFrameBytes('deflate', bomb, expected)).rejects.toThrow(refusal('damaged-file'));
    const short = deflateRawSync(new Uint8Array(100));
    await expect(decodeFrameBytes('deflate', short, expected)).rejects.toThrow(refusal('damaged-file'));
  });
});
