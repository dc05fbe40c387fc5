/* The only file that reaches sharp: plain images in, thumbnails out, and the resizing before the model. */
import sharp from 'sharp';
import type { Frame } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import { limits } from './limits.js';
import { renderGrey } from './render.js';

// Foreign images come one at a time; a cache would only hold memory.
sharp.cache(false);
sharp.concurrency(1);

/** JPEG or PNG by its first bytes. */
export function isPlainImage(head: Uint8Array): boolean {
  const jpeg = head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;
  const png = head[0] === 0x89 && head[1] === 0x50 && head[2] === 0x4e && head[3] === 0x47;
  return jpeg || png;
}

const tooLarge = (cause?: unknown) =>
  new WetreadError(
    'limit-exceeded',
    `The picture has more than ${limits.imagePixels / 1e6} million pixels and was not opened. Make it smaller first.`,
    { cause },
  );

/** What sharp throws, coded. */
function damaged(cause: unknown): WetreadError {
  if (cause instanceof WetreadError) return cause;
  return cause instanceof Error && /pixel limit/.test(cause.message)
    ? tooLarge(cause)
    : new WetreadError('damaged-file', 'The picture is damaged. Ask for another copy.', { cause });
}
const open = (bytes: Uint8Array) =>
  sharp(bytes, { limitInputPixels: limits.imagePixels, failOn: 'truncated', pages: 1 });

/** Size of a JPEG or PNG as it is shown (rotated as its EXIF says). Throws WetreadError `damaged-file`, `limit-exceeded`. */
export async function measureImage(
  bytes: Uint8Array,
): Promise<{ rows: number; columns: number; grey: boolean }> {
  try {
    const { width, height, orientation = 1, channels } = await open(bytes).metadata();
    if (width * height > limits.imagePixels) throw tooLarge();
    const turned = orientation >= 5;
    return { rows: turned ? width : height, columns: turned ? height : width, grey: channels < 3 };
  } catch (cause) {
    throw damaged(cause);
  }
}

/** Decodes a JPEG or PNG; grey where it has no colour. Throws WetreadError `damaged-file`, `limit-exceeded`. */
export async function decodeImage(bytes: Uint8Array): Promise<Frame> {
  try {
    const { grey } = await measureImage(bytes);
    const image = open(bytes).rotate().flatten({ background: '#000' });
    const { data, info } = await (grey ? image.toColourspace('b-w') : image.toColourspace('srgb'))
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const values =
      info.channels === (grey ? 1 : 3) ? Uint8Array.from(data) : pick(data, info.channels, grey ? 1 : 3);
    return {
      rows: info.height,
      columns: info.width,
      kind: grey ? 'grey' : 'rgb',
      type: 'uint8',
      min: 0,
      max: 255,
      window: { center: 127.5, width: 255 },
      invert: false,
      data: values,
    };
  } catch (cause) {
    throw damaged(cause);
  }
}

function pick(data: Uint8Array, from: number, to: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array((data.length / from) * to);
  for (let i = 0, pixel = 0; i < data.length; i += from, pixel += to)
    for (let channel = 0; channel < to; channel++)
      out[pixel + channel] = data[i + Math.min(channel, from - 1)] ?? 0;
  return out;
}

/** A plain picture (8-bit grey or RGB, as `decodeImage` gives it) as a PNG that holds its pixels and nothing else. */
export async function encodePicture({
  rows,
  columns,
  kind,
  data,
}: Pick<Frame, 'rows' | 'columns' | 'kind' | 'data'>): Promise<Uint8Array<ArrayBuffer>> {
  const grey = kind !== 'rgb';
  const image = sharp(new Uint8Array(data), {
    raw: { width: columns, height: rows, channels: grey ? 1 : 3 },
  });
  const png = await (grey ? image.toColourspace('b-w') : image).png().toBuffer();
  return Uint8Array.from(png);
}

/**
 * A small JPEG of a frame as it is shown at first, its proportions kept.
 * @param sizePx the longer side
 */
export async function thumbnail(frame: Frame, sizePx: number): Promise<Uint8Array<ArrayBuffer>> {
  const { rows, columns } = frame;
  const rgb = frame.kind === 'rgb';
  const data = rgb ? new Uint8Array(frame.data) : renderGrey(frame).data;
  const jpeg = await sharp(data, { raw: { width: columns, height: rows, channels: rgb ? 3 : 1 } })
    .resize({ width: sizePx, height: sizePx, fit: 'inside', withoutEnlargement: true, kernel: 'lanczos3' })
    .jpeg({ quality: 82 })
    .toBuffer();
  return Uint8Array.from(jpeg);
}

/**
 * Resizes 8-bit grey to exactly `width` × `height`, squashing, with the antialiasing Lanczos kernel that the training used (Pillow's
 * `LANCZOS`).
 */
export async function resizeGrey(
  data: Uint8Array,
  columns: number,
  rows: number,
  width: number,
  height: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (columns === width && rows === height) return Uint8Array.from(data);
  const resized = await sharp(data, { raw: { width: columns, height: rows, channels: 1 } })
    // No shrink-on-load approximations and no early integer shrink: the kernel sees every pixel.
    .resize({ width, height, fit: 'fill', kernel: 'lanczos3', fastShrinkOnLoad: false })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return Uint8Array.from(resized);
}
