import { spawn } from 'node:child_process';
import { memoryGivenBack } from '../import/index.js';
import { onParentGone } from '../isolate/index.js';

/**
 * Runs `work` in a process that gives memory back, which only what it is started with makes it do: this one where it was, else one for the same
 * command line, which ends with this one. Resolves to its exit code.
 */
export async function givingMemoryBack(work: () => Promise<number>): Promise<number> {
  const told = Object.keys(memoryGivenBack).every((name) => process.env[name] !== undefined);
  if (told || process.platform !== 'linux') {
    onParentGone(() => process.exit(1));
    return await work();
  }
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: { ...process.env, ...memoryGivenBack },
    stdio: 'inherit',
  });
  // A terminal sends Ctrl+C to both, a script to this one only.
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  process.on('SIGINT', pass);
  process.on('SIGTERM', pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  } finally {
    process.off('SIGINT', pass);
    process.off('SIGTERM', pass);
  }
}
