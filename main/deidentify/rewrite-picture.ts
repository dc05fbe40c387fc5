import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { encodePicture, readPicture } from '../study/index.js';
import type { Box } from './burned-in/box-out.js';
import type { Pseudonyms } from './dicom/pseudonym.js';
import type { Rewritten } from './dicom/rewrite.js';
import { blackened } from './pictures.js';

/**
 * Writes a copy of a plain JPEG or PNG as a PNG that holds its pixels and nothing else: no EXIF, comments, thumbnails or colour profiles.
 * Pixels are those that it is shown with (8-bit, turned as its EXIF says), and stay the same. Pictures of one folder stay together, under a
 * stand-in for its path. Resolves with undefined where the file is something else.
 * Rejects with WetreadError `damaged-file`, `limit-exceeded`, `not-found`; with `disk-full`, `not-allowed` what it wrote until then stays.
 */
export async function rewritePicture(
  path: string,
  { target, pseudonyms, boxes }: { target: string; pseudonyms: Pseudonyms; boxes: readonly Box[] },
): Promise<Rewritten | undefined> {
  const picture = await readPicture(path);
  if (!picture) return undefined;
  const copy = blackened(picture, boxes);
  await writeFile(target, await encodePicture(copy));
  const { rows, columns, data } = picture;
  const digest = createHash('sha256')
    .update(`${rows} ${columns}\n`)
    .update(new Uint8Array(data))
    .digest('hex');
  return {
    study: pseudonyms.uid(`folder\n${dirname(path)}`),
    series: undefined,
    instance: pseudonyms.uid(`picture\n${digest}`),
    counts: { removed: 0, replaced: 0, cleaned: 0, mapped: 0, private: 0 },
  };
}
