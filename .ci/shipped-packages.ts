/** Which npm packages a release is made of, read from package-lock.json. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { fromRoot } from './root.js';

const Names = z.record(z.string(), z.string()).default({});
const Locked = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  link: z.boolean().optional(),
  /** Lies in the archive of the package above it, whose hash then covers it. */
  inBundle: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  dependencies: Names,
  optionalDependencies: Names,
  peerDependencies: Names,
});
export type Locked = z.infer<typeof Locked>;

/**
 * Bundled into the window or carried as a whole, and so development packages to npm: what renderer/ imports, what those take from the
 * system where there is one, and Electron itself.
 */
export const bundled = ['@cornerstonejs/core', '@cornerstonejs/tools', 'react', 'react-dom', 'events', 'url'];

/** The packages of package-lock.json by their folder (`node_modules/…`). */
export function lockedPackages(): Map<string, Locked> {
  const lock = z
    .object({ packages: z.record(z.string(), Locked) })
    .parse(JSON.parse(readFileSync(fromRoot('package-lock.json'), 'utf8')));
  return new Map(Object.entries(lock.packages).filter(([folder]) => folder !== ''));
}

export interface ShippedPackage {
  /** `node_modules/…`, absent on this disk where it is for another system. */
  folder: string;
  name: string;
  version: string;
  /** SPDX expression as the package states it; empty where it states none. */
  licence: string;
}

/** All packages that are part of a release for any system, by name and version: dependencies, what is bundled, and what both need. */
export function shippedPackages(): ShippedPackage[] {
  const locked = lockedPackages();
  const { dependencies } = z
    .object({ dependencies: Names })
    .parse(JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')));
  const shipped = new Set<string>();
  const visit = (from: string, name: string) => {
    const folder = folderOf(locked, from, name);
    if (folder === undefined || shipped.has(folder)) return;
    shipped.add(folder);
    const of = locked.get(folder);
    // Cornerstone names as peers what it runs on; others so name the tools that they are built with.
    const peers = name.startsWith('@cornerstonejs/') ? of?.peerDependencies : {};
    for (const needed of [of?.dependencies, of?.optionalDependencies, peers])
      for (const other of Object.keys(needed ?? {})) visit(folder, other);
  };
  for (const name of [...Object.keys(dependencies), ...bundled]) visit('', name);
  // What Electron depends on only fetches it.
  shipped.add('node_modules/electron');
  return [...shipped]
    .map((folder) => describe(folder, locked.get(folder)))
    .sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

/** As Node looks for a package: beside who needs it, then ever further out. */
function folderOf(locked: Map<string, Locked>, from: string, name: string): string | undefined {
  for (let folder = from; ; ) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (locked.has(candidate)) return candidate;
    if (folder === '') return undefined;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
  }
}

function describe(folder: string, locked: Locked | undefined): ShippedPackage {
  const name = locked?.name ?? folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return { folder, name, version: locked?.version ?? '', licence: locked?.license ?? statedIn(folder) };
}

const Stated = z.object({ licenses: z.array(z.object({ type: z.string() })) });

/** As packages stated it before there was SPDX. */
function statedIn(folder: string): string {
  const file = fromRoot(folder, 'package.json');
  if (!existsSync(file)) return '';
  const stated = Stated.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return stated.success ? stated.data.licenses.map(({ type }) => type).join(' OR ') : '';
}
