/* The Study step: from files to studies, and from an instance to its pixels. */
import { basename } from 'node:path';
import type { Frame, Instance } from '../../preload/values.js';
import { toWetreadError, WetreadError } from '../error.js';
import type { PixelDescription } from './describe.js';
import { encodePicture, resizeGrey, thumbnail } from './image.js';
import { startReader, submit } from './pool.js';
import type { StructuredReport } from './structured-report.js';

export { type Loaded, type LoadOptions, loadStudies } from './load.js';
export { type ImageLayout, type ObjectElement, type OpenedObject, openObject } from './object.js';
export { readPicture } from './picture.js';
export type { StoredFrame } from './pixels.js';
export { dispose } from './pool.js';
export { type GreyImage, renderGrey } from './render.js';
export { decodeText } from './text.js';
export { encodePicture, resizeGrey, thumbnail };

/**
 * Decodes one frame for display and for the model: modality LUT applied, palette and luma-chroma as RGB, overlays burned in, with
 * the window to start with. Runs in a reader (see isolate).
 * @param frame from 0
 * @param options `minSidePx`: a smaller image will do, as long as its shorter side has this many pixels (JPEG 2000 decodes ten times
 * faster at a quarter of its sides); rows, columns and spacing are then those of the smaller image
 * Rejects with WetreadError `no-pixels`, `damaged-file`, `unsupported-syntax`, `limit-exceeded`, `timed-out`, `not-found`,
 * `bad-input`, `cancelled`.
 */
export async function decodeFrame(
  instance: Pick<Instance, 'file'>,
  frame = 0,
  options: { signal?: AbortSignal; minSidePx?: number } = {},
): Promise<Frame> {
  const { signal, minSidePx } = options;
  try {
    return await submit('frame', { file: instance.file, frame, minSidePx }, { signal, urgent: true });
  } catch (thrown) {
    const error = toWetreadError(thrown);
    if (error.code === 'cancelled') throw error;
    throw new WetreadError(error.code, `${basename(instance.file)}: ${error.message}`, { cause: error });
  }
}

/** What `wetread decode --json` prints of a file. */
export type FileDescription =
  | ({ file: string } & PixelDescription)
  | { file: string; error: { code: string; message: string } };

/** Decodes all pixels of a file and describes them as stored, or says why not. Never rejects, except with `cancelled`. */
export async function describeFile(
  file: string,
  options: { signal?: AbortSignal } = {},
): Promise<FileDescription> {
  try {
    return { file, ...(await submit('describe', { file }, { signal: options.signal, timeoutMs: 60_000 })) };
  } catch (thrown) {
    const error = toWetreadError(thrown);
    if (error.code === 'cancelled') throw error;
    return { file, error: { code: error.code, message: error.message } };
  }
}

/**
 * Reads a DICOM structured report into titled passages, in a reader.
 * Rejects with WetreadError `not-dicom`, `damaged-file`, `bad-input` (another kind of object), `limit-exceeded`, `timed-out`,
 * `not-found`, `cancelled`.
 */
export async function readStructuredReport(
  file: string,
  options: { signal?: AbortSignal } = {},
): Promise<StructuredReport> {
  return submit('report', { file }, { signal: options.signal });
}

export type { ReportSection, StructuredReport } from './structured-report.js';
export type { PixelDescription };

/** Starts what the first picture needs before it is asked for: a reader, and sharp, whose first call takes half a second. */
export function warm(): void {
  startReader();
  void resizeGrey(new Uint8Array(4), 2, 2, 1, 1);
}
