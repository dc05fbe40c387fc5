/* Malformed DICOM objects, one for each thing that may be wrong, with what must come of it. Tests and fuzzing read them as seeds. */
import { deflateRawSync } from 'node:zlib';
import type { ErrorCode } from '../../main/error.js';
import { losslessJpeg, rleFrame } from '../unit/study/objects.js';
import {
  dataSet,
  type Elements,
  element,
  encapsulated,
  explicitBig,
  type FileParts,
  file,
  head,
  imageElements,
  implicitLittle,
  item,
  itemEnd,
  latin,
  longs,
  nested,
  sequenceEnd,
  shorts,
  syntaxes,
  undefinedLength,
} from './bytes.js';

export type Topic =
  | 'lengths'
  | 'nesting'
  | 'fragments'
  | 'pixel layout'
  | 'numbers'
  | 'bombs'
  | 'offset tables'
  | 'text'
  | 'private'
  | 'meta header';

export interface HostileObject {
  topic: Topic;
  name: string;
  bytes: Buffer;
  /** What reading its first frame comes to: the picture, or an error's code; `refused`: too large or damaged, as is noticed first. */
  frame: 'read' | 'refused' | ErrorCode;
  /** What listing it comes to: an object in a study, without or with a problem, or a problem alone. Default as `frame` says. */
  list?: 'listed' | ErrorCode;
}

const short = (tag: string, ...values: number[]) => element(tag, 'US', shorts(values));
const text = (tag: string, vr: string, value: string) =>
  element(tag, vr, value.length % 2 === 0 ? value : `${value} `);
const image = (changes: Elements, parts?: FileParts) => file(dataSet(changes), parts);
const noValue = new Uint8Array(0);

function lengths(): Omit<HostileObject, 'topic'>[] {
  const pixels = imageElements()['7FE00010'] ?? Buffer.alloc(0);
  return [
    {
      name: 'a value longer than the file',
      bytes: image({ '00104000': element('00104000', 'LT', 'x', { length: 0xfffe }) }),
      frame: 'damaged-file',
    },
    {
      name: 'a value of almost four gigabytes',
      bytes: image({ '00104000': element('00104000', 'UT', 'x', { length: 0xfffffffe }) }),
      frame: 'damaged-file',
    },
    {
      name: 'a text of undefined length',
      bytes: image({ '00104000': element('00104000', 'UT', 'xx', { length: undefinedLength }) }),
      frame: 'damaged-file',
    },
    {
      name: 'a sequence longer than the file',
      bytes: image({ '00081140': element('00081140', 'SQ', item(noValue), { length: 0x7ffffff0 }) }),
      frame: 'damaged-file',
    },
    {
      name: 'an item longer than its sequence',
      bytes: image({
        '00081140': element('00081140', 'SQ', item(text('00080060', 'CS', 'CT'), 4000)),
      }),
      frame: 'read',
    },
    {
      name: 'an element longer than its item',
      bytes: image({
        '00081140': element('00081140', 'SQ', item(element('00080060', 'CS', 'CT', { length: 0x7ff0 }))),
      }),
      frame: 'read',
    },
    {
      name: 'a sequence without an end',
      bytes: image({
        '00081140': Buffer.concat([head('00081140', 'SQ', undefinedLength), item(noValue)]),
      }),
      frame: 'damaged-file',
    },
    {
      name: 'an item without an end',
      bytes: image({
        '00081140': Buffer.concat([
          head('00081140', 'SQ', undefinedLength),
          item(text('00080060', 'CS', 'CT'), undefinedLength),
        ]),
      }),
      frame: 'damaged-file',
    },
    {
      name: 'a sequence of something else than items',
      bytes: image({ '00081140': element('00081140', 'SQ', latin('not an item at all!!')) }),
      frame: 'read',
    },
    {
      name: 'delimiters that end nothing',
      bytes: image({ '00081140': Buffer.concat([itemEnd, sequenceEnd]) }),
      frame: 'read',
    },
    {
      name: 'a delimiter with a length',
      bytes: image({
        '00081140': Buffer.concat([
          head('00081140', 'SQ', undefinedLength),
          item(text('00080060', 'CS', 'CT'), undefinedLength),
          Buffer.from([0xfe, 0xff, 0x0d, 0xe0, 4, 0, 0, 0]),
          Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 8, 0, 0, 0]),
        ]),
      }),
      frame: 'read',
    },
    {
      name: 'odd lengths of texts',
      bytes: image({
        '00080060': element('00080060', 'CS', 'MR '),
        '0008103E': element('0008103E', 'LO', 'odd'),
      }),
      frame: 'read',
    },
    {
      name: 'an odd length of 8-bit pixels',
      bytes: image({
        '00280010': short('00280010', 3),
        '00280011': short('00280011', 3),
        '00280100': short('00280100', 8),
        '00280101': short('00280101', 8),
        '00280102': short('00280102', 7),
        '7FE00010': element('7FE00010', 'OB', Buffer.alloc(9, 7)),
      }),
      frame: 'read',
    },
    {
      name: 'pixel data longer than the file',
      bytes: image({ '7FE00010': pixels.subarray(0, pixels.length - 6) }),
      frame: 'damaged-file',
      list: 'damaged-file',
    },
    {
      name: 'pixel data shorter than the image',
      bytes: image({ '7FE00010': element('7FE00010', 'OW', Buffer.alloc(10)) }),
      frame: 'damaged-file',
    },
    {
      name: 'pixel data longer than the image',
      bytes: image({ '7FE00010': element('7FE00010', 'OW', Buffer.alloc(1000, 1)) }),
      frame: 'read',
    },
    {
      name: 'garbage behind the pixel data',
      bytes: Buffer.concat([image({}), Buffer.from([1, 2, 3, 4, 5])]),
      frame: 'read',
    },
    {
      name: 'a file that ends in the length of the pixel data',
      bytes: image({ '7FE00010': pixels.subarray(0, 10) }),
      frame: 'damaged-file',
    },
    {
      name: 'tags in descending order',
      bytes: file(
        Buffer.concat([
          ...Object.entries(imageElements())
            .filter(([tag]) => tag !== '7FE00010')
            .reverse()
            .map(([, bytes]) => bytes),
          pixels,
        ]),
      ),
      frame: 'read',
    },
    {
      name: 'one tag a thousand times',
      bytes: file(
        Buffer.concat([
          ...Array.from({ length: 1000 }, (_, i) => element('00080016', 'UI', `1.2.3.${1000 + i}`)),
          dataSet({ '00080016': undefined }),
        ]),
      ),
      frame: 'read',
    },
    {
      name: 'no byte but the magic',
      bytes: file(noValue, { meta: Buffer.alloc(0) }),
      frame: 'no-pixels',
      list: 'damaged-file',
    },
    { name: 'zeros', bytes: Buffer.alloc(4096), frame: 'not-dicom', list: 'not-dicom' },
    { name: 'an empty file', bytes: Buffer.alloc(0), frame: 'not-dicom', list: 'not-dicom' },
  ];
}

