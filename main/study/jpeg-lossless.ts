import { WetreadError } from '../error.js';
import type { JpegImage } from './jpeg.js';
import { damagedJpeg, type Huffman, JpegReader } from './jpeg-reader.js';

/*
 * Lossless JPEG (ITU-T T.81 Annex H, SOF3): DICOM's …4.57 and …4.70, 2 to 16 bits. Our own because the npm decoder loses the last
 * pixel of some images and rounds predictor 7 wrongly, and a lossless image must be the one that was stored.
 */

interface Channel {
  id: number;
  table: Huffman | undefined;
}

/**
 * Decodes one image; components interleaved. A lossless image that is not whole is refused.
 * @param maxBytes refuses larger images with `limit-exceeded`
 * Throws WetreadError `damaged-file`, `unsupported-syntax`, `limit-exceeded`.
 */
export function decodeJpegLossless(bytes: Uint8Array, maxBytes: number): JpegImage {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw damagedJpeg('it does not begin as JPEG does');
  const reader = new JpegReader(bytes);
  let image: JpegImage | undefined;
  let channels: Channel[] = [];
  let restartInterval = 0;
  let scans = 0;
  for (;;) {
    const marker = reader.nextMarker();
    if (marker === undefined || marker === 0xd9) break;
    const length = reader.word(reader.position);
    const start = reader.position + 2;
    reader.position = Math.min(reader.position + length, bytes.length);
    if (marker === 0xc4) reader.readHuffman(start, reader.position);
    else if (marker === 0xdd) restartInterval = reader.word(start);
    else if (marker === 0xc3) {
      if (image) throw damagedJpeg('it has two frame headers');
      ({ image, channels } = readFrame(reader, start, maxBytes));
    } else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc)
      throw new WetreadError('unsupported-syntax', 'Its JPEG data is not coded as its transfer syntax says.');
    else if (marker === 0xda) {
      if (!image) throw damagedJpeg('a scan comes before the frame header');
      if (++scans > 4) throw damagedJpeg('it has too many scans');
      readScan(reader, start, image, channels, restartInterval);
    }
  }
  if (!image || scans === 0) throw damagedJpeg('it holds no image');
  return image;
}

function readFrame(
  reader: JpegReader,
  start: number,
  maxBytes: number,
): { image: JpegImage; channels: Channel[] } {
  const { bytes } = reader;
  const precision = bytes[start] ?? 0;
  const rows = reader.word(start + 1);
  const columns = reader.word(start + 3);
  const components = bytes[start + 5] ?? 0;
  if (precision < 2 || precision > 16) throw damagedJpeg(`${precision} bits a sample`);
  if (rows === 0 || columns === 0) throw damagedJpeg('it has no rows or columns');
  if (components < 1 || components > 4) throw damagedJpeg(`${components} components`);
  const count = rows * columns * components;
  if (count * (precision > 8 ? 2 : 1) > maxBytes)
    throw new WetreadError('limit-exceeded', 'Its JPEG data asks for too large an image.');
  const channels = Array.from({ length: components }, (_, i) => ({
    id: bytes[start + 6 + 3 * i] ?? 0,
    table: undefined,
  }));
  if (components > 1 && channels.some((_, i) => bytes[start + 7 + 3 * i] !== bytes[start + 7]))
    throw new WetreadError('unsupported-syntax', 'Its lossless JPEG data is subsampled.');
  const data = precision > 8 ? new Uint16Array(count) : new Uint8Array(count);
  return { image: { rows, columns, precision, components, data }, channels };
}

function readScan(
  reader: JpegReader,
  start: number,
  image: JpegImage,
  channels: readonly Channel[],
  restartInterval: number,
): void {
  const { bytes } = reader;
  const { rows, columns, components, precision, data } = image;
  const count = bytes[start] ?? 0;
  const scanned: { offset: number; table: Huffman }[] = [];
  for (let i = 0; i < count; i++) {
    const offset = channels.findIndex((channel) => channel.id === bytes[start + 1 + 2 * i]);
    const table = reader.dc[(bytes[start + 2 + 2 * i] ?? 0) >> 4];
    if (offset < 0 || !table) throw damagedJpeg('a scan names what is not there');
    scanned.push({ offset, table });
  }
  const at = start + 1 + 2 * count;
  const predictor = bytes[at] ?? 1;
  const pointTransform = (bytes[at + 2] ?? 0) & 15;
  const initial = 1 << (precision - pointTransform - 1);
  const mask = 0xffff;
  const above = columns * components;
  reader.startInterval();
  // The row in which the current restart interval began is predicted like the first one.
  let firstRow = 0;
  let fresh = true;
  let done = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, done++) {
      if (restartInterval > 0 && done > 0 && done % restartInterval === 0) {
        if (!reader.restart()) throw damagedJpeg('it ends too early');
        firstRow = y;
        fresh = true;
      }
      const pixel = (y * columns + x) * components;
      for (const { offset, table } of scanned) {
        const index = pixel + offset;
        let predicted: number;
        if (fresh) predicted = initial;
        else if (y === firstRow)
          predicted = x > 0 ? (data[index - components] ?? 0) : (data[index - above] ?? 0);
        else if (x === 0) predicted = data[index - above] ?? 0;
        else {
          const a = data[index - components] ?? 0;
          const b = data[index - above] ?? 0;
          const c = data[index - above - components] ?? 0;
          predicted = predict(predictor, a, b, c);
        }
        const category = reader.symbol(table);
        const difference = category === 16 ? 32768 : reader.extended(category & 15);
        data[index] = (predicted + difference) & mask;
      }
      fresh = false;
      if (reader.overrun > 0) throw damagedJpeg('it ends too early');
    }
  }
  finish(image, pointTransform);
}

function predict(predictor: number, a: number, b: number, c: number): number {
  switch (predictor) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    case 7:
      return (a + b) >> 1;
    default:
      throw damagedJpeg('its predictor is unknown');
  }
}

function finish(image: JpegImage, pointTransform: number): void {
  if (pointTransform > 0)
    for (let i = 0; i < image.data.length; i++) image.data[i] = (image.data[i] ?? 0) << pointTransform;
}
