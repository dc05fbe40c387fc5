/// <reference path="./spdx-satisfies.d.ts" />
/**
 * `npm run licences`: the licence of every package of a release, with an error for one that is not allowed, and the texts of all of them
 * as dist/THIRD-PARTY-NOTICES.txt, which is shipped.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import satisfies from 'spdx-satisfies';
import { fromRoot } from './root.js';
import { type ShippedPackage, shippedPackages } from './shipped-packages.js';

/** Permissive: they ask for their notice to be kept, and for nothing of ours. */
const allowed = [
  ...[
    '0BSD',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'BlueOak-1.0.0',
    'BSL-1.0',
    'CC0-1.0',
    'ISC',
    'MIT',
  ],
  ...['MIT-0', 'Python-2.0', 'Unlicense', 'Zlib'],
];

/** What is allowed besides, for this package only, and why. */
const exceptions: { name: RegExp; licence: string; why: string }[] = [
  {
    name: /^@img\/sharp-libvips-/,
    licence: 'LGPL-3.0-or-later',
    why: 'libvips as a shared library in a file of its own, unchanged, which whoever has the app can exchange',
  },
  {
    name: /^@img\/sharp-win32-/,
    licence: 'Apache-2.0 AND LGPL-3.0-or-later',
    why: 'libvips as a shared library in a file of its own, unchanged, which whoever has the app can exchange',
  },
  {
    name: /^@img\/sharp-wasm32$/,
    licence: 'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
    why: 'libvips in a WebAssembly file of its own outside app.asar, unchanged, which whoever has the app can exchange',
  },
  { name: /^duck$/, licence: 'BSD', why: 'its LICENSE is the text of BSD-2-Clause' },
];

export interface Judged extends ShippedPackage {
  /** Why it may be shipped: `allowed`, or the reason of its exception; undefined: it may not. */
  because?: string;
}

/** The packages of a release, each with why its licence allows it. */
export function judgedPackages(packages = shippedPackages()): Judged[] {
  return packages.map((one) => {
    if (isAllowed(one.licence)) return { ...one, because: 'allowed' };
    const exception = exceptions.find(({ name, licence }) => name.test(one.name) && licence === one.licence);
    return { ...one, ...(exception && { because: exception.why }) };
  });
}

function isAllowed(licence: string): boolean {
  try {
    return satisfies(licence, allowed);
  } catch {
    return false;
  }
}

/** Writes what the licences ask to be handed on. */
export function writeNotices(packages = judgedPackages()): string {
  const parts = packages.map(({ name, version, licence, folder }) =>
    [`${name} ${version}`, `Licence: ${licence}`, '', noticesIn(folder)].join('\n'),
  );
  const file = fromRoot('dist/THIRD-PARTY-NOTICES.txt');
  mkdirSync(fromRoot('dist'), { recursive: true });
  const head =
    'Wetread contains the following packages. Electron and Chromium bring their own notices: LICENSE.electron.txt and LICENSES.chromium.html beside the program. Packages without a text here are for another system or state their licence by name only.';
  writeFileSync(file, `${[head, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
  return file;
}

function noticesIn(folder: string): string {
  if (!existsSync(fromRoot(folder))) return '';
  return readdirSync(fromRoot(folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice|third[-_ ]?party)/i.test(entry.name))
    .map((entry) => readFileSync(fromRoot(folder, entry.name), 'utf8').trim())
    .join('\n\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const packages = judgedPackages();
  for (const { name, version, licence, because } of packages)
    console.log([name, version, licence || 'states none', because ?? 'NOT ALLOWED'].join('\t'));
  const refused = packages.filter(({ because }) => because === undefined);
  console.log(
    refused.length === 0
      ? `${packages.length} packages, all allowed. Their texts: ${writeNotices(packages)}`
      : `${refused.length} of ${packages.length} packages are not allowed.`,
  );
  process.exitCode = refused.length === 0 ? 0 : 1;
}