function nesting(): Omit<HostileObject, 'topic'>[] {
  const at = (depth: number, withLengths: boolean) => image({ '00089215': nested(depth, withLengths) });
  const unknown = Buffer.concat([
    head('00091010', 'UN', undefinedLength),
    item(nested(100, false, implicitLittle), undefinedLength),
    itemEnd,
    sequenceEnd,
  ]);
  return [
    { name: '64 sequences deep', bytes: at(64, false), frame: 'read' },
    { name: '64 sequences deep, with lengths', bytes: at(64, true), frame: 'read' },
    { name: '65 sequences deep', bytes: at(65, false), frame: 'limit-exceeded' },
    { name: '65 sequences deep, with lengths', bytes: at(65, true), frame: 'limit-exceeded' },
    { name: '50,000 sequences deep', bytes: at(50_000, false), frame: 'limit-exceeded' },
    { name: '50,000 sequences deep, with lengths', bytes: at(50_000, true), frame: 'limit-exceeded' },
    {
      name: '100 sequences deep in an element of unknown VR',
      bytes: image({
        '00090010': element('00090010', 'LO', 'WETREAD TEST'),
        '00091010': unknown,
      }),
      frame: 'limit-exceeded',
    },
    {
      name: '5,000 deep, implicit',
      bytes: file(dataSet({ '00089215': nested(5000, false, implicitLittle) }, implicitLittle), {
        transferSyntax: syntaxes.implicit,
      }),
      frame: 'limit-exceeded',
    },
    {
      name: '100,000 items side by side',
      bytes: image({
        '00081140': Buffer.concat([
          head('00081140', 'SQ', undefinedLength),
          ...Array.from({ length: 100_000 }, () => item(noValue)),
          sequenceEnd,
        ]),
      }),
      frame: 'read',
    },
  ];
}

const jpeg = (first = 0) => {
  const bytes = losslessJpeg(
    Array.from({ length: 12 }, (_, i) => first + i * 100),
    4,
    1,
  );
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
};
const compressed = (
  pixelData: Buffer,
  changes: Elements = {},
  transferSyntax: string = syntaxes.jpegLossless,
) => image({ ...changes, '7FE00010': pixelData }, { transferSyntax });

