/** Where the packages of a release come from, what they may do when they are installed, and what they are licensed under. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { judgedPackages } from '../../../.ci/licences.js';
import { fromRoot } from '../../../.ci/root.js';
import { sbomOf } from '../../../.ci/sbom.js';
import { bundled, lockedPackages, shippedPackages } from '../../../.ci/shipped-packages.js';

const Package = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
  overrides: z.record(z.string(), z.string()),
  allowScripts: z.record(z.string(), z.boolean()),
});
const own = Package.parse(JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')));

describe('package-lock.json', () => {
  it('has every package from the npm registry, with a SHA-512', () => {
    const wrong = [...lockedPackages()].filter(
      ([, { resolved, integrity, link, inBundle }]) =>
        link ||
        // Without an address it is the registry's by its name.
        !(resolved === undefined || resolved.startsWith('https://registry.npmjs.org/')) ||
        !(inBundle || integrity?.startsWith('sha512-')),
    );
    expect(wrong.map(([folder]) => folder)).toEqual([]);
  });

  it('is of exact versions', () => {
    for (const [name, version] of Object.entries({ ...own.dependencies, ...own.devDependencies }))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    for (const [name, version] of Object.entries(own.overrides))
      expect(version, name).toMatch(/^(npm:[\w@/.-]+@)?\d+\.\d+\.\d+$/);
  });

  it('has no package with an install script that package.json does not rule on', () => {
    const scripted = [...lockedPackages()].filter(([, { hasInstallScript }]) => hasInstallScript);
    for (const [folder] of scripted)
      expect(own.allowScripts).toHaveProperty([folder.slice(folder.lastIndexOf('node_modules/') + 13)]);
    expect(Object.values(own.allowScripts)).not.toContain(true);
  });
});

describe('the packages of a release', () => {
  it('are all under licences that are allowed', () => {
    const refused = judgedPackages().filter(({ because }) => because === undefined);
    expect(refused.map(({ name, licence }) => `${name}: ${licence}`)).toEqual([]);
  });

  it('would not be with one that is not, or states none', () => {
    const of = (licence: string) => ({ folder: 'node_modules/x', name: 'x', version: '1.0.0', licence });
    for (const licence of [
      'GPL-3.0-only',
      'AGPL-3.0-or-later',
      'MIT AND GPL-2.0',
      'LGPL-3.0-or-later',
      'BSD',
      '',
    ])
      expect(judgedPackages([of(licence)])[0]?.because, licence).toBeUndefined();
    for (const licence of ['MIT', '(MIT OR GPL-3.0-or-later)', '(MIT AND Zlib)'])
      expect(judgedPackages([of(licence)])[0]?.because, licence).toBe('allowed');
  });

  it('hold all that the window imports, though npm takes that for development only', () => {
    const sources = readdirSync(fromRoot('renderer'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && entry.name !== 'vite.config.ts')
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    const imported = sources
      .flatMap((text) =>
        [...text.matchAll(/(?:\bfrom |\bimport |\bimport\()'([@a-z][\w@/.-]*)'/g)].map(
          ([, name = '']) => name,
        ),
      )
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    expect(imported.length).toBeGreaterThan(0);
    const listed = new Set([...bundled, ...Object.keys(own.dependencies)]);
    expect(imported.filter((name) => !listed.has(name))).toEqual([]);
  });
});

it('the bill of materials holds each of them, the model packs and the knowledge base, and no tool', async () => {
  const bom = await sbomOf();
  const refs = bom.components.map((one) => one['bom-ref']);
  for (const { name, version } of shippedPackages()) expect(refs).toContain(`${name}@${version}`);
  expect(refs.filter((ref) => /^(vitest|esbuild|electron-builder|typescript)@/.test(ref))).toEqual([]);
  const [pack] = bom.components.filter(({ type }) => type === 'machine-learning-model');
  expect(pack).toMatchObject({ name: 'cxr', hashes: [{ alg: 'SHA-256' }], licenses: [{}] });
  expect(refs.some((ref) => ref.startsWith('knowledge-base@'))).toBe(true);
  expect(new Set(refs).size).toBe(refs.length);
});
