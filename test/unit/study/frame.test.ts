import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../main/study/bytes.js';
import { describePixels } from '../../../main/study/describe.js';
import { readFrame } from '../../../main/study/frame.js';
import { readHeader } from '../../../main/study/header.js';
import { readPixelModule } from '../../../main/study/pixels.js';
import { renderGrey } from '../../../main/study/render.js';
import { losslessJpeg, object, rleFrame } from './objects.js';

const open = (bytes: Uint8Array) => readPixelModule(readHeader(memorySource(bytes)));
const frameOf = (bytes: Uint8Array, frame = 0) => readFrame(open(bytes), frame);
const hundreds = Array.from({ length: 12 }, (_, i) => i * 100);

describe('native pixels', () => {
  it.each([
    ['implicit little endian', '1.2.840.10008.1.2'],
    ['explicit little endian', '1.2.840.10008.1.2.1'],
    ['explicit big endian', '1.2.840.10008.1.2.2'],
    ['deflated', '1.2.840.10008.1.2.1.99'],
  ])('reads %s', async (_, transferSyntax) => {
    const frame = await frameOf(object({}, { transferSyntax }));
    expect([...frame.data]).toEqual(hundreds);
    expect(frame).toMatchObject({
      rows: 3,
      columns: 4,
      kind: 'grey',
      type: 'uint16',
      min: 0,
      max: 1100,
      invert: false,
    });
  });

  it.each([
    ['without a preamble', { preamble: false }],
    ['without preamble and meta header', { preamble: false, meta: false }],
    [
      'implicit without preamble and meta header',
      { preamble: false, meta: false, transferSyntax: '1.2.840.10008.1.2' },
    ],
    [
      'big endian without preamble and meta header',
      { preamble: false, meta: false, transferSyntax: '1.2.840.10008.1.2.2' },
    ],
  ])('reads a file %s', async (_, options) => {
    expect([...(await frameOf(object({}, options))).data]).toEqual(hundreds);
  });

  it('extends the sign of 12 stored bits and drops what lies above them', async () => {
    const stored = [0x0001, 0x0fff, 0x0800, 0xf7ff, 0, 0, 0, 0, 0, 0, 0, 0];
    const frame = await frameOf(
      object({ '00280101': 12, '00280102': 11, '00280103': 1, '7FE00010': stored }),
    );
    expect([...frame.data.subarray(0, 4)]).toEqual([1, -1, -2048, 2047]);
  });

  it('unpacks single bits, also where a frame begins inside a byte', async () => {
    const bits = {
      '00280100': 1,
      '00280101': 1,
      '00280102': 0,
      '00280008': '2',
      '7FE00010': Uint8Array.of(0xff, 0x0f, 0x80),
    };
    const second = await frameOf(object(bits), 1);
    expect([...second.data]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('puts 8-bit pixels of big endian words in order', async () => {
    const bytes = Uint8Array.from({ length: 12 }, (_, i) => i ^ 1);
    const frame = await frameOf(
      object(
        { '00280100': 8, '00280101': 8, '00280102': 7, '7FE00010': bytes },
        { transferSyntax: '1.2.840.10008.1.2.2' },
      ),
    );
    expect([...frame.data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('describes the stored values', async () => {
    expect(await describePixels(open(object()))).toEqual({
      shape: '3x4:uint16',
      range: '0..1100',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      transferSyntax: '1.2.840.10008.1.2.1',
    });
  });
});

describe('what decides the look', () => {
  it('applies rescale slope and intercept', async () => {
    const frame = await frameOf(object({ '00080060': 'CT', '00281052': '-1024', '00281053': '2' }));
    expect(frame).toMatchObject({ type: 'int16', min: -1024, max: 1176, units: 'HU' });
  });

  it('keeps fractions of the rescaled values', async () => {
    const frame = await frameOf(object({ '00281052': '0.5', '00281053': '0.25' }));
    expect(frame.type).toBe('float32');
    expect(frame.data[1]).toBe(25.5);
  });

  it('takes the window of the file, and one of its own where that lies beside the values', async () => {
    expect((await frameOf(object({ '00281050': '500', '00281051': '300' }))).window).toEqual({
      center: 500,
      width: 300,
    });
    const own = (await frameOf(object({ '00281050': '-9000', '00281051': '300' }))).window;
    expect(own.center).toBeCloseTo(550, -1);
    expect(own.width).toBeCloseTo(1100, -1);
  });

  it('inverts MONOCHROME1 and leaves padding black in it', async () => {
    const values = [5000, 100, 200, 300, 100, 100, 100, 100, 100, 100, 100, 100];
    const frame = await frameOf(object({ '00280004': 'MONOCHROME1', '00280120': 5000, '7FE00010': values }));
    expect(frame).toMatchObject({ invert: true, min: 100, max: 300 });
    const grey = renderGrey({ ...frame, window: { center: 200, width: 200 } });
    expect([grey.data[0], grey.data[1], grey.data[3]]).toEqual([0, 255, 0]);
  });

  it('draws overlays white, from their own plane and from a high bit', async () => {
    const plane = { '60000010': 3, '60000011': 4, '60000050': [1, 1], '60000100': 1, '60000102': 0 };
    const own = await frameOf(object({ ...plane, '60003000': Uint8Array.of(0b0010_0000, 0) }));
    expect([...own.data]).toEqual(hundreds.map((value, i) => (i === 5 ? 1100 : value)));
    const high = { '00280101': 12, '00280102': 11, ...plane, '60000100': 16, '60000102': 15 };
    const embedded = await frameOf(
      object({ ...high, '7FE00010': hundreds.map((v, i) => (i === 2 ? v | 0x8000 : v)) }),
    );
    expect([...embedded.data]).toEqual(hundreds.map((value, i) => (i === 2 ? 1100 : value)));
  });
});

describe('colour', () => {
  const bytes = { '00280010': 1, '00280011': 2, '00280100': 8, '00280101': 8, '00280102': 7 };

  it('interleaves planes', async () => {
    const colour = { ...bytes, '00280002': 3, '00280004': 'RGB', '00280006': 1 };
    const frame = await frameOf(object({ ...colour, '7FE00010': Uint8Array.of(1, 2, 3, 4, 5, 6) }));
    expect([...frame.data]).toEqual([1, 3, 5, 2, 4, 6]);
  });

  it('turns luma and chroma to RGB, halved chroma too', async () => {
    const whole = { ...bytes, '00280002': 3, '00280004': 'YBR_FULL', '00280006': 0 };
    const red = await frameOf(object({ ...whole, '7FE00010': Uint8Array.of(76, 85, 255, 255, 128, 128) }));
    expect([...red.data]).toEqual([254, 0, 0, 255, 255, 255]);
    const halved = { ...whole, '00280004': 'YBR_FULL_422' };
    const pair = await frameOf(object({ ...halved, '7FE00010': Uint8Array.of(10, 200, 128, 128) }));
    expect([...pair.data]).toEqual([10, 10, 10, 200, 200, 200]);
  });

  it('looks up a palette', async () => {
    const palette = Object.fromEntries(
      ['1', '2', '3'].flatMap((channel, i) => [
        [`0028110${channel}`, [2, 10, 16]],
        [`0028120${channel}`, [0x1000 * (i + 1), 0xff00]],
      ]),
    );
    const frame = await frameOf(
      object({ ...bytes, ...palette, '00280004': 'PALETTE COLOR', '7FE00010': Uint8Array.of(10, 12) }),
    );
    expect([...frame.data]).toEqual([0x10, 0x20, 0x30, 255, 255, 255]);
  });
});

describe('compressed pixels', () => {
  it('decodes RLE', async () => {
    const planes = [hundreds.map((v) => v >> 8), hundreds.map((v) => v & 255)].map((plane) =>
      Uint8Array.from(plane),
    );
    const bytes = object(
      { '7FE00010': undefined },
      { transferSyntax: '1.2.840.10008.1.2.5', fragments: [rleFrame(planes)] },
    );
    expect([...(await frameOf(bytes)).data]).toEqual(hundreds);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])(
    'decodes lossless JPEG with predictor %i to the last pixel',
    async (predictor) => {
      const values = [0, 65535, 32768, 1, 40000, 12345, 54321, 255, 256, 65280, 7, 65535];
      const fragments = [losslessJpeg(values, 4, predictor)];
      const bytes = object(
        { '7FE00010': undefined },
        { transferSyntax: '1.2.840.10008.1.2.4.57', fragments },
      );
      expect([...(await frameOf(bytes)).data]).toEqual(values);
    },
  );

  it('refuses lossless JPEG that is cut short', async () => {
    const whole = losslessJpeg(
      Array.from({ length: 4096 }, (_, i) => (i * 7919) % 65536),
      64,
      1,
    );
    const size = { '00280010': 64, '00280011': 64, '7FE00010': undefined };
    const fragments = [whole.subarray(0, whole.length / 2)];
    const bytes = object(size, { transferSyntax: '1.2.840.10008.1.2.4.70', fragments });
    await expect(frameOf(bytes)).rejects.toMatchObject({ code: 'damaged-file' });
  });

  const flat = (level: number) =>
    sharp({ create: { width: 16, height: 16, channels: 3, background: { r: level, g: level, b: level } } })
      .toColourspace('b-w')
      .jpeg()
      .toBuffer();
  const jpegs = {
    '00280008': '2',
    '00280010': 16,
    '00280011': 16,
    '00280100': 8,
    '00280101': 8,
    '00280102': 7,
    '7FE00010': undefined,
  };
  const halves = (jpeg: Buffer) => [jpeg.subarray(0, 200), jpeg.subarray(200)];
  const even = (n: number) => n + (n & 1);

  it.each([
    ['no offset table', () => []],
    ['a true offset table', (first: number) => [0, first]],
    ['a false offset table', () => [0, 12]],
  ])('finds the frames of split JPEGs with %s', async (_, table) => {
    const [dark, light] = [await flat(40), await flat(200)];
    const fragments = [...halves(dark), ...halves(light)];
    const first = fragments.slice(0, 2).reduce((sum, { length }) => sum + 8 + even(length), 0);
    const bytes = object(jpegs, {
      transferSyntax: '1.2.840.10008.1.2.4.50',
      fragments,
      offsets: table(first),
    });
    const levels = [(await frameOf(bytes, 0)).data[0], (await frameOf(bytes, 1)).data[0]];
    expect(levels).toEqual([40, 200]);
  });
});

describe('hostile and damaged input', () => {
  it.each([
    ['pixel data that is cut short', object().subarray(0, -6), 'damaged-file'],
    ['a header that is cut short', object().subarray(0, -30), 'damaged-file'],
    ['no pixels', object({ '7FE00010': undefined }), 'no-pixels'],
    ['an enormous frame', object({ '00280010': 65535, '00280011': 65535 }), 'limit-exceeded'],
    [
      'an unknown compression',
      object(
        { '7FE00010': undefined },
        { transferSyntax: '1.2.840.10008.1.2.4.100', fragments: [Buffer.alloc(8)] },
      ),
      'unsupported-syntax',
    ],
    ['text', Buffer.from('This is not an image, but it is long enough to be looked at twice.'), 'not-dicom'],
    ['an empty file', Buffer.alloc(0), 'not-dicom'],
  ])('refuses %s with a code', async (_, bytes, code) => {
    await expect((async () => frameOf(bytes))()).rejects.toMatchObject({ code });
  });

  it('gives a code for compressed data that is noise', async () => {
    const noise = Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 73) & 255));
    for (const end of ['4.50', '4.51', '4.70', '4.80', '4.90', '4.201', '5', '8.1']) {
      const bytes = object(
        { '7FE00010': undefined },
        { transferSyntax: `1.2.840.10008.1.2.${end}`, fragments: [noise] },
      );
      await expect(frameOf(bytes), end).rejects.toMatchObject({ code: 'damaged-file' });
    }
  });
});
