import type { z } from 'zod';

/** Something that is done with foreign bytes, by name: what it takes and what it gives. Neither side trusts the other's word for it. */
export interface Task<Input, Output> {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
}

/** What a reader can do: a function a task, which takes the input unparsed. */
export type TaskTable = Readonly<Record<string, (input: unknown) => Promise<unknown>>>;

/** A task and the function that does it, as an entry of a table. */
export function entry<Input, Output>(
  { name, input }: Task<Input, Output>,
  work: (input: Input) => Promise<Output>,
): TaskTable {
  return { [name]: (value) => work(input.parse(value)) };
}
