import { z } from 'zod';
import { DeidentifyOption } from '../../../preload/values.js';
import type { Task } from '../../isolate/index.js';

/** Becomes part of a path. */
const uid = z.string().regex(/^[\d.]{1,64}$/);

export const Box = z.object({
  left: z.number().int().nonnegative(),
  top: z.number().int().nonnegative(),
  right: z.number().int().nonnegative(),
  bottom: z.number().int().nonnegative(),
});

export const RewriteInput = z
  .object({
    file: z.string(),
    /** Written by the reader: this file and no other. */
    target: z.string(),
    options: z.array(DeidentifyOption),
    secret: z.instanceof(Uint8Array),
    boxes: z.array(Box),
  })
  .strict();
export type RewriteInput = z.infer<typeof RewriteInput>;

const count = z.number().int().nonnegative();

export const RewriteOutput = z.object({
  study: uid.optional(),
  series: uid.optional(),
  instance: uid,
  /** Of the copy's name: a plain picture becomes a PNG. */
  ending: z.enum(['dcm', 'png']),
  counts: z.object({ removed: count, replaced: count, cleaned: count, mapped: count, private: count }),
});
export type RewriteOutput = z.infer<typeof RewriteOutput>;

/** Writes the de-identified copy of one object or plain picture. */
export const rewriteTask: Task<RewriteInput, RewriteOutput> = {
  name: 'deidentify',
  input: RewriteInput,
  output: RewriteOutput,
};

export const InspectInput = z.object({ file: z.string() }).strict();
export type InspectInput = z.infer<typeof InspectInput>;

const boxes = z.array(Box.extend({ letters: z.number().int(), likelihood: z.number() }));

/** What (0028,0301) says of text in the pixels; the standard has it absent where nobody knows. */
const stated = z.enum(['YES', 'NO']).optional();

export const InspectOutput = z.object({
  stated,
  searched: z.boolean(),
  /** Text found in the first, the middle and the last frame. */
  boxes,
});
export type InspectOutput = z.infer<typeof InspectOutput>;

/** Looks for text in the pixels of one object or plain picture; none where it has no pixels. */
export const inspectTask: Task<InspectInput, InspectOutput> = {
  name: 'deidentify.inspect',
  input: InspectInput,
  output: InspectOutput,
};

export const SearchInput = z
  .object({
    image: z.object({
      rows: z.number().int().positive(),
      columns: z.number().int().positive(),
      factor: z.number().int().positive(),
      data: z.instanceof(Uint8Array),
    }),
    modality: z.string().optional(),
  })
  .strict();
export type SearchInput = z.infer<typeof SearchInput>;

export const SearchOutput = z.object({ boxes });
export type SearchOutput = z.infer<typeof SearchOutput>;

/** Looks for text in one frame that was decoded before: no foreign bytes, but too long a reckoning for the process that serves the window. */
export const searchTask: Task<SearchInput, SearchOutput> = {
  name: 'deidentify.search',
  input: SearchInput,
  output: SearchOutput,
};

export const HeaderInput = z.object({ file: z.string() }).strict();
export type HeaderInput = z.infer<typeof HeaderInput>;

export const HeaderOutput = z.object({ names: z.array(z.string()), modality: z.string().optional(), stated });
export type HeaderOutput = z.infer<typeof HeaderOutput>;

/** Reads whom the header of a DICOM object names, its modality, and what it says of text in its pixels. */
export const headerTask: Task<HeaderInput, HeaderOutput> = {
  name: 'deidentify.header',
  input: HeaderInput,
  output: HeaderOutput,
};
