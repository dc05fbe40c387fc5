import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { View } from '../../../preload/values.js';
import { embedImages, type Pack } from '../../encode/index.js';
import { toWetreadError, WetreadError } from '../../error.js';
import { loadStudies, resizeGrey } from '../../study/index.js';
import { readForModel } from '../look.js';
import type { EvaluateEvents } from '../measured.js';

const Line = z.object({ file: z.string(), view: z.string(), vector: z.base64() });

/** Rises when `embedImages` makes other vectors of the same image. */
const FORMAT = '3';

/**
 * Vectors of image files, by file, made as the product makes them and kept between runs in a file a pack. What cannot be read is told
 * and left out.
 */
export async function imageVectors(
  pack: Pack,
  images: readonly { file: string; view: View }[],
  { cacheFolder, signal, onProgress, onProblem }: EvaluateEvents & { cacheFolder: string },
): Promise<Map<string, Float32Array>> {
  await mkdir(cacheFolder, { recursive: true });
  const key = createHash('sha256').update(`${pack.manifest.files['image-encoder.onnx']?.sha256} ${FORMAT}`);
  const cache = join(cacheFolder, `images-${key.digest('hex').slice(0, 24)}.jsonl`);
  const known = await readLines(cache);
  const vectors = new Map<string, Float32Array>();
  for (const [done, { file, view }] of images.entries()) {
    signal?.throwIfAborted();
    onProgress?.('Looking at the images', done, images.length);
    const kept = known.get(`${view} ${file}`);
    if (kept) {
      vectors.set(file, kept);
      continue;
    }
    try {
      const vector = await lookAt(pack, file, view, signal);
      vectors.set(file, vector);
      const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
      await appendFile(cache, `${JSON.stringify({ file, view, vector: bytes.toString('base64') })}\n`);
    } catch (thrown) {
      signal?.throwIfAborted();
      onProblem?.(`${file}: ${toWetreadError(thrown).message}`);
    }
  }
  return vectors;
}

async function lookAt(pack: Pack, file: string, view: View, signal?: AbortSignal): Promise<Float32Array> {
  const { studies, problems } = await loadStudies([file], { signal });
  const instance = studies[0]?.series[0]?.instances[0];
  if (!instance) throw new WetreadError('no-pixels', problems[0]?.message ?? 'There is no image in it.');
  const image = await readForModel(instance, { signal });
  const [vector] = await embedImages(pack, [{ image, view }], { resize: resizeGrey, signal });
  if (!vector) throw new WetreadError('internal', 'An image has no vector.');
  return vector;
}

async function readLines(cache: string): Promise<Map<string, Float32Array>> {
  const vectors = new Map<string, Float32Array>();
  for (const line of (await readFile(cache, 'utf8').catch(() => '')).split('\n')) {
    // The last line of a run that was stopped may be half a line.
    const parsed = Line.safeParse(parseOrNull(line));
    if (!parsed.success) continue;
    const bytes = Uint8Array.from(Buffer.from(parsed.data.vector, 'base64'));
    vectors.set(`${parsed.data.view} ${parsed.data.file}`, new Float32Array(bytes.buffer));
  }
  return vectors;
}

function parseOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