function fragments(): Omit<HostileObject, 'topic'>[] {
  const whole = jpeg();
  return [
    { name: 'one fragment', bytes: compressed(encapsulated([whole])), frame: 'read' },
    {
      name: 'an image in pieces of one byte',
      bytes: compressed(encapsulated([...whole].map((byte) => Uint8Array.of(byte)))),
      frame: 'read',
    },
    { name: 'no fragment', bytes: compressed(encapsulated([])), frame: 'damaged-file' },
    {
      name: 'not even an offset table',
      bytes: compressed(Buffer.concat([head('7FE00010', 'OB', undefinedLength), sequenceEnd])),
      frame: 'damaged-file',
    },
    {
      name: 'a fragment of undefined length',
      bytes: compressed(
        Buffer.concat([
          head('7FE00010', 'OB', undefinedLength),
          item(noValue),
          item(whole, undefinedLength),
          sequenceEnd,
        ]),
      ),
      frame: 'damaged-file',
    },
    {
      name: 'a fragment longer than the file',
      bytes: compressed(
        Buffer.concat([
          head('7FE00010', 'OB', undefinedLength),
          item(noValue),
          item(whole.subarray(0, 40), 0x7fffff00),
        ]),
      ),
      frame: 'damaged-file',
    },
    {
      name: 'an offset table longer than the file',
      bytes: compressed(
        Buffer.concat([head('7FE00010', 'OB', undefinedLength), item(noValue, 0xfffffff0), item(whole)]),
      ),
      frame: 'damaged-file',
    },
    {
      name: 'no end of the fragments',
      bytes: compressed(encapsulated([whole], { end: false })),
      frame: 'read',
    },
    {
      name: 'something else among the fragments',
      bytes: compressed(
        Buffer.concat([
          head('7FE00010', 'OB', undefinedLength),
          item(noValue),
          text('00080060', 'CS', 'CT'),
          item(whole),
          sequenceEnd,
        ]),
      ),
      frame: 'damaged-file',
    },
    {
      name: '200,000 empty fragments',
      bytes: compressed(encapsulated([...Array.from({ length: 200_000 }, () => noValue), whole])),
      frame: 'read',
    },
    {
      name: 'a fragment for half of the frames',
      bytes: compressed(encapsulated([whole, whole]), { '00280008': text('00280008', 'IS', '4') }),
      frame: 'damaged-file',
    },
    {
      name: 'native pixels of undefined length',
      bytes: image({ '7FE00010': encapsulated([Buffer.alloc(24)]) }),
      frame: 'damaged-file',
    },
    {
      name: 'compressed pixels with a length',
      bytes: compressed(element('7FE00010', 'OB', whole)),
      frame: 'damaged-file',
    },
    {
      name: 'RLE that says sixteen segments',
      bytes: compressed(
        encapsulated([Buffer.concat([longs([16]), Buffer.alloc(60, 0xff), Buffer.alloc(8)])]),
        {},
        syntaxes.rle,
      ),
      frame: 'damaged-file',
      list: 'listed',
    },
  ];
}

