/** A process with two readers, one that waits and one in a loop without end; prints their process numbers, and never ends itself. */
import { z } from 'zod';
import { Readers } from '../../../main/isolate/index.js';
import { forkHostile } from './hostile.js';

const readers = new Readers(forkHostile);
const echo = {
  name: 'echo',
  input: z.object({ text: z.string(), waitMs: z.number() }),
  output: z.object({ text: z.string(), pid: z.number() }),
};
const ask = () => readers.submit(echo, { text: '', waitMs: 500 });
const [one, two] = await Promise.all([ask(), ask()]);
const hang = { name: 'hang', input: z.object({}), output: z.unknown() };
void readers.submit(hang, {}, { timeoutMs: 60_000 });
setTimeout(() => console.log(one.pid, two.pid), 300);
