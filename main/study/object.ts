/* An object element by element, as it lies in its file: for those who write it anew. */

import type { Frame } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import type { ByteSource } from './bytes.js';
import type { DataSet } from './elements.js';
import { readFrame } from './frame.js';
import { type Header, readHeaderOf } from './header.js';
import { openPath } from './open.js';
import { decodeStored, type PixelModule, readPixelModule, type StoredFrame } from './pixels.js';

/** One element with its bytes as they lie in the file. */
export interface ObjectElement {
  /** Eight lower-case hexadecimal digits. */
  tag: string;
  /** Undefined where the data set does not state it (implicit VR). */
  vr: string | undefined;
  /** Empty for sequences. */
  value: Uint8Array;
  /** Of a sequence: the elements of each item. */
  items?: ObjectElement[][];
}

/** The pixels of an object, and its frames decoded; frames count from 0. */
export interface ImageLayout {
  frames: number;
  bitsAllocated: number;
  float: boolean;
  /** As shown. */
  shown(frame: number): Promise<Frame>;
  /** As stored, before any look-up table. */
  stored(frame: number): Promise<StoredFrame>;
}

/** A data set, open for reading until `close`. */
export interface OpenedObject {
  /** In ascending order of tags; without meta group, pixel data, and the encapsulated pixel data of an icon. */
  elements: ObjectElement[];
  meta: ObjectElement[];
  transferSyntax: string;
  explicit: boolean;
  littleEndian: boolean;
  /** The pixel data: its length in bytes where it is native, -1 where it is encapsulated. */
  pixel: { tag: string; vr: string | undefined; length: number } | undefined;
  /**
   * Bytes of native pixel data in pieces, or the items of encapsulated pixel data, one fragment a piece, the basic offset table first.
   * Throws WetreadError `damaged-file` where the file ends too early.
   */
  pixelPieces(): Generator<Uint8Array>;
  /** How its pixels are laid out. Throws WetreadError `no-pixels`, `unsupported-syntax`, `damaged-file`, `limit-exceeded`. */
  image(): ImageLayout;
  close(): void;
}

const pieceBytes = 4 * 2 ** 20;

/**
 * Opens a DICOM file, or a member of a ZIP, for rewriting. What follows the pixel data (padding, signatures) is left out.
 * Throws WetreadError `not-dicom`, `damaged-file`, `limit-exceeded`, `not-found`.
 */
export async function openObject(path: string): Promise<OpenedObject> {
  const source = await openPath(path);
  try {
    const header = readHeaderOf(source);
    if (header.truncated) throw new WetreadError('damaged-file', 'The file ends inside its header.');
    const all = elementsOf(header.dataSet);
    const { pixel } = header;
    const elements = all.filter(({ tag }) => !tag.startsWith('0002'));
    return {
      elements,
      meta: all.filter(({ tag }) => tag.startsWith('0002')),
      transferSyntax: header.transferSyntax,
      explicit: header.dataSet.form.explicit,
      littleEndian: header.littleEndian,
      pixel: pixel && { tag: pixel.tag.slice(1), vr: pixel.vr, length: pixel.length },
      pixelPieces: () => piecesOf(header),
      image: () => layoutOf(readPixelModule(header)),
      close: () => source.close(),
    };
  } catch (thrown) {
    source.close();
    throw thrown;
  }
}

function layoutOf(module: PixelModule): ImageLayout {
  const { frames, bitsAllocated, float } = module;
  return {
    ...{ frames, bitsAllocated, float },
    shown: (frame) => readFrame(module, frame),
    stored: (frame) => decodeStored(module, frame, { asStored: false }),
  };
}

function elementsOf(dataSet: DataSet): ObjectElement[] {
  return [...dataSet.elements]
    .flatMap(([number, element]): ObjectElement[] => {
      const { vr, length } = element;
      const tag = number.toString(16).padStart(8, '0');
      const items = dataSet.items(number);
      if (vr === 'SQ' || items.length > 0)
        return [{ tag, vr: vr || undefined, value: new Uint8Array(), items: items.map(elementsOf) }];
      // The encapsulated pixel data of an icon.
      if (length < 0) return [];
      const value = length === 0 ? new Uint8Array() : dataSet.value(element);
      if (!value) throw new WetreadError('limit-exceeded', 'One of its attributes is too large.');
      return [{ tag, vr: vr || undefined, value }];
    })
    .sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

function* piecesOf({ source, pixel, littleEndian }: Header): Generator<Uint8Array> {
  if (!pixel) return;
  if (pixel.length >= 0) {
    for (let at = 0; at < pixel.length; at += pieceBytes)
      yield readAll(source, pixel.offset + at, Math.min(pieceBytes, pixel.length - at));
    return;
  }
  let position = pixel.offset;
  for (;;) {
    const head = readAll(source, position, 8);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const length = view.getUint32(4, littleEndian);
    if (view.getUint16(0, littleEndian) !== 0xfffe || view.getUint16(2, littleEndian) !== 0xe000) return;
    yield readAll(source, position + 8, length);
    position += 8 + length;
    // Many files end without the delimiter that closes the sequence.
    if (position + 8 > source.size) return;
  }
}

function readAll(source: ByteSource, offset: number, length: number): Uint8Array {
  if (offset + length > source.size) throw new WetreadError('damaged-file', 'Its pixel data is cut short.');
  return source.read(offset, length);
}
