import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildOptions } from 'esbuild';

const built = new Map<string, URL>();
const prefix = 'wetread-reader-';

/**
 * For development and tests, where the code is TypeScript: entry and thread of a reader bundled into a temporary folder, once a process.
 * Loading the sources as they are would cost every reader a second of processor time.
 */
export function bundleReader(entry: URL, tasks: URL): URL {
  const key = `${entry.href} ${tasks.href}`;
  const known = built.get(key);
  if (known) return known;
  const require = createRequire(import.meta.url);
  const { buildSync }: { buildSync(options: BuildOptions): unknown } = require('esbuild');
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // The bundles find their packages where the sources do.
  const packages = dirname(dirname(require.resolve('zod/package.json')));
  symlinkSync(packages, join(folder, 'node_modules'), 'junction');
  buildSync({
    entryPoints: { reader: fileURLToPath(entry), 'reader-tasks': fileURLToPath(tasks) },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  const url = pathToFileURL(join(folder, 'reader.mjs'));
  built.set(key, url);
  return url;
}

/** What processes left behind that were killed. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}
