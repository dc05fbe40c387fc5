import type { Frame } from '../../../preload/values.js';
import { toWetreadError } from '../../error.js';
import { type OpenedObject, openObject, readPicture, renderGrey } from '../../study/index.js';
import { detectText, type TextBox } from './detect.js';
import { thresholds } from './thresholds.js';

/** Searched images have at most this many pixels a side; larger ones are made smaller by whole numbers first. */
const searchedSide = 1400;

const slices = new Set(['CT', 'MR', 'PT', 'NM']);

/**
 * Finds burned-in text in a frame; boxes are in pixels of the frame, with a margin.
 * @param modality code as written: slices of scanners, which bear text rarely and look like it in places, have to look more like it
 */
export function textIn(frame: Frame, modality: string | undefined): TextBox[] {
  return boxesIn(searchedOf(frame), modality);
}

/** A frame as it is searched: 8-bit grey, made smaller by a whole number. */
export interface SearchedImage {
  /** Of the frame. */
  rows: number;
  columns: number;
  factor: number;
  /** Of `floor(rows / factor)` by `floor(columns / factor)` pixels. */
  data: Uint8Array<ArrayBuffer>;
}

/** A frame as it is shown at first, small enough to be searched. */
export function searchedOf(frame: Frame): SearchedImage {
  const grey = renderGrey(frame);
  const { rows, columns } = grey;
  const factor = Math.max(1, Math.ceil(Math.max(rows, columns) / searchedSide));
  return { rows, columns, factor, data: factor === 1 ? grey.data : shrink(grey, factor).data };
}

/** As `textIn`, of a frame that was made ready. */
export function boxesIn(
  { rows, columns, factor, data }: SearchedImage,
  modality: string | undefined,
  options: { largestDoubledPx?: number | undefined } = {},
): TextBox[] {
  const asked = thresholds[slices.has(modality ?? '') ? 'slices' : 'others'];
  const image = { rows: Math.floor(rows / factor), columns: Math.floor(columns / factor), data };
  const margin = factor * 2;
  return detectText(image, asked, options).map((box) => ({
    ...box,
    left: Math.max(0, box.left * factor - margin),
    top: Math.max(0, box.top * factor - margin),
    right: Math.min(columns, box.right * factor + margin),
    bottom: Math.min(rows, box.bottom * factor + margin),
  }));
}

function shrink(
  { rows, columns, data }: { rows: number; columns: number; data: Uint8Array },
  factor: number,
): { rows: number; columns: number; data: Uint8Array<ArrayBuffer> } {
  const out = { rows: Math.floor(rows / factor), columns: Math.floor(columns / factor) };
  const means = new Uint8Array(out.rows * out.columns);
  for (let y = 0; y < out.rows; y++)
    for (let x = 0; x < out.columns; x++) {
      let sum = 0;
      for (let dy = 0; dy < factor; dy++)
        for (let dx = 0; dx < factor; dx++) sum += data[(y * factor + dy) * columns + x * factor + dx] ?? 0;
      means[y * out.columns + x] = Math.round(sum / factor ** 2);
    }
  return { ...out, data: means };
}

/** What an object says of text in its pixels, and what is found in its first, middle and last frame: text stands where it stands in all. */
export interface Inspected {
  /** (0028,0301); undefined where nobody knows. */
  stated?: 'YES' | 'NO' | undefined;
  /** False where its pixels cannot be decoded. */
  searched: boolean;
  boxes: TextBox[];
}

/**
 * Looks for text in the pixels of an object or of a plain JPEG or PNG; nothing is found in one without pixels.
 * Rejects with WetreadError `not-dicom`, `damaged-file`, `unsupported-syntax`, `limit-exceeded`, `not-found`.
 */
export async function inspectObject(file: string): Promise<Inspected> {
  const picture = await readPicture(file);
  if (picture) return { searched: true, boxes: textIn(picture, undefined) };
  const object = await openObject(file);
  try {
    const stated = statedText(object);
    if (!object.pixel) return { stated, searched: true, boxes: [] };
    const boxes = await boxesOf(object);
    return { stated, searched: boxes !== undefined, boxes: boxes ?? [] };
  } finally {
    object.close();
  }
}

async function boxesOf(object: OpenedObject): Promise<TextBox[] | undefined> {
  try {
    const image = object.image();
    // Masks have no letters.
    if (image.bitsAllocated === 1) return [];
    const boxes: TextBox[] = [];
    for (const frame of new Set([0, image.frames >> 1, image.frames - 1]))
      boxes.push(...textIn(await image.shown(frame), modalityOf(object)));
    return boxes;
  } catch (thrown) {
    const { code } = toWetreadError(thrown);
    if (code === 'limit-exceeded') throw thrown;
    return undefined;
  }
}

/** Its modality as written (0008,0060), in capitals. */
export const modalityOf = (object: OpenedObject): string | undefined => textOf(object, '00080060');

/** What (0028,0301) says of text in the pixels. */
export function statedText(object: OpenedObject): 'YES' | 'NO' | undefined {
  const text = textOf(object, '00280301');
  return text === 'YES' || text === 'NO' ? text : undefined;
}

function textOf(object: OpenedObject, tag: string): string | undefined {
  const found = object.elements.find((element) => element.tag === tag);
  return found && Buffer.from(found.value).toString('latin1').trim().toUpperCase();
}
