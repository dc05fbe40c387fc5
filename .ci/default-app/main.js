/**
 * What Electron's own default_app does with `electron [-r module] <app folder> …`, for the stand-in build that comes
 * without one. The import of the app is awaited at top level: else `ready` fires before the app's entry has run.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const required = [];
let folder;
for (let at = 1; at < process.argv.length && !folder; at++) {
  const arg = process.argv[at];
  if (arg === '-r' || arg === '--require') required.push(process.argv[++at]);
  else if (!arg.startsWith('-')) folder = resolve(arg);
}
if (!folder) {
  process.stderr.write('Usage: electron [-r module] <app folder> …\n');
  app.exit(2);
} else {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  process.defaultApp = true;
  app.setAppPath(folder);
  app.setName(manifest.productName ?? manifest.name);
  app.setVersion(manifest.version);
  const require = createRequire(join(folder, 'package.json'));
  for (const name of required) require(name);
  await import(pathToFileURL(join(folder, manifest.main)).href);
}
