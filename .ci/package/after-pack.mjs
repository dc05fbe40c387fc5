import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Takes Electron's default app out of a package: it would run whatever folder it is pointed at. */
export default async function afterPack({ appOutDir }) {
  for (const entry of await readdir(appOutDir, { recursive: true }))
    if (entry.endsWith('default_app.asar'))
      await rm(join(appOutDir, entry), { recursive: true, force: true });
}
