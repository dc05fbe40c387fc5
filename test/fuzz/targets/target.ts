import { errorCodes, WetreadError } from '../../../main/error.js';
import type { Random } from '../random.js';

/** One door through which foreign bytes come in. */
export interface Target {
  name: string;
  /** Longer inputs are cut. */
  maxBytes: number;
  /** Inputs to begin with, all written by ourselves. The same on every run. */
  seeds(): Promise<Uint8Array[]> | Uint8Array[];
  /** A change that knows the format; undefined where the input has lost it. */
  mutate?(input: Uint8Array, random: Random): Uint8Array | undefined;
  /** The last word on an input: makes most of those small again that ask for much, since one of them takes the time of a thousand others. */
  settle?(input: Uint8Array, random: Random): Uint8Array;
  /** What the format is made of: put into inputs as it is. */
  dictionary?: readonly Uint8Array[];
  /** Reads the input. What it throws is judged: a WetreadError of a sensible code is as it should be, all else a crash. */
  run(input: Uint8Array): Promise<void> | void;
  /** Work may go on behind `run`: the event loop turns after each execution, so that what is thrown there is known to be of it. */
  goesOn?: boolean;
  /** Runs in readers only, which take a promise that is left behind and rejects for damage of the file (main/isolate/do-tasks.ts). */
  inReader?: boolean;
  /** After a run of executions: closes what is open. */
  dispose?(): Promise<void>;
}

export const text = (value: string): Uint8Array => Buffer.from(value, 'latin1');

/** Throws a problem that a reader told of, so that its code is judged. */
export function failWith({ code, message }: { code: string; message: string }): never {
  const known = errorCodes.find((one) => one === code);
  throw new WetreadError(known ?? 'internal', message);
}
