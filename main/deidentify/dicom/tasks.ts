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
  counts: z.object({ removed: count, replaced: count, cleaned: count, mapped: count, private: count }),
});
export type RewriteOutput = z.infer<typeof RewriteOutput>;

/** Writes the de-identified copy of one object. */
export const rewriteTask: Task<RewriteInput, RewriteOutput> = {
  name: 'deidentify',
  input: RewriteInput,
  output: RewriteOutput,
};

export const InspectInput = z.object({ file: z.string() }).strict();
export type InspectInput = z.infer<typeof InspectInput>;

export const InspectOutput = z.object({
  /** What (0028,0301) says; the standard has it absent where nobody knows. */
  stated: z.enum(['YES', 'NO']).optional(),
  searched: z.boolean(),
  /** Text found in the first, the middle and the last frame. */
  boxes: z.array(Box.extend({ letters: z.number().int(), likelihood: z.number() })),
});
export type InspectOutput = z.infer<typeof InspectOutput>;

/** Looks for text in the pixels of one object; none where it has no pixels. */
export const inspectTask: Task<InspectInput, InspectOutput> = {
  name: 'deidentify.inspect',
  input: InspectInput,
  output: InspectOutput,
};
