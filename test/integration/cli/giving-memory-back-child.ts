/** Work in a process that gives memory back, as `index add` does it: says its id and what its malloc was told, then waits or ends with a code. */
import { setTimeout } from 'node:timers/promises';
import { givingMemoryBack } from '../../../main/cli/giving-memory-back.js';

process.exitCode = await givingMemoryBack(async () => {
  console.log(JSON.stringify({ pid: process.pid, threshold: process.env.MALLOC_MMAP_THRESHOLD_ }));
  const code = Number(process.argv[2]);
  if (code === 0) await setTimeout(600_000);
  return code;
});