function pixelLayout(): Omit<HostileObject, 'topic'>[] {
  const bits = (allocated: number, stored: number, high: number) => ({
    '00280100': short('00280100', allocated),
    '00280101': short('00280101', stored),
    '00280102': short('00280102', high),
  });
  const frames = (value: string) => image({ '00280008': text('00280008', 'IS', value) });
  return [
    { name: 'no rows', bytes: image({ '00280010': short('00280010', 0) }), frame: 'damaged-file' },
    { name: 'no columns', bytes: image({ '00280011': short('00280011', 0) }), frame: 'damaged-file' },
    { name: 'rows without a value', bytes: image({ '00280010': short('00280010') }), frame: 'damaged-file' },
    {
      name: 'rows left out',
      bytes: image({ '00280010': undefined }),
      frame: 'damaged-file',
    },
    {
      name: '65,535 rows and columns',
      bytes: image({ '00280010': short('00280010', 65535), '00280011': short('00280011', 65535) }),
      frame: 'limit-exceeded',
    },
    // Writers that mean "one" write nothing or nought.
    { name: 'no frames', bytes: frames('0'), frame: 'read' },
    { name: 'less than no frames', bytes: frames('-1'), frame: 'damaged-file' },
    { name: 'frames that are no number', bytes: frames('abc'), frame: 'damaged-file' },
    { name: 'half a frame', bytes: frames('1.5'), frame: 'damaged-file' },
    { name: 'more frames than bytes', bytes: frames('900000'), frame: 'damaged-file' },
    { name: 'two billion frames', bytes: frames('2147483647'), frame: 'limit-exceeded' },
    { name: 'frames beyond any number', bytes: frames('999999999999'), frame: 'limit-exceeded' },
    { name: 'an empty number of frames', bytes: frames(''), frame: 'read' },
    { name: 'bits allocated: none', bytes: image(bits(0, 16, 15)), frame: 'damaged-file' },
    { name: 'bits allocated: 7', bytes: image(bits(7, 7, 6)), frame: 'unsupported-syntax' },
    { name: 'bits allocated: 12', bytes: image(bits(12, 12, 11)), frame: 'unsupported-syntax' },
    { name: 'bits allocated: 64', bytes: image(bits(64, 64, 63)), frame: 'damaged-file' },
    { name: 'bits allocated: 65,535', bytes: image(bits(65535, 16, 15)), frame: 'unsupported-syntax' },
    { name: 'more bits stored than allocated', bytes: image(bits(16, 24, 15)), frame: 'read' },
    { name: 'no bits stored', bytes: image(bits(16, 0, 15)), frame: 'read' },
    { name: 'the high bit above the allocated', bytes: image(bits(16, 12, 99)), frame: 'read' },
    { name: 'the high bit below the stored', bytes: image(bits(16, 12, 2)), frame: 'read' },
    {
      name: 'no samples',
      bytes: image({ '00280002': short('00280002', 0) }),
      frame: 'unsupported-syntax',
    },
    {
      name: 'two samples',
      bytes: image({ '00280002': short('00280002', 2) }),
      frame: 'unsupported-syntax',
    },
    {
      name: '65,535 samples',
      bytes: image({ '00280002': short('00280002', 65535) }),
      frame: 'unsupported-syntax',
    },
    {
      name: 'a pixel representation that there is not',
      bytes: image({ '00280103': short('00280103', 77) }),
      frame: 'read',
    },
    {
      name: 'a photometric interpretation that there is not',
      bytes: image({ '00280004': text('00280004', 'CS', '../../ETC/PASSWD') }),
      frame: 'read',
    },
    {
      name: 'a palette that is not there',
      bytes: image({ '00280004': text('00280004', 'CS', 'PALETTE COLOR') }),
      frame: 'damaged-file',
      list: 'listed',
    },
    {
      name: 'a palette of 65,536 colours in two bytes',
      bytes: image({
        '00280004': text('00280004', 'CS', 'PALETTE COLOR'),
        ...Object.fromEntries(
          ['1', '2', '3'].flatMap((channel) => [
            [`0028110${channel}`, short(`0028110${channel}`, 0, 0, 16)],
            [`0028120${channel}`, element(`0028120${channel}`, 'OW', Buffer.alloc(2))],
          ]),
        ),
      }),
      frame: 'damaged-file',
      list: 'listed',
    },
    {
      name: 'a palette whose segments refer to themselves',
      bytes: image({
        '00280004': text('00280004', 'CS', 'PALETTE COLOR'),
        ...Object.fromEntries(
          ['1', '2', '3'].flatMap((channel) => [
            [`0028110${channel}`, short(`0028110${channel}`, 0, 0, 16)],
            [`0028122${channel}`, element(`0028122${channel}`, 'OW', shorts([2, 65535, 0, 0]))],
          ]),
        ),
      }),
      frame: 'damaged-file',
      list: 'listed',
    },
    {
      name: 'an overlay of 65,535 rows and columns',
      bytes: image({
        '60000010': short('60000010', 65535),
        '60000011': short('60000011', 65535),
        '60000050': short('60000050', 1, 1),
        '60000100': short('60000100', 1),
        '60000102': short('60000102', 0),
        '60003000': element('60003000', 'OW', Buffer.alloc(2, 255)),
      }),
      frame: 'read',
    },
  ];
}

