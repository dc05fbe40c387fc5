/** What goes between a process that asks and one that reads. Each side parses what it gets; a reader that sends anything else is ended. */
import { z } from 'zod';

export const ToReader = z.object({
  id: z.number().int().nonnegative(),
  task: z.string(),
  input: z.unknown(),
});
export type ToReader = z.infer<typeof ToReader>;

/** Resident memory of the reader when it was done, in bytes. */
const resident = z.number().nonnegative();

export const FromReader = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('value'), id: z.number(), value: z.unknown(), resident }),
  z.object({ kind: z.literal('error'), id: z.number(), code: z.string(), message: z.string(), resident }),
  /** The reader ends: what it does took too much memory, or ended its thread. */
  z.object({ kind: z.literal('lost'), why: z.enum(['memory', 'crash']), detail: z.string() }),
]);
export type FromReader = z.infer<typeof FromReader>;
