/** The app's log: what happened, never about whom. One file, started anew at a megabyte. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const limitBytes = 1_000_000;

export interface Log {
  note(line: string): void;
}

/** Opens the log in a folder. A log that cannot be written is given up silently: it must never stop a reading. */
export function openLog(folder: string): Log {
  const file = join(folder, 'wetread.log');
  try {
    mkdirSync(folder, { recursive: true });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > limitBytes) renameSync(file, `${file}.old`);
  } catch {
    // See above.
  }
  return {
    note(line) {
      try {
        appendFileSync(file, `${new Date().toISOString()} ${redact(line)}\n`);
      } catch {
        // See above.
      }
    },
  };
}

/**
 * Takes out of a line what could name a patient: quoted text, paths, UIDs, dates and other long numbers. What is left are
 * codes, names of functions and the shape of the message.
 */
export function redact(line: string): string {
  return line
    .replace(/(["'`]).*?\1/g, '<text>')
    .replace(/(?:file:\/\/|[A-Za-z]:\\|(?<![\w<])\/)\S*/g, '<path>')
    .replace(/\d+(?:\.\d+){3,}/g, '<uid>')
    .replace(/\d[\d.:/-]{4,}\d/g, '<number>')
    .replace(/\S*\^\S*/g, '<name>');
}
