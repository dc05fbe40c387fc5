import { WetreadError } from '../../error.js';
import type { OpenedObject } from '../../study/index.js';
import { type Box, boxOut } from '../burned-in/box-out.js';
import { type Form, type NewElement, writeHead } from './write.js';

export type { Box };

/** Boxed pixels are written uncompressed. */
export const boxedForm: Form & { transferSyntax: string } = {
  explicit: true,
  littleEndian: true,
  transferSyntax: '1.2.840.10008.1.2.1',
};

export interface BoxedPixels {
  /** The attributes of the pixels as they are written. */
  elements: NewElement[];
  /** The pixel data element. */
  pieces(): AsyncGenerator<Uint8Array>;
}

const short = (tag: string, value: number): NewElement => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return { tag, vr: 'US', value: bytes };
};

/**
 * All frames of an object decoded, with boxes blackened.
 * Throws WetreadError `no-pixels`, `unsupported-syntax` (floating point and 1-bit pixels), `damaged-file`, `limit-exceeded`.
 */
export async function boxedPixels(object: OpenedObject, boxes: readonly Box[]): Promise<BoxedPixels> {
  const image = object.image();
  if (image.float || image.bitsAllocated === 1)
    throw new WetreadError('unsupported-syntax', 'Text cannot be blackened in pixels of this kind.');
  const first = await image.stored(0);
  const frameBytes = first.values.byteLength;
  const total = frameBytes * image.frames;
  if (total >= 2 ** 32 - 2)
    throw new WetreadError('limit-exceeded', 'Its pixels are too many to be written uncompressed.');
  const bits = 8 * first.values.BYTES_PER_ELEMENT;
  const photometric = first.photometric === 'YBR_FULL_422' ? 'YBR_FULL' : first.photometric;
  return {
    elements: [
      short('00280002', first.samples),
      { tag: '00280004', vr: 'CS', value: Buffer.from(photometric) },
      ...(first.samples > 1 ? [short('00280006', 0)] : []),
      short('00280010', first.rows),
      short('00280011', first.columns),
      short('00280100', bits),
    ],
    async *pieces() {
      yield writeHead('7fe00010', bits > 8 ? 'OW' : 'OB', total + (total % 2), boxedForm);
      for (let frame = 0; frame < image.frames; frame++) {
        const stored = frame === 0 ? first : await image.stored(frame);
        if (stored.values.byteLength !== frameBytes)
          throw new WetreadError('damaged-file', 'Its frames are not all of one size.');
        boxOut(stored, boxes);
        yield new Uint8Array(stored.values.buffer, stored.values.byteOffset, frameBytes);
      }
      if (total % 2 === 1) yield new Uint8Array(1);
    },
  };
}

const widths: Readonly<Record<string, number>> = {
  AT: 2,
  FD: 8,
  FL: 4,
  OD: 8,
  OF: 4,
  OL: 4,
  OV: 8,
  OW: 2,
  SL: 4,
  SS: 2,
  SV: 8,
  UL: 4,
  US: 2,
  UV: 8,
};

/** Numbers of a big endian data set in little endian; `same` where they are already. */
export function toLittleEndian(elements: readonly NewElement[], same: boolean): NewElement[] {
  if (same) return [...elements];
  return elements.map((element) => {
    const { vr, value } = element;
    if (!(value instanceof Uint8Array))
      return { ...element, value: value.map((item) => toLittleEndian(item, false)) };
    const width = widths[vr];
    if (!width) return element;
    const turned = Buffer.from(value);
    for (let at = 0; at + width <= turned.length; at += width) turned.subarray(at, at + width).reverse();
    return { ...element, value: turned };
  });
}