function numbers(): Omit<HostileObject, 'topic'>[] {
  const decimal = (name: string, tag: string, ...values: string[]): Omit<HostileObject, 'topic'>[] =>
    values.map((value) => ({
      name: `${name}: ${value}`,
      bytes: image({ [tag]: text(tag, 'DS', value) }),
      frame: 'read' as const,
    }));
  const rescale = (intercept: string, slope: string) => ({
    name: `rescale: ${intercept}, ${slope}`,
    bytes: image({
      '00281052': text('00281052', 'DS', intercept),
      '00281053': text('00281053', 'DS', slope),
    }),
    frame: 'read' as const,
  });
  const window = (center: string, width: string) => ({
    name: `window: ${center}, ${width}`,
    bytes: image({ '00281050': text('00281050', 'DS', center), '00281051': text('00281051', 'DS', width) }),
    frame: 'read' as const,
  });
  const directions = ['0\\0\\0\\0\\0\\0', 'NaN\\0\\0\\0\\1\\0', '1\\0\\0', '1e308\\0\\0\\0\\1e308\\0'];
  return [
    ...decimal(
      'spacing',
      '00280030',
      '-1\\-1',
      'NaN\\NaN',
      '0\\0',
      'Infinity\\1',
      '1e308\\1e308',
      '1e-320\\1',
      '0.5',
      '0x10\\0x10',
      '\\',
    ),
    ...decimal('spacing of the detector', '00181164', '-0.1\\0.1', 'nan\\0.1', '1e999\\1'),
    ...decimal(
      'position',
      '00200032',
      'NaN\\0\\0',
      '1e308\\1e308\\1e308',
      'a\\b\\c',
      '1\\2',
      'Infinity\\0\\0',
    ),
    ...directions.flatMap((value) => decimal('orientation', '00200037', value)),
    ...decimal('time of a frame', '00181063', '-40', 'NaN', '1e400', '0'),
    rescale('NaN', '1'),
    rescale('0', '0'),
    rescale('-1024', 'Infinity'),
    rescale('1e300', '1e300'),
    rescale('1e39', '1'),
    rescale('0', '-1'),
    window('40', '0'),
    window('40', '-400'),
    window('NaN', 'NaN'),
    window('1e308', '1e308'),
    window('550', '1e308'),
    {
      name: 'pixels that are not a number',
      bytes: image({
        '00280100': short('00280100', 32),
        '00280101': short('00280101', 32),
        '00280102': short('00280102', 31),
        '7FE00010': undefined,
        '7FE00008': element(
          '7FE00008',
          'OF',
          Buffer.from(
            Float32Array.from(
              { length: 12 },
              (_, i) => [Number.NaN, Number.POSITIVE_INFINITY, -1e38, 1e38][i % 4] ?? 0,
            ).buffer,
          ),
        ),
      }),
      frame: 'read',
    },
    {
      name: 'an instance number beyond any number',
      bytes: image({ '00200013': text('00200013', 'IS', '99999999999999999999') }),
      frame: 'read',
    },
    {
      name: 'an impossible date, time and age',
      bytes: image({
        '00080020': text('00080020', 'DA', '20249999'),
        '00080030': text('00080030', 'TM', '999999'),
        '00101010': text('00101010', 'AS', '-12Y'),
      }),
      frame: 'read',
    },
  ];
}

/** A codestream header of JPEG 2000 for `side` × `side` pixels and almost nothing behind it. */
export function hugeJpeg2000(side: number, components = 1): Buffer {
  const long = (value: number) => {
    const out = Buffer.alloc(4);
    out.writeUInt32BE(value >>> 0);
    return [...out];
  };
  const parts = [
    [0xff, 0x4f, 0xff, 0x51, 0, 38 + 3 * components, 0, 0],
    [
      ...long(side),
      ...long(side),
      ...long(0),
      ...long(0),
      ...long(side),
      ...long(side),
      ...long(0),
      ...long(0),
    ],
    [components >> 8, components & 255],
    ...Array.from({ length: components }, () => [7, 1, 1]),
    [0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 5, 4, 4, 0, 1],
    [0xff, 0x5c, 0, 19, 0x40, ...Array.from({ length: 16 }, () => 0x40)],
    [0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0x93, 0, 0, 0, 0, 0xff, 0xd9],
  ];
  return Buffer.from(parts.flat());
}

/** The frame header of a JPEG for 65,535 × 65,535 pixels: `marker` C0 baseline, C3 lossless, F7 JPEG-LS. */
export function hugeJpeg(marker: number, side = 65535): Buffer {
  const size = [side >> 8, side & 255, side >> 8, side & 255];
  return Buffer.from([
    ...[0xff, 0xd8, 0xff, marker, 0, 11, 8, ...size, 1, 1, 0x11, 0],
    ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0, 0, 0, 0xff, 0xd9],
  ]);
}

