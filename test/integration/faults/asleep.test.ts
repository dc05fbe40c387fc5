/** A computer that sleeps stops all processes at once: none of them may then be found late. The whole app asleep: test/e2e/faults.test.ts. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';

test.skipIf(process.platform === 'win32')('time that a process was stopped does not count', async () => {
  const child = fork(join(import.meta.dirname, 'sleeper.ts'), { execArgv: ['--import', 'tsx'] });
  const took = new Promise<number>((resolve) =>
    child.on('message', (message) => {
      if (typeof message === 'number') resolve(message);
    }),
  );
  await new Promise((resolve) => child.once('message', resolve));
  await wait(6000);
  child.kill('SIGCONT');
  // A plain timer of two seconds would be over the moment it wakes; of the pause no more than two looks of a quarter of a second count.
  expect(await took).toBeGreaterThan(7000);
});
