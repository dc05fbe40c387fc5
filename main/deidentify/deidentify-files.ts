import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DeidentifyOption, Problem } from '../../preload/values.js';
import { toWetreadError } from '../error.js';
import { readers } from '../isolate/index.js';
import type { TextBox } from './burned-in/detect.js';
import type { Counts } from './dicom/clean.js';
import { checkOptions } from './dicom/options.js';
import { inspectTask, rewriteTask } from './dicom/tasks.js';

export interface DeidentifyFilesOptions {
  /** Gets a folder a study and in it one a series, named by their new UIDs. */
  folder: string;
  options: readonly DeidentifyOption[];
  /** Of the site, 32 bytes: the same for all runs, so that the same patient and study get the same stand-ins. */
  secret: Uint8Array;
  /** Blackens text that is found in the pixels. */
  boxText?: boolean | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: (done: number, total: number) => void;
}

export interface DeidentifiedFile {
  /** The original. */
  file: string;
  /** Its copy. */
  copy: string;
  counts: Counts;
  text: TextInPixels;
}

/** Text that is burned into the pixels of an object. */
export interface TextInPixels {
  /** Likely enough to be looked at before the copy leaves: the object says so itself, or lines of letters were found. */
  likely: boolean;
  /** Lines found. Letters that stand alone, as side markers do, do not make it likely, nor are they blackened. */
  lines: number;
  /** They were blackened in the copy. */
  boxed: boolean;
}

export interface DeidentifiedFiles {
  files: DeidentifiedFile[];
  /** Originals that were not copied, and why. */
  problems: Problem[];
}

/** Slow disks write some megabytes a second; objects can have gigabytes. */
const minutesMs = 60_000;
const bytesPerMinute = 2 ** 28;

/**
 * Writes de-identified copies of DICOM objects (PS3.15 Annex E) and of plain JPEG and PNG pictures (as PNG, pixels only), each in a reader
 * process that may die. A copy appears whole or not at all; a copy of an earlier run is replaced. Of two originals that claim one UID the second gets a name with a number.
 * Rejects with WetreadError `bad-input` (options that contradict each other), `cancelled`, `disk-full`, `not-allowed` (the folder);
 * whatever is wrong with one file is a problem.
 */
export async function deidentifyFiles(
  paths: readonly string[],
  { folder, options, secret, boxText = false, signal, onProgress }: DeidentifyFilesOptions,
): Promise<DeidentifiedFiles> {
  checkOptions(new Set(options));
  await mkdir(folder, { recursive: true });
  const files: DeidentifiedFile[] = [];
  const problems: Problem[] = [];
  const taken = new Set<string>();
  for (const [at, file] of paths.entries()) {
    onProgress?.(at, paths.length);
    const unfinished = join(folder, `.${process.pid}-${at}.part`);
    try {
      const found = await findText(file, { signal });
      const size = await stat(file).then(
        ({ size }) => size,
        () => 0,
      );
      const { study, series, instance, ending, counts } = await readers.submit(
        rewriteTask,
        {
          ...{ file, target: unfinished, options: [...options], secret },
          boxes: boxText
            ? found.boxes.map(({ left, top, right, bottom }) => ({ left, top, right, bottom }))
            : [],
        },
        { signal, long: true, timeoutMs: minutesMs * (1 + size / bytesPerMinute) },
      );
      const copy = freeName(join(folder, study ?? 'study', series ?? 'series', instance), ending, taken);
      await mkdir(dirname(copy), { recursive: true });
      await rename(unfinished, copy);
      const boxed = boxText && found.boxes.length > 0;
      files.push({ file, copy, counts, text: { likely: found.likely, lines: found.lines, boxed } });
    } catch (thrown) {
      const { code, message } = toWetreadError(thrown);
      // These would befall every other file as well.
      if (code === 'cancelled' || code === 'disk-full') throw thrown;
      problems.push({ file, code, message: `${basename(file)}: ${message}` });
    } finally {
      await rm(unfinished, { force: true });
    }
  }
  onProgress?.(paths.length, paths.length);
  return { files, problems };
}

/** A letter alone is a marker of the side, which the image is read by. */
const leastLetters = 2;

/** Lines of letters found in the pixels of an object, each box in pixels. */
export interface FoundText {
  likely: boolean;
  lines: number;
  boxes: TextBox[];
}

/**
 * Looks for burned-in text in one object, in a reader process. An object without pixels has none; what cannot be
 * decoded has to be looked at elsewhere, and counts as likely.
 * Rejects with WetreadError `not-dicom`, `damaged-file`, `limit-exceeded`, `timed-out`, `not-found`, `cancelled`.
 */
export async function findText(
  file: string,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<FoundText> {
  const { stated, searched, boxes } = await readers.submit(
    inspectTask,
    { file },
    { signal, long: true, timeoutMs: minutesMs },
  );
  const lines = wordsAmong(boxes);
  return { likely: stated === 'YES' || !searched || lines.length > 0, lines: boxes.length, boxes: lines };
}

/** The lines that are no markers. */
export function wordsAmong(boxes: readonly TextBox[]): TextBox[] {
  return boxes.filter(({ letters }) => letters >= leastLetters);
}

function freeName(stem: string, ending: string, taken: Set<string>): string {
  let file = `${stem}.${ending}`;
  for (let copy = 2; taken.has(file); copy++) file = `${stem}-${copy}.${ending}`;
  taken.add(file);
  return file;
}
