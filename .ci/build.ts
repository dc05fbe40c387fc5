/** Builds what Electron runs: app, engine, readers, preload, and the window. Does nothing when no source has changed. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as bundle } from 'esbuild';
import { build as bundleWindow } from 'vite';
import { fromRoot } from './root.js';

const stampFile = fromRoot('dist/sources.sha256');

/** Builds into dist/; `force` builds even when nothing has changed. */
export async function buildApp(say: (line: string) => void, { force = false } = {}): Promise<void> {
  const stamp = await sourcesHash();
  if (!force && existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp) return;
  say('Building the app …');
  await rm(fromRoot('dist/main'), { recursive: true, force: true });
  await rm(fromRoot('dist/preload'), { recursive: true, force: true });
  const common = { bundle: true, platform: 'node', target: 'node20', sourcemap: 'linked' } as const;
  await Promise.all([
    bundle({
      ...common,
      format: 'esm',
      packages: 'external',
      entryPoints: {
        app: fromRoot('main/app.ts'),
        'engine-server': fromRoot('main/engine-server.ts'),
        reader: fromRoot('main/reader.ts'),
        'reader-tasks': fromRoot('main/reader-tasks.ts'),
      },
      outdir: fromRoot('dist/main'),
      logLevel: 'warning',
    }),
    // A sandboxed preload can require nothing but electron, and only as CommonJS.
    bundle({
      ...common,
      format: 'cjs',
      external: ['electron'],
      entryPoints: { bridge: fromRoot('preload/bridge.ts') },
      outExtension: { '.js': '.cjs' },
      outdir: fromRoot('dist/preload'),
      logLevel: 'warning',
    }),
    bundleWindow({ configFile: fromRoot('renderer/vite.config.ts'), logLevel: 'warn' }),
  ]);
  await writeFile(stampFile, stamp);
}

async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['main', 'preload', 'renderer', 'models/training', 'indices', '.ci']) {
    const entries = await readdir(fromRoot(folder), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && /\.(tsx?|css|html|svg|json)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) hash.update(file).update(await readFile(file));
  }
  return hash.update(await readFile(fromRoot('package-lock.json'))).digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await buildApp(console.log, { force: process.argv.includes('--force') });
