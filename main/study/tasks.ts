import { statSync } from 'node:fs';
import type { Frame } from '../../preload/values.js';
import { toWetreadError, WetreadError } from '../error.js';
import type { ByteSource } from './bytes.js';
import { describePixels, type PixelDescription } from './describe.js';
import { readFrame } from './frame.js';
import { readHeaderOf } from './header.js';
import { decodeImage, isPlainImage } from './image.js';
import { limits } from './limits.js';
import { openPath } from './open.js';
import { type PixelModule, readPixelModule } from './pixels.js';
import { type Scanned, scanFile } from './scan.js';
import { parseStructuredReport, type StructuredReport } from './structured-report.js';
import { listMembers, splitMember } from './zip.js';

/** What is done with foreign bytes, always away from the caller's thread: the input and output of each task. */
export interface Tasks {
  /** What each file is, in order. */
  scan: { input: { files: string[] }; output: Scanned[] };
  /** Paths of the members of a ZIP. */
  members: { input: { file: string }; output: string[] };
  frame: { input: { file: string; frame: number; minSidePx?: number | undefined }; output: Frame };
  describe: { input: { file: string }; output: PixelDescription };
  report: { input: { file: string }; output: StructuredReport };
  /** Whether two files hold the same bytes. */
  same: { input: { pair: [string, string] }; output: boolean };
}

export type TaskName = keyof Tasks;
export type TaskInput<N extends TaskName> = Tasks[N]['input'];
export type TaskOutput<N extends TaskName> = Tasks[N]['output'];

/** Does one task. Throws WetreadError. */
export async function runTask<N extends TaskName>(name: N, input: TaskInput<N>): Promise<TaskOutput<N>>;
export async function runTask(name: TaskName, input: TaskInput<TaskName>): Promise<TaskOutput<TaskName>> {
  if ('files' in input) {
    const scanned: Scanned[] = [];
    for (const file of input.files) scanned.push(await scanFile(file));
    return scanned;
  }
  try {
    if ('pair' in input) return await haveSameBytes(...input.pair);
    if ('frame' in input) return await readFrameOf(input.file, input.frame, input.minSidePx);
    if (name === 'report') return await parseStructuredReport(input.file);
    return name === 'members' ? await listMembers(input.file) : await describe(input.file);
  } catch (thrown) {
    throw codedError(thrown);
  }
}

/** Whatever a decoder throws at damaged bytes is a damaged file, not a fault of ours. */
function codedError(thrown: unknown): WetreadError {
  const known = toWetreadError(thrown);
  return known.code === 'internal' && !(thrown instanceof WetreadError)
    ? new WetreadError('damaged-file', 'Its contents cannot be read.', { cause: thrown })
    : known;
}

const comparedBytes = 2 ** 20;

async function haveSameBytes(one: string, other: string): Promise<boolean> {
  const a = await openPath(one);
  try {
    const b = await openPath(other);
    try {
      let same = a.size === b.size;
      for (let at = 0; same && at < a.size; at += comparedBytes)
        same = Buffer.compare(a.read(at, comparedBytes), b.read(at, comparedBytes)) === 0;
      return same;
    } finally {
      b.close();
    }
  } finally {
    a.close();
  }
}

async function describe(file: string): Promise<PixelDescription> {
  const source = await openPath(file);
  try {
    return await describePixels(readPixelModule(readHeaderOf(source)));
  } finally {
    source.close();
  }
}

/** The object that was decoded last stays open, since its next frame is likely to be asked for next. */
let opened: { key: string; source: ByteSource; module: PixelModule } | undefined;

async function readFrameOf(file: string, frame: number, minSidePx: number | undefined): Promise<Frame> {
  const stat = statSync(splitMember(file)?.archive ?? file);
  const key = `${file}\n${stat.size}\n${stat.mtimeMs}`;
  if (opened?.key === key) return readFrame(opened.module, frame, minSidePx);
  opened?.source.close();
  opened = undefined;
  const source = await openPath(file);
  try {
    const head = source.read(0, 16);
    if (isPlainImage(head)) {
      if (source.size > limits.imageFileBytes)
        throw new WetreadError('limit-exceeded', 'The picture is too large to be opened.');
      const image = await decodeImage(source.read(0, source.size));
      source.close();
      return image;
    }
    const module = readPixelModule(readHeaderOf(source));
    const result = await readFrame(module, frame, minSidePx);
    if (module.frames > 1) opened = { key, source, module };
    else source.close();
    return result;
  } catch (thrown) {
    source.close();
    throw thrown;
  }
}
