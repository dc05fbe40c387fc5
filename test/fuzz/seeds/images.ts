/* Compressed images to begin with: written by the encoders of the codecs, by sharp, and by encoders of our own where there is none. */
import { deflateRawSync } from 'node:zlib';
import { losslessJpeg, rleFrame } from '../../unit/study/objects.js';

export interface Seed {
  rows: number;
  columns: number;
  samples: number;
  bits: number;
  stream: Uint8Array;
}

/** A smooth picture with an edge and some grain. */
export function picture(rows: number, columns: number, samples: number, bits: number): Uint8Array {
  const top = 2 ** bits - 1;
  const values = Array.from({ length: rows * columns * samples }, (_, i) => {
    const pixel = Math.floor(i / samples);
    const [x, y] = [pixel % columns, Math.floor(pixel / columns)];
    const level =
      0.5 + 0.4 * Math.sin(x / 3 + (i % samples)) * Math.cos(y / 4) + (x > columns / 2 ? 0.05 : 0);
    return Math.max(0, Math.min(top, Math.round(level * top) + ((x * 7 + y * 3) % 5)));
  });
  return bits <= 8 ? Uint8Array.from(values) : new Uint8Array(Uint16Array.from(values).buffer);
}

export async function jpegs(progressive: boolean): Promise<Seed[]> {
  const { default: sharp } = await import('sharp');
  const made: Seed[] = [];
  for (const [rows, columns, samples, quality, subsampling] of [
    [16, 16, 1, 90, '4:4:4'],
    [9, 13, 1, 40, '4:4:4'],
    [24, 24, 3, 80, '4:4:4'],
    [17, 23, 3, 60, '4:2:0'],
  ] as const) {
    const channels = samples;
    const image = sharp(picture(rows, columns, samples, 8), {
      raw: { width: columns, height: rows, channels },
    });
    const stream = await (samples === 1 ? image.toColourspace('b-w') : image)
      .jpeg({ quality, progressive, chromaSubsampling: subsampling, optimizeCoding: quality !== 40 })
      .toBuffer();
    made.push({ rows, columns, samples, bits: 8, stream });
  }
  return made;
}

/** 12 bits, sequential and progressive: coefficients coded as they come, without a transform, since any will do. */
export function jpegs12(): Seed[] {
  return [false, true].flatMap((progressive) =>
    [0, 2].map((restartInterval) => ({
      ...{ rows: 16, columns: 24, samples: 1, bits: 16 },
      stream: codedJpeg({ rows: 16, columns: 24, precision: 12, progressive, restartInterval }),
    })),
  );
}

interface Coded {
  rows: number;
  columns: number;
  precision: number;
  progressive: boolean;
  restartInterval: number;
}

/** A JPEG of one component whose code tables give every symbol eight bits. */
function codedJpeg({ rows, columns, precision, progressive, restartInterval }: Coded): Uint8Array {
  const symbols = Array.from({ length: 176 }, (_, i) => i);
  const table = (head: number) =>
    segment(0xc4, [head, 0, 0, 0, 0, 0, 0, 0, 176, 0, 0, 0, 0, 0, 0, 0, 0, ...symbols]);
  const blocks = Math.ceil(rows / 8) * Math.ceil(columns / 8);
  const scan = (first: number, last: number, high: number, low: number) => {
    const out: number[] = [...segment(0xda, [1, 1, 0, first, last, (high << 4) | low])];
    let bits = '';
    const flush = () => {
      bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
      for (const byte of bits.match(/.{8}/g) ?? []) {
        const value = Number.parseInt(byte, 2);
        out.push(value, ...(value === 255 ? [0] : []));
      }
      bits = '';
    };
    const code = (symbol: number) => {
      bits += symbol.toString(2).padStart(8, '0');
    };
    for (let block = 0; block < blocks; block++) {
      if (restartInterval > 0 && block > 0 && block % restartInterval === 0) {
        flush();
        out.push(0xff, 0xd0 + ((block / restartInterval - 1) % 8));
      }
      if (high > 0) bits += '1';
      else if (first === 0) {
        code(4);
        bits += ((block * 5) % 8) + 8 === 8 ? '1000' : '1010';
      }
      if (last > 0 && high === 0) {
        code(0x13);
        bits += '101';
        code(0x02);
        bits += '01';
        code(0x00);
      }
    }
    flush();
    return out;
  };
  const scans = progressive
    ? [...scan(0, 0, 0, 1), ...scan(1, 63, 0, 0), ...scan(0, 0, 1, 0)]
    : scan(0, 63, 0, 0);
  return Uint8Array.from([
    ...[0xff, 0xd8, ...segment(0xdb, [0, ...Array.from({ length: 64 }, (_, i) => 1 + (i >> 3))])],
    ...segment(progressive ? 0xc2 : 0xc1, [
      precision,
      rows >> 8,
      rows & 255,
      columns >> 8,
      columns & 255,
      1,
      1,
      0x11,
      0,
    ]),
    ...table(0x00),
    ...table(0x10),
    ...(restartInterval > 0 ? segment(0xdd, [0, restartInterval]) : []),
    ...scans,
    ...[0xff, 0xd9],
  ]);
}

