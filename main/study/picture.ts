import type { Frame } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import { decodeImage, isPlainImage } from './image.js';
import { limits } from './limits.js';
import { openPath } from './open.js';

/**
 * A plain JPEG or PNG decoded, as it is shown (turned as its EXIF says); undefined where the file is something else. Foreign bytes: for readers only.
 * Rejects with WetreadError `damaged-file`, `limit-exceeded`, `not-found`.
 */
export async function readPicture(path: string): Promise<Frame | undefined> {
  const source = await openPath(path);
  try {
    if (!isPlainImage(source.read(0, Math.min(16, source.size)))) return undefined;
    if (source.size > limits.imageFileBytes)
      throw new WetreadError('limit-exceeded', 'The picture is too large to be opened.');
    return await decodeImage(source.read(0, source.size));
  } finally {
    source.close();
  }
}
