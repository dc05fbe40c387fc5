/** `npm test`: builds the app, runs every test, the end-to-end ones on the real app, and ends with what failed and a line of the counts. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { buildApp } from './build.js';
import { obtainElectron } from './electron.js';
import { electronFlags, onDisplay, prepareLinux } from './linux.js';
import { fromRoot } from './root.js';
import { summaryOf, TestResults } from './test-results.js';

const say = (line: string) => console.log(line);
const resultsFile = fromRoot('.cache/test-results.json');

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
  const { status, signal } = spawnSync(command, args, {
    stdio: 'inherit',
    cwd: fromRoot('.'),
    env: { ...process.env, WETREAD_ELECTRON: executable },
  });
  if (!existsSync(resultsFile)) throw new Error(`The tests ended without results (${signal ?? status}).`);
  const { lines, failed } = summaryOf(TestResults.parse(JSON.parse(readFileSync(resultsFile, 'utf8'))));
  if (failed === 0 && status !== 0)
    console.log(`No test failed, and yet vitest ended with ${signal ?? status}: see its errors above.`);
  for (const line of lines) console.log(line);
  process.exitCode = failed > 0 ? 1 : (status ?? 1);
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 1;
}
