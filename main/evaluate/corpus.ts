/** What may be learned from when a split is measured: the reports of other studies, and their images as vectors. */
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { encodeStudy, type Pack } from '../encode/index.js';
import { toWetreadError } from '../error.js';
import { splitSentences } from '../findings/index.js';
import { CaseBank, type HeldCase } from '../retrieve/index.js';
import { resizeGrey } from '../study/index.js';
import { openImages, type ReportedStudy, withoutMarks } from './dataset.js';
import { readForModel } from './look.js';
import { presentIn } from './statements.js';

const splits = ['train', 'extra'];

/** The studies to learn from: train and extra, never of the measured split, never a study that stands in it under another name. */
export function corpusOf(
  studies: readonly ReportedStudy[],
  { split, measured }: { split: string; measured: ReadonlySet<string> },
): ReportedStudy[] {
  return studies.filter(
    (study) => study.split !== split && splits.includes(study.split) && !measured.has(study.uid),
  );
}

const Line = z.object({ uid: z.string(), joint: z.base64() });

export interface CaseOptions {
  /** Folder of the corpus. */
  folder: string;
  /** What `studies.jsonl` holds, for the name of the cache. */
  text: string;
  /** Vectors are kept here between runs. */
  cacheFolder: string;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
  /** Told of each study that could not be looked at. */
  onProblem?: (uid: string, message: string) => void;
}

/**
 * The corpus as cases, each looked at by the pack's image encoder. Vectors are kept in a file that is named after the encoder and the
 * corpus, a line a study as it is done, so that a run that was stopped goes on where it was. A study that cannot be looked
 * at is left out and told. Throws `cancelled` by way of `signal`.
 */
export async function openCases(
  pack: Pack,
  studies: readonly ReportedStudy[],
  { folder, text, cacheFolder, signal, onProgress, onProblem }: CaseOptions,
): Promise<CaseBank> {
  await mkdir(cacheFolder, { recursive: true });
  const { files, gate, image } = pack.manifest;
  const identity = JSON.stringify([files['image-encoder.onnx']?.sha256, gate, image, folder]);
  const key = createHash('sha256').update(identity).update(text).digest('hex').slice(0, 24);
  const file = join(cacheFolder, `cases-${key}.jsonl`);
  const vectors = await readVectors(file);
  const cases: HeldCase[] = [];
  const reported = studies.filter(({ findings, impression }) => `${findings}${impression}`.trim() !== '');
  for (const [done, study] of reported.entries()) {
    signal?.throwIfAborted();
    onProgress?.(done, reported.length);
    let joint = vectors.get(study.uid);
    if (!joint) {
      try {
        joint = await jointOf(pack, folder, study, signal);
      } catch (thrown) {
        signal?.throwIfAborted();
        onProblem?.(study.uid, toWetreadError(thrown).message);
        continue;
      }
      const bytes = Buffer.from(joint.buffer, joint.byteOffset, joint.byteLength);
      await appendFile(file, `${JSON.stringify({ uid: study.uid, joint: bytes.toString('base64') })}\n`);
    }
    // The pack took its images for something else than it reads.
    if (joint.length === 0) continue;
    cases.push({
      id: study.uid,
      joint,
      findings: splitSentences(study.findings),
      impression: splitSentences(study.impression),
      present: presentIn([withoutMarks(study.findings), withoutMarks(study.impression)]),
    });
  }
  onProgress?.(reported.length, reported.length);
  return new CaseBank(cases);
}

/** The study embedding [J]; empty where the pack abstains. Throws what reading its images throws. */
async function jointOf(pack: Pack, folder: string, record: ReportedStudy, signal?: AbortSignal) {
  const { study, problems } = await openImages(folder, record, { signal });
  if (!study) throw new Error(problems[0]?.message ?? 'No image.');
  const { embedding } = await encodeStudy(pack, study, readForModel, { signal, resize: resizeGrey });
  return new Float32Array(embedding);
}

async function readVectors(file: string): Promise<Map<string, Float32Array>> {
  const vectors = new Map<string, Float32Array>();
  const lines = await readFile(file, 'utf8').catch(() => '');
  for (const line of lines.split('\n')) {
    // The last line of a run that was stopped may be half a line.
    const parsed = parseLine(line);
    if (!parsed) continue;
    const bytes = Uint8Array.from(Buffer.from(parsed.joint, 'base64'));
    if (bytes.length % 4 === 0) vectors.set(parsed.uid, new Float32Array(bytes.buffer));
  }
  return vectors;
}

function parseLine(line: string): z.infer<typeof Line> | undefined {
  try {
    return Line.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
