/** `npm test`: builds the app, runs every test, the end-to-end ones on the real app, and ends with a line of the counts. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { buildApp } from './build.js';
import { obtainElectron } from './electron.js';
import { electronFlags, onDisplay, prepareLinux } from './linux.js';
import { fromRoot } from './root.js';

const say = (line: string) => console.log(line);
const resultsFile = fromRoot('.cache/test-results.json');

const Results = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

try {
  const { executable } = await obtainElectron(say);
  prepareLinux(executable, say);
  await buildApp(say);
  electronFlags(say);
  mkdirSync(fromRoot('.cache'), { recursive: true });
  rmSync(resultsFile, { force: true });
  const vitest = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`];
  const [command, args] = onDisplay(process.execPath, [
    fromRoot('node_modules/vitest/vitest.mjs'),
    ...vitest,
    ...process.argv.slice(2),
  ]);
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    cwd: fromRoot('.'),
    env: { ...process.env, WETREAD_ELECTRON: executable },
  });
  const results = Results.parse(JSON.parse(readFileSync(resultsFile, 'utf8')));
  // A file that does not even load has no test of its own to fail.
  const unloaded = results.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = results.numFailedTests + unloaded;
  console.log(
    `${results.numPassedTests} passed, ${failed} failed, ${results.numPendingTests + results.numTodoTests} skipped`,
  );
  process.exitCode = failed > 0 ? 1 : (status ?? 1);
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 1;
}
