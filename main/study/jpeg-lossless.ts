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
  if (count < 1 || count > components) throw damagedJpeg('a scan names what is not there');
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
  if (predictor < 1 || predictor > 7) throw damagedJpeg('its predictor is unknown');
  const initial = 1 << (precision - pointTransform - 1);
  const lanes = scanned.length;
  const shared = scanned.every(({ table }) => table === scanned[0]?.table);
  const tables = scanned.slice(0, shared ? 1 : lanes).map(({ table }) => table);
  const differences = new Int32Array(columns * lanes);
  reader.startInterval();
  // The row in which a restart interval begins is predicted like the first one.
  let fresh = true;
  let left = restartInterval;
  for (let y = 0; y < rows; y++) {
    for (let x = 0, run = 0; x < columns; x += run) {
      if (restartInterval > 0 && left === 0) {
        if (!reader.restart()) throw damagedJpeg('it ends too early');
        fresh = true;
        left = restartInterval;
      }
      run = restartInterval > 0 ? Math.min(left, columns - x) : columns - x;
      left -= run;
      reader.differences(tables, differences, x * lanes, (x + run) * lanes);
      scanned.forEach(({ offset }, lane) => {
        const from = (y * columns + x) * components + offset;
        const to = from + run * components;
        const row = { data, from, to, step: components, differences, first: x * lanes + lane, lanes };
        if (fresh) addAlong(row, initial);
        else addPredicted(row, predictor, columns * components, x === 0);
      });
      fresh = false;
    }
    if (reader.overrun > 0) throw damagedJpeg('it ends too early');
  }
  finish(image, pointTransform);
}

/** Part of a row of one component: where it goes, and the differences that it is made of. */
interface Row {
  data: JpegImage['data'];
  from: number;
  to: number;
  step: number;
  differences: Int32Array;
  first: number;
  lanes: number;
}

/** Each sample from the one on its left; `before` is what stands left of the first. */
function addAlong({ data, from, to, step, differences, first, lanes }: Row, before: number): void {
  let a = before;
  const mask = data.BYTES_PER_ELEMENT === 1 ? 0xff : 0xffff;
  for (let i = from, d = first; i < to; i += step, d += lanes) {
    a = (a + (differences[d] ?? 0)) & mask;
    data[i] = a;
  }
}

/** Each sample from its neighbours on the left (a), above (b) and above on the left (c), by predictor 1 to 7 (T.81 Table H.1). */
function addPredicted(row: Row, predictor: number, above: number, begins: boolean): void {
  const { data, from, to, step, differences, first, lanes } = row;
  let i = from;
  let d = first;
  if (begins) {
    data[i] = (data[i - above] ?? 0) + (differences[d] ?? 0);
    i += step;
    d += lanes;
  }
  if (i >= to) return;
  let a = data[i - step] ?? 0;
  if (predictor === 1) {
    addAlong({ ...row, from: i, first: d }, a);
    return;
  }
  const mask = data.BYTES_PER_ELEMENT === 1 ? 0xff : 0xffff;
  let c = data[i - above - step] ?? 0;
  for (; i < to; i += step, d += lanes) {
    const b = data[i - above] ?? 0;
    let predicted: number;
    if (predictor === 2) predicted = b;
    else if (predictor === 3) predicted = c;
    else if (predictor === 4) predicted = a + b - c;
    else if (predictor === 5) predicted = a + ((b - c) >> 1);
    else if (predictor === 6) predicted = b + ((a - c) >> 1);
    else predicted = (a + b) >> 1;
    a = (predicted + (differences[d] ?? 0)) & mask;
    c = b;
    data[i] = a;
  }
}

function finish(image: JpegImage, pointTransform: number): void {
  if (pointTransform > 0)
    for (let i = 0; i < image.data.length; i++) image.data[i] = (image.data[i] ?? 0) << pointTransform;
}
