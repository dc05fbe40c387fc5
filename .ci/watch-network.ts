/** `npm run watch-network`: runs every end-to-end test on the watched app and fails on a single connection. Linux, needs strace. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canWatch, trafficIn, watchVariable } from './network-watch.js';
import { fromRoot } from './root.js';

if (!canWatch()) {
  console.error('This needs Linux and strace (Debian: apt-get install strace).');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'wetread-network-'));
try {
  const tests = spawnSync(
    process.execPath,
    ['--import', 'tsx', fromRoot('.ci/test.ts'), '--project', 'app', ...process.argv.slice(2)],
    { stdio: 'inherit', cwd: fromRoot('.'), env: { ...process.env, [watchVariable]: folder } },
  );
  const traffic = readdirSync(folder)
    .filter((name) => name.endsWith('.trace'))
    .map((trace) => trafficIn(join(folder, trace)));
  const connections = traffic.flatMap((one) => one.connections);
  const listeners = traffic.flatMap((one) => one.openListeners);
  const calls = traffic.reduce((sum, one) => sum + one.calls, 0);
  for (const line of [...connections, ...listeners].slice(0, 20)) console.error(line);
  console.log(
    `${traffic.length} apps watched, ${calls} socket calls seen: ${connections.length} connections, ${listeners.length} listeners open to others.`,
  );
  const quiet = traffic.length > 0 && calls > 0 && connections.length + listeners.length === 0;
  process.exitCode = quiet ? (tests.status ?? 1) : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
