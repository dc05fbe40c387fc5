/* What goes between the process that watches and the one under test. */

/** What the process under test is to do. */
export interface Order {
  target: string;
  seed: number;
  /** How many counters the bundle has. */
  places: number;
  /** Executions `from` … `to` − 1. */
  from: number;
  to: number;
  /** Folder of the run. */
  folder: string;
  memoryMb: number;
  /** Writes each input to `current` before it is executed, so that what kills the process is known. */
  careful: boolean;
  /** Files to execute instead: crashes and corpus. */
  files?: readonly string[];
}

export type Fault = {
  /** `thrown`: an error without a sensible code; `escaped`: thrown where nobody could catch it; `hang`, `death`, `memory`: of the process. */
  kind: 'thrown' | 'escaped' | 'hang' | 'death' | 'memory';
  /** What tells it from others. */
  signature: string;
};

export type Told =
  /** The seeds were executed, and reached so many places. */
  | { kind: 'ready'; hit: number }
  | {
      kind: 'progress';
      done: number;
      hit: number;
      kept: number;
      rssMb: number;
      peakMb: number;
      /** Of the slowest execution so far. */
      slowestMs: number;
    }
  | { kind: 'fault'; execution: number; fault: Fault; input: string }
  | { kind: 'slow'; execution: number; cpuMs: number; input: string }
  /** A file that reached something that those before it did not, and how much. */
  | { kind: 'fresh'; file: string; gain: number }
  | { kind: 'end'; done: number };
