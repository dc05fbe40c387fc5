/** What one reader may take. Generous for the largest images there are, small enough that the machine goes on. */
export const limits = {
  /** Readers at once: the machine may have no more processors. */
  readers: 2,
  /** JavaScript objects of a reader. */
  heapMb: 1024,
  /** All memory of a reader: buffers and WebAssembly are counted nowhere else. Beyond it the reader is ended. */
  residentMb: 2048,
  /** How often a reader's memory is looked at; a loop fills about 100 MB meanwhile. */
  lookEveryMs: 25,
  /** A reader that keeps more than this when it is done makes room for a fresh one: WebAssembly memory never shrinks. */
  restingMb: 768,
  startMs: 60_000,
  /** Starts that fail one after the other before what waits is told so. */
  starts: 3,
  /** Default of one task. */
  taskMs: 20_000,
  /** All readers but the first end after having nothing to do for so long. */
  idleMs: 60_000,
} as const;
