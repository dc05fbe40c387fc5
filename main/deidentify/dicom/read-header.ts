import { openObject } from '../../study/index.js';
import { statedText } from '../burned-in/inspect.js';
import { namesOf } from './header-names.js';

/**
 * Whom the header of a DICOM object names, and what it says of text in its pixels.
 * Rejects with WetreadError `not-dicom`, `damaged-file`, `limit-exceeded`, `not-found`.
 */
export async function readHeader(
  file: string,
): Promise<{ names: string[]; stated?: 'YES' | 'NO' | undefined }> {
  const object = await openObject(file);
  try {
    return { names: namesOf(object.elements), stated: statedText(object) };
  } finally {
    object.close();
  }
}
