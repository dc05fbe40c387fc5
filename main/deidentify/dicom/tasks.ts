import { z } from 'zod';
import { DeidentifyOption } from '../../../preload/values.js';
import type { Task } from '../../isolate/index.js';

/** Becomes part of a path. */
const uid = z.string().regex(/^[\d.]{1,64}$/);

export const RewriteInput = z
  .object({
    file: z.string(),
    /** Written by the reader: this file and no other. */
    target: z.string(),
    options: z.array(DeidentifyOption),
    secret: z.instanceof(Uint8Array),
  })
  .strict();
export type RewriteInput = z.infer<typeof RewriteInput>;

const count = z.number().int().nonnegative();

export const RewriteOutput = z.object({
  study: uid.optional(),
  series: uid.optional(),
  instance: uid,
  counts: z.object({ removed: count, replaced: count, cleaned: count, mapped: count, private: count }),
});
export type RewriteOutput = z.infer<typeof RewriteOutput>;

/** Writes the de-identified copy of one object. */
export const rewriteTask: Task<RewriteInput, RewriteOutput> = {
  name: 'deidentify',
  input: RewriteInput,
  output: RewriteOutput,
};