function bombs(): Omit<HostileObject, 'topic'>[] {
  const deflated = (body: Uint8Array) =>
    file(deflateRawSync(body, { level: 9 }), { transferSyntax: syntaxes.deflated });
  const big = {
    '00280010': short('00280010', 20_000),
    '00280011': short('00280011', 20_000),
    '00280100': short('00280100', 8),
    '00280101': short('00280101', 8),
    '00280102': short('00280102', 7),
  };
  const asks = (
    name: string,
    transferSyntax: string,
    frame: Uint8Array,
    code: ErrorCode | 'refused',
    changes = {},
  ) => ({
    name,
    bytes: compressed(encapsulated([frame]), changes, transferSyntax),
    frame: code,
    list: 'listed' as const,
  });
  return [
    {
      name: 'a deflated data set with 100 MB of padding',
      bytes: deflated(dataSet({ '7FE00010': element('7FE00010', 'OW', Buffer.alloc(100 * 2 ** 20)) })),
      frame: 'limit-exceeded',
    },
    {
      name: 'a deflated data set whose text is 100 MB of spaces',
      bytes: deflated(dataSet({ '00104000': element('00104000', 'UT', Buffer.alloc(100 * 2 ** 20, 32)) })),
      frame: 'limit-exceeded',
    },
    {
      name: 'a deflated data set that is none',
      bytes: file(Buffer.alloc(64, 0xff), { transferSyntax: syntaxes.deflated }),
      frame: 'damaged-file',
    },
    {
      name: 'a deflated data set that ends early',
      bytes: deflated(dataSet()).subarray(0, -20),
      frame: 'damaged-file',
    },
    asks(
      'a deflated frame of 50 MB for 24 bytes',
      syntaxes.deflatedFrames,
      deflateRawSync(Buffer.alloc(50 * 2 ** 20)),
      'damaged-file',
    ),
    asks(
      'a deflated frame of 24 bytes for 400 MB',
      syntaxes.deflatedFrames,
      deflateRawSync(Buffer.alloc(24)),
      'damaged-file',
      big,
    ),
    asks('JPEG 2000 of a few bytes for 2³² pixels', syntaxes.jpeg2000, hugeJpeg2000(65535), 'refused'),
    asks('JPEG 2000 of a few bytes for 2⁶² pixels', syntaxes.jpeg2000, hugeJpeg2000(0x7fffffff), 'refused'),
    asks('JPEG 2000 of 16,384 components', syntaxes.jpeg2000, hugeJpeg2000(64, 16384), 'refused'),
    asks(
      'JPEG 2000 of a few bytes for the 400 MB of the header',
      syntaxes.jpeg2000,
      hugeJpeg2000(20_000),
      'refused',
      big,
    ),
    asks('HTJ2K of a few bytes for 2³² pixels', syntaxes.htj2k, hugeJpeg2000(65535), 'refused'),
    asks('JPEG of a few bytes for 2³² pixels', syntaxes.jpeg, hugeJpeg(0xc0), 'refused'),
    asks('lossless JPEG of a few bytes for 2³² pixels', syntaxes.jpegLossless, hugeJpeg(0xc3), 'refused'),
    asks('JPEG-LS of a few bytes for 2³² pixels', syntaxes.jpegLs, hugeJpeg(0xf7), 'refused'),
    asks(
      'lossless JPEG of a few bytes for the 400 MB of the header',
      syntaxes.jpegLossless,
      hugeJpeg(0xc3, 20_000),
      'refused',
      big,
    ),
    asks(
      'JPEG-LS of a few bytes for the 400 MB of the header',
      syntaxes.jpegLs,
      hugeJpeg(0xf7, 20_000),
      'refused',
      big,
    ),
    asks(
      'RLE of a few bytes for the 400 MB of the header',
      syntaxes.rle,
      rleFrame([Uint8Array.of(1, 2)]),
      'refused',
      big,
    ),
    {
      name: 'RLE of a few bytes for 2³² pixels',
      bytes: compressed(
        encapsulated([rleFrame([Uint8Array.of(1, 2)])]),
        { ...big, '00280010': short('00280010', 65535), '00280011': short('00280011', 65535) },
        syntaxes.rle,
      ),
      frame: 'limit-exceeded',
    },
  ];
}

function offsetTables(): Omit<HostileObject, 'topic'>[] {
  const [first, second] = [jpeg(0), jpeg(500)];
  const two = { '00280008': text('00280008', 'IS', '2') };
  const wide = (values: readonly bigint[]) => Buffer.from(BigUint64Array.from(values).buffer);
  const extended = (offsets: readonly bigint[], sizes: readonly bigint[]) => ({
    ...two,
    '7FE00001': element('7FE00001', 'OV', wide(offsets)),
    '7FE00002': element('7FE00002', 'OV', wide(sizes)),
  });
  const table = (name: string, offsets: readonly number[]) => ({
    name,
    bytes: compressed(encapsulated([first, second], { offsets }), two),
    frame: 'read' as const,
  });
  const step = first.length + 8;
  return [
    table('a true table', [0, step]),
    table('no table', []),
    table('a table in descending order', [step, 0]),
    table('a table with one place twice', [0, 0]),
    table('a table that points into a fragment', [0, 12]),
    table('a table that points behind the end', [0, 0xfffffff0]),
    table('a table of odd places', [1, 3]),
    table('a table with one entry too few', [0]),
    table(
      'a table with a thousand entries too many',
      Array.from({ length: 1002 }, (_, i) => i * step),
    ),
    {
      name: 'a table cut in the middle of an entry',
      bytes: compressed(
        Buffer.concat([
          head('7FE00010', 'OB', undefinedLength),
          item(Buffer.alloc(6)),
          item(first),
          item(second),
          sequenceEnd,
        ]),
        two,
      ),
      frame: 'read',
    },
    {
      name: 'an extended table',
      bytes: compressed(
        encapsulated([first, second]),
        extended([0n, BigInt(step)], [BigInt(first.length), BigInt(second.length)]),
      ),
      frame: 'read',
    },
    {
      name: 'an extended table that points behind the end',
      bytes: compressed(encapsulated([first, second]), extended([0n, 2n ** 63n], [8n, 2n ** 63n])),
      frame: 'read',
    },
    {
      name: 'an extended table of sixteen zeros, without lengths',
      bytes: compressed(encapsulated([first, second]), {
        ...two,
        '7FE00001': element('7FE00001', 'OV', Buffer.alloc(16)),
      }),
      frame: 'read',
    },
    {
      name: 'pieces without a table, where one frame has two',
      bytes: compressed(encapsulated([first.subarray(0, 40), first.subarray(40), second]), two),
      frame: 'read',
    },
  ];
}