const segment = (marker: number, body: readonly number[]): number[] => [
  ...[0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255],
  ...body,
];

export function losslessJpegs(): Seed[] {
  const values = Array.from({ length: 12 * 10 }, (_, i) => (i * i * 13) % 65536);
  return [1, 2, 3, 4, 5, 6, 7].map((predictor) => ({
    ...{ rows: 12, columns: 10, samples: 1, bits: 16 },
    stream: losslessJpeg(values, 10, predictor),
  }));
}

export function rles(): Seed[] {
  const plane = picture(12, 10, 1, 8);
  const other = plane.map((value) => value >> 4);
  const seed = (samples: number, bits: number, planes: Uint8Array[]): Seed => ({
    ...{ rows: 12, columns: 10, samples, bits, stream: rleFrame(planes) },
  });
  return [
    seed(1, 8, [plane]),
    seed(1, 16, [other, plane]),
    seed(3, 8, [plane, other, plane]),
    seed(1, 1, [plane.subarray(0, 15)]),
    seed(1, 32, [other, other, plane, plane]),
  ];
}

export function deflates(): Seed[] {
  return [
    [1, 8],
    [1, 16],
    [3, 8],
    [1, 1],
  ].map(([samples = 1, bits = 8]) => ({
    ...{ rows: 12, columns: 10, samples, bits },
    stream: deflateRawSync(picture(12, 10, samples, bits === 1 ? 1 : bits), { level: bits === 16 ? 0 : 9 }),
  }));
}

interface Shape {
  rows: number;
  columns: number;
  samples: number;
  bits: number;
}
const shapes: readonly Shape[] = [
  { rows: 16, columns: 16, samples: 1, bits: 8 },
  { rows: 33, columns: 21, samples: 1, bits: 16 },
  { rows: 20, columns: 18, samples: 3, bits: 8 },
];

function encode(encoder: WasmEncoder, { rows, columns, samples, bits }: Shape): Uint8Array {
  const info = {
    width: columns,
    height: rows,
    bitsPerSample: bits,
    componentCount: samples,
    isSigned: false,
  };
  encoder
    .getDecodedBuffer({ ...info, isUsingColorTransform: samples === 3 })
    .set(picture(rows, columns, samples, bits));
  encoder.encode();
  const stream = Uint8Array.from(encoder.getEncodedBuffer());
  encoder.delete();
  return stream;
}

export async function jpegLs(): Promise<Seed[]> {
  const { default: load } = await import('@cornerstonejs/codec-charls/wasmjs');
  const module = await load();
  return shapes.flatMap((shape) =>
    [0, 2].map((near) => {
      const encoder = new module.JpegLSEncoder();
      encoder.setNearLossless(near);
      encoder.setInterleaveMode(shape.samples === 1 ? 0 : near === 0 ? 2 : 1);
      return { ...shape, stream: encode(encoder, shape) };
    }),
  );
}

export async function jpeg2000(): Promise<Seed[]> {
  const { default: load } = await import('@cornerstonejs/codec-openjpeg/wasmjs');
  const module = await load();
  return shapes.flatMap((shape) =>
    [true, false].map((lossless) => {
      const encoder = new module.J2KEncoder();
      encoder.setDecompositions(2);
      encoder.setQuality(lossless, lossless ? 0 : 8);
      encoder.setProgressionOrder(lossless ? 2 : 0);
      return { ...shape, stream: encode(encoder, shape) };
    }),
  );
}

export async function htj2k(): Promise<Seed[]> {
  const { default: load } = await import('@cornerstonejs/codec-openjph/wasmjs');
  const module = await load();
  return shapes.flatMap((shape) =>
    [true, false].map((lossless) => {
      const encoder = new module.HTJ2KEncoder();
      encoder.setDecompositions(2);
      encoder.setQuality(lossless, lossless ? 0 : 0.01);
      encoder.setProgressionOrder(2);
      return { ...shape, stream: encode(encoder, shape) };
    }),
  );
}
