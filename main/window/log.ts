/** The app's log: what happened, never about whom. One file, started anew at a megabyte. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes, toWetreadError } from '../error.js';

const limitBytes = 1_000_000;

export interface Log {
  note(line: string): void;
}

/**
 * Opens the log in a folder. A log that cannot be written must never stop a reading: what is missing of it is counted, and told in the log
 * once it can be written again.
 */
export function openLog(folder: string): Log {
  const file = join(folder, 'wetread.log');
  try {
    mkdirSync(folder, { recursive: true });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > limitBytes) renameSync(file, `${file}.old`);
  } catch {
    // See above.
  }
  let missing = 0;
  let why = '';
  return {
    note(line) {
      const at = new Date().toISOString();
      // On a line of its own: of the last one a part may be there.
      const gap =
        missing > 0
          ? `\n${at} ${missing} ${missing === 1 ? 'line is' : 'lines are'} missing here: ${why}\n`
          : '';
      try {
        appendFileSync(file, `${gap}${at} ${redact(line)}\n`);
        missing = 0;
      } catch (thrown) {
        missing += 1;
        why = whyNot(thrown);
      }
    },
  };
}

function whyNot(thrown: unknown): string {
  const { code } = toWetreadError(thrown);
  if (code === 'disk-full') return 'the disk was full';
  return code === 'not-allowed' ? 'the file may not be written' : 'the file could not be written';
}

const engineSays = 'engine says: ';

/** What may be told of a line that another process wrote: kinds of errors, codes, and the names of functions in its stack. */
const told = new RegExp(
  [
    '\\b(?:Aggregate|Eval|Range|Reference|Syntax|Type|URI|Wetread|Zod)?Error\\b',
    '\\bERR_[A-Z_]+\\b',
    '\\b(?:EACCES|EBUSY|ECONNRESET|EEXIST|EIO|EISDIR|EMFILE|ENOENT|ENOMEM|ENOSPC|ENOTDIR|EPERM|EPIPE|EROFS)\\b',
    '\\bSIG(?:ABRT|BUS|ILL|KILL|SEGV|TERM)\\b',
    '\\b(?:FATAL ERROR|heap limit|out of memory|unhandled rejection)\\b',
    `\\((?:${errorCodes.join('|')})\\)`,
  ].join('|'),
  'g',
);

/** Endings of files whose names are often those of patients. */
const fileName =
  /\S+\.(?:csv|dcm|docx?|hl7|html?|ima|img|jpe?g|json|md|nii|pdf|png|rtf|tsv|txt|xlsx?|xml|zip)\b/gi;

/**
 * Takes out of a line what could name a patient: quoted text, paths, names of files, UIDs, dates and other long numbers. What is left are
 * codes, names of functions and the shape of the message. Of what the engine's process wrote by itself only kinds of errors, codes and
 * functions are left, since nobody knows what its words are.
 */
export function redact(line: string): string {
  if (line.startsWith(engineSays)) return engineSays + redactForeign(line.slice(engineSays.length));
  return (
    line
      .replace(/(["'`]).*?\1/g, '<text>')
      // Folders and files have spaces in their names: to the last word that looks like a part of a path.
      .replace(/(?:file:\/\/|[A-Za-z]:\\|(?<![\w<])\/)(?:.*[\\/.]\S*|\S*)/g, '<path>')
      .replace(fileName, '<file>')
      .replace(/\d+(?:\.\d+){3,}/g, '<uid>')
      .replace(/\d[\d.:/-]{4,}\d/g, '<number>')
      .replace(/\S*\^\S*/g, '<name>')
  );
}

function redactForeign(line: string): string {
  const [, place] = line.match(/^\s+at (?:async )?([\w$.<>#]+)(?: \(|$)/) ?? [];
  if (place) return `at ${place}`;
  return line.match(told)?.join(' ') ?? '<text>';
}
