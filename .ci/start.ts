/**
 * `npm start`: builds, gets an Electron, and opens the app on the bundled sample study, drafted. Where there is no display
 * it does so under Xvfb, prints the draft and saves a picture of the window.
 */
import { spawn } from 'node:child_process';
import { buildApp } from './build.js';
import { obtainElectron } from './electron.js';
import { electronFlags, hasDisplay, onDisplay, prepareLinux } from './linux.js';
import { fromRoot } from './root.js';

const say = (line: string) => console.log(line);

try {
  const { executable } = await obtainElectron(say);
  prepareLinux(executable, say);
  await buildApp(say);
  const flags = electronFlags(say);
  const sample = fromRoot('test/sample/study');
  const [command, args] = hasDisplay
    ? [executable, [...flags, fromRoot('.'), sample, '--draft']]
    : onDisplay(process.execPath, ['--import', 'tsx', fromRoot('.ci/start-unseen.ts'), executable, sample]);
  if (!hasDisplay) say('There is no display: the app runs under Xvfb.');
  const child = spawn(command, args, { stdio: 'inherit', cwd: fromRoot('.') });
  child.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 1;
}
