import { openObject } from '../../study/index.js';
import { modalityOf, statedText } from '../burned-in/inspect.js';
import { namesOf } from './header-names.js';
import type { HeaderOutput } from './tasks.js';

/**
 * Whom the header of a DICOM object names, its modality, and what it says of text in its pixels.
 * Rejects with WetreadError `not-dicom`, `damaged-file`, `limit-exceeded`, `not-found`.
 */
export async function readHeader(file: string): Promise<HeaderOutput> {
  const object = await openObject(file);
  try {
    return {
      names: namesOf(object.elements),
      modality: modalityOf(object),
      stated: statedText(object),
    };
  } finally {
    object.close();
  }
}
