import { z } from 'zod';
import { ImportMapping, Problem, View } from '../../preload/values.js';
import type { Task } from '../isolate/index.js';
import type { FileKind } from './file-kind.js';
import type { Read } from './record.js';

/** What readers do for an import. What they send is checked: they may have been taken over by the file that they read. */

const record = z.object({
  file: z.string(),
  key: z.string(),
  topic: z.enum(['report', 'case', 'article']),
  title: z.string().optional(),
  sections: z.array(z.object({ kind: z.string(), text: z.string() })),
  images: z.array(
    z.object({ file: z.string(), frame: z.number().int().nonnegative().optional(), view: View }),
  ),
  modality: z.string().optional(),
  bodyRegion: z.string().optional(),
  ageYears: z.number().optional(),
  sex: z.enum(['M', 'F', 'O']).optional(),
  known: z.array(z.string()),
  codes: z.array(z.string()),
  sources: z.array(z.string()),
  licence: z.string().optional(),
  version: z.string().optional(),
});

const read = z.union([z.object({ record }), z.object({ problem: Problem })]);

/** Kinds of files whose records are read in a reader; of a DICOM report, the step of studies does that. */
const sourceKinds = [
  'text',
  'Markdown',
  'PDF',
  'DOCX',
  'CSV',
  'JSON Lines',
  'JSON',
  'FHIR',
] as const satisfies FileKind[];
export type SourceKind = (typeof sourceKinds)[number];

const RecordsInput = z.object({
  file: z.string(),
  kind: z.enum(sourceKinds),
  mapping: ImportMapping.optional(),
  /** How many records and problems of the file are known already. */
  from: z.number().int().nonnegative(),
});
export type RecordsInput = z.infer<typeof RecordsInput>;

/** Some records of a file, and whether there are more. */
export interface Chunk {
  reads: Read[];
  done: boolean;
  /** How much of a table is read, 0…1. */
  share: number;
}

/** The next records of a file. Its parser stays open in the reader, which is then asked for the ones after these. */
export const recordsTask: Task<RecordsInput, Chunk> = {
  name: 'records',
  input: RecordsInput,
  output: z.object({
    reads: z.array(read),
    done: z.boolean(),
    share: z.number(),
  }),
};

/** Kinds of files that hold one record each, read in a moment. */
const shortKinds = ['text', 'Markdown'] as const satisfies SourceKind[];
type ShortKind = (typeof shortKinds)[number];
export const isShortKind = (kind: FileKind): kind is ShortKind => shortKinds.some((one) => one === kind);

const ShortFile = z.object({ file: z.string(), kind: z.enum(shortKinds) });
export type ShortFile = z.infer<typeof ShortFile>;

/** What short files hold, in their order: of all, or, where they are not short, of the first ones. */
export const shortFilesTask: Task<ShortFile[], Read[][]> = {
  name: 'short-files',
  input: z.array(ShortFile),
  output: z.array(z.array(read)),
};

const RowsInput = z.object({
  file: z.string(),
  kind: z.enum(['CSV', 'JSON Lines', 'JSON']),
  most: z.number().int().positive(),
});

/** The first rows of a table. */
export const rowsTask: Task<z.infer<typeof RowsInput>, Record<string, unknown>[]> = {
  name: 'rows',
  input: RowsInput,
  output: z.array(z.record(z.string(), z.unknown())),
};
