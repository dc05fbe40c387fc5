/** What an import asks of pictures, which it does not copy but makes small. */
import type { Frame } from '../../preload/values.js';
import { toWetreadError } from '../error.js';
import { readers } from '../isolate/index.js';
import type { Box } from './burned-in/box-out.js';
import { searchedOf } from './burned-in/inspect.js';
import { type FoundText, wordsAmong } from './deidentify-files.js';
import { headerTask, searchTask } from './dicom/tasks.js';

interface Options {
  signal?: AbortSignal | undefined;
}

/**
 * Looks for text in one decoded frame, in a reader process; boxes are in pixels of the frame.
 * @param modality code of a DICOM object: slices of scanners have to look more like text. Pictures have none, as text is more likely in them
 * Rejects with WetreadError `limit-exceeded`, `timed-out`, `cancelled`.
 */
export async function findTextInFrame(
  frame: Frame,
  { modality, signal }: Options & { modality?: string | undefined } = {},
): Promise<FoundText> {
  const { boxes } = await readers.submit(searchTask, { image: searchedOf(frame), modality }, { signal });
  const words = wordsAmong(boxes);
  return { likely: words.length > 0, lines: boxes.length, boxes: words };
}

/** A frame with rectangles blackened, in a copy; as it is, where there are none. */
export function blackened(frame: Frame, boxes: readonly Box[]): Frame {
  if (boxes.length === 0) return frame;
  const { rows, columns, kind, invert, min, max } = frame;
  const samples = kind === 'rgb' ? 3 : 1;
  const black = kind === 'rgb' ? 0 : invert ? max : min;
  const data = frame.data.slice();
  for (const { left, top, right, bottom } of boxes)
    for (let y = Math.max(0, top); y < Math.min(rows, bottom); y++)
      data.fill(
        black,
        (y * columns + Math.max(0, left)) * samples,
        (y * columns + Math.min(columns, right)) * samples,
      );
  return { ...frame, data };
}

/** Whom the header of an object names, its modality, and whether it says that text is burned into its pixels. */
export interface SaidInHeader {
  names: string[];
  saysText: boolean;
  modality: string | undefined;
}

/**
 * What a file says in its header, read in a reader process; a picture without one says nothing.
 * Rejects with WetreadError `damaged-file`, `limit-exceeded`, `timed-out`, `not-found`, `cancelled`.
 */
export async function saidInHeader(file: string, { signal }: Options = {}): Promise<SaidInHeader> {
  try {
    const { names, stated, modality } = await readers.submit(headerTask, { file }, { signal });
    return { names, saysText: stated === 'YES', modality };
  } catch (thrown) {
    if (toWetreadError(thrown).code === 'not-dicom')
      return { names: [], saysText: false, modality: undefined };
    throw thrown;
  }
}