function texts(): Omit<HostileObject, 'topic'>[] {
  const named = (name: string, characterSet: string, bytes: Uint8Array) => ({
    name,
    bytes: image({
      '00080005': text('00080005', 'CS', characterSet),
      '00100010': element('00100010', 'PN', bytes),
    }),
    frame: 'read' as const,
  });
  return [
    named('a character set that there is not', 'ISO_IR 9999', latin('Test^Name\xe4')),
    named(
      'forty character sets',
      Array.from({ length: 40 }, () => 'ISO 2022 IR 87').join('\\'),
      latin('Test'),
    ),
    named('an escape sequence at the very end', '\\ISO 2022 IR 87', latin('Test\x1b')),
    named('an escape sequence that there is not', '\\ISO 2022 IR 87', latin('Te\x1b%Zst')),
    named('half a character of two bytes', '\\ISO 2022 IR 87', latin('T\x1b$B;')),
    named('UTF-8 that is none', 'ISO_IR 192', latin('T\xff\xfe\xc0\x80')),
    named('a thousand escapes', '\\ISO 2022 IR 87', latin('\x1b$B\x1b(B'.repeat(1000))),
    named('control characters and zeros', 'ISO_IR 100', latin('A\0B\x07C\x1b[31mD\x7f')),
    named('a name of 60,000 carets', 'ISO_IR 100', latin('^'.repeat(60_000))),
    named('text that runs from right to left', 'ISO_IR 192', Buffer.from('a‮cmd.exe‬', 'utf8')),
    {
      name: 'a UID with a path in it',
      bytes: image({ '00080018': element('00080018', 'UI', '../../../etc/passwd\0') }),
      frame: 'read',
    },
    {
      name: 'a UID of 1,000 digits',
      bytes: image({ '0020000D': element('0020000D', 'UI', `1.${'9'.repeat(998)}`) }),
      frame: 'read',
    },
  ];
}

function privates(): Omit<HostileObject, 'topic'>[] {
  const implicit = (changes: Elements) =>
    file(dataSet(changes, implicitLittle), { transferSyntax: syntaxes.implicit });
  const plain = (tag: string, value: Uint8Array | string) =>
    element(tag, 'UN', value, { form: implicitLittle });
  return [
    {
      name: 'a private element with its creator',
      bytes: image({
        '00090010': element('00090010', 'LO', 'WETREAD TEST'),
        '00091001': element('00091001', 'UN', Buffer.alloc(6, 9)),
      }),
      frame: 'read',
    },
    {
      name: 'a private element without a creator',
      bytes: image({ '00091001': element('00091001', 'UN', Buffer.alloc(6, 9)) }),
      frame: 'read',
    },
    {
      name: 'a private element without a creator, implicit',
      bytes: implicit({ '00091001': plain('00091001', Buffer.alloc(6, 9)) }),
      frame: 'read',
    },
    {
      name: 'a private sequence, implicit',
      bytes: implicit({
        '00090010': plain('00090010', 'WETREAD TEST'),
        '00091001': Buffer.concat([
          head('00091001', 'SQ', undefinedLength, implicitLittle),
          item(plain('00091002', 'ab'), undefinedLength),
          itemEnd,
          sequenceEnd,
        ]),
      }),
      frame: 'read',
    },
    {
      name: 'a private value that begins like an item, implicit',
      bytes: implicit({
        '00091001': plain('00091001', Buffer.concat([item(latin('no elements')), latin('x')])),
      }),
      frame: 'read',
    },
    {
      name: 'a private VR that there is not',
      bytes: image({ '00091001': element('00091001', 'ZZ', 'abcd') }),
      frame: 'read',
    },
    {
      name: 'a private sequence of unknown VR with explicit elements',
      bytes: image({
        '00090010': element('00090010', 'LO', 'WETREAD TEST'),
        '00091001': Buffer.concat([
          head('00091001', 'UN', undefinedLength),
          item(text('00091002', 'LO', 'abcd'), undefinedLength),
          itemEnd,
          sequenceEnd,
        ]),
      }),
      frame: 'read',
    },
  ];
}

