/** What the process of an import is told, and what it tells. */
import { z } from 'zod';

export const Task = z.object({
  library: z.string(),
  dataset: z.string(),
  files: z.string(),
  /** `pack`: the model's; `drawn`: numbers drawn by the text, to import with vectors without waiting for them; `none`: words only. */
  vectors: z.enum(['none', 'drawn', 'pack']),
  pack: z.string(),
});
export type Task = z.infer<typeof Task>;

export const Outcome = z.object({
  documents: z.number(),
  snippets: z.number(),
  seconds: z.number(),
  /** Resident memory at the start, and the most there was. */
  startMb: z.number(),
  peakMb: z.number(),
  /** The most while files were read and rows written, and in the indexing at the end; absent where the system does not tell. */
  readingMb: z.number().optional(),
  indexingMb: z.number().optional(),
  /** Resident memory at the end. */
  endMb: z.number(),
  /** The most that a process took that reads the files; absent where the system does not tell. */
  readerMb: z.number().optional(),
  /** Processor time of the process that writes; that of the readers comes on top. */
  processorSeconds: z.number(),
});
export type Outcome = z.infer<typeof Outcome>;