function metaHeaders(): Omit<HostileObject, 'topic'>[] {
  const body = dataSet();
  const uid = (value: string) => element('00020010', 'UI', value.length % 2 ? `${value}\0` : value);
  return [
    {
      name: 'none, behind the magic',
      bytes: file(body, { meta: Buffer.alloc(0), groupLength: null }),
      frame: 'read',
    },
    { name: 'empty', bytes: file(body, { meta: Buffer.alloc(0) }), frame: 'read' },
    { name: 'without its length', bytes: file(body, { groupLength: null }), frame: 'read' },
    { name: 'with a length of nothing', bytes: file(body, { groupLength: 0 }), frame: 'read' },
    { name: 'with a length beyond the file', bytes: file(body, { groupLength: 0xffffff00 }), frame: 'read' },
    { name: 'with a length in the middle of it', bytes: file(body, { groupLength: 13 }), frame: 'read' },
    {
      name: 'without a transfer syntax',
      bytes: file(body, { meta: element('00020002', 'UI', '1.2.840.10008.5.1.4.1.1.7\0') }),
      frame: 'read',
    },
    { name: 'with an empty transfer syntax', bytes: file(body, { meta: uid('') }), frame: 'read' },
    {
      name: 'with a transfer syntax that there is not',
      bytes: file(body, { meta: uid('1.2.3.4.5.6') }),
      frame: 'unsupported-syntax',
    },
    {
      name: 'says implicit, is explicit',
      bytes: file(body, { transferSyntax: syntaxes.implicit }),
      frame: 'read',
    },
    { name: 'says explicit, is implicit', bytes: file(dataSet({}, implicitLittle)), frame: 'read' },
    { name: 'says little, is big endian', bytes: file(dataSet({}, explicitBig)), frame: 'read' },
    {
      name: 'says big, is little endian',
      bytes: file(body, { transferSyntax: syntaxes.big }),
      frame: 'read',
    },
    {
      name: 'big endian',
      bytes: file(dataSet({}, explicitBig), { transferSyntax: syntaxes.big }),
      frame: 'read',
    },
    {
      name: 'twice',
      bytes: file(Buffer.concat([element('00020000', 'UL', longs([26])), uid(syntaxes.explicit), body])),
      frame: 'read',
    },
    {
      name: 'twice, the second with another syntax',
      bytes: file(Buffer.concat([uid(syntaxes.implicit), body])),
      frame: 'read',
    },
    { name: 'a whole file inside the data set', bytes: file(file(body)), frame: 'damaged-file' },
    { name: 'no preamble', bytes: file(body, { preamble: Buffer.alloc(0) }), frame: 'read' },
    {
      name: 'no preamble, no magic',
      bytes: file(body, { preamble: Buffer.alloc(0), magic: '' }),
      frame: 'read',
    },
    {
      name: 'no preamble, no magic, no meta header',
      bytes: body,
      frame: 'read',
    },
    {
      name: 'a preamble that is a TIFF',
      bytes: file(body, { preamble: Buffer.concat([latin('II*\0'), Buffer.alloc(124, 8)]) }),
      frame: 'read',
    },
    {
      name: 'a preamble that is a program',
      bytes: file(body, { preamble: Buffer.concat([latin('MZ'), Buffer.alloc(126, 0x90)]) }),
      frame: 'read',
    },
    {
      name: 'cut off in its meta header',
      bytes: file(body).subarray(0, 180),
      frame: 'damaged-file',
    },
    {
      name: 'an element of it longer than the file',
      bytes: file(body, { meta: element('00020001', 'OB', Uint8Array.of(0, 1), { length: 0x7fffffff }) }),
      frame: 'damaged-file',
    },
  ];
}

/** All of them; each call makes them anew. */
export function hostileObjects(): HostileObject[] {
  const topics: Record<Topic, () => Omit<HostileObject, 'topic'>[]> = {
    lengths,
    nesting,
    fragments,
    'pixel layout': pixelLayout,
    numbers,
    bombs,
    'offset tables': offsetTables,
    text: texts,
    private: privates,
    'meta header': metaHeaders,
  };
  return (Object.entries(topics) as [Topic, () => Omit<HostileObject, 'topic'>[]][]).flatMap(
    ([topic, make]) => make().map((one) => ({ topic, ...one })),
  );
}
