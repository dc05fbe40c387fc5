/**
 * `npm run sbom`: the software bill of materials of a release as CycloneDX 1.5 in dist/wetread.cdx.json. npm describes the packages; those
 * that only build are left out, and model packs and the knowledge base are added with their hashes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { PackManifest } from '../main/encode/manifest.js';
import { knowledgeDigest, sha256 } from '../main/trust/index.js';
import { fromRoot } from './root.js';
import { shippedPackages } from './shipped-packages.js';

const Component = z.looseObject({
  'bom-ref': z.string(),
  type: z.string(),
  name: z.string(),
  version: z.string(),
});
const Bom = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  metadata: z.looseObject({ component: Component }),
  components: z.array(Component),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
});
export type Bom = z.infer<typeof Bom>;

/** The bill of materials of what a release for any system holds. */
export async function sbomOf(): Promise<Bom> {
  const all = Bom.parse(JSON.parse(runNpmSbom()));
  const shipped = new Set(shippedPackages().map(({ name, version }) => `${name}@${version}`));
  const components = all.components.filter((one) => shipped.has(one['bom-ref']));
  const main = { ...all.metadata.component, name: 'wetread', type: 'application' };
  const own = [...packComponents(), await knowledgeComponent()];
  const refs = new Set([main, ...components, ...own].map((one) => one['bom-ref']));
  const dependencies = all.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({
      ref,
      dependsOn: [
        ...dependsOn.filter((other) => refs.has(other)),
        ...(ref === main['bom-ref'] ? own.map((one) => one['bom-ref']) : []),
      ],
    }));
  return {
    ...all,
    metadata: { ...all.metadata, component: main },
    components: [...components, ...own],
    dependencies: [...dependencies, ...own.map((one) => ({ ref: one['bom-ref'], dependsOn: [] }))],
  };
}

function runNpmSbom(): string {
  const kind = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  // What the window is bundled from counts as development, and NODE_ENV may say that there is none of that.
  const words = ['sbom', ...kind, '--package-lock-only', '--include=dev'];
  const { npm_execpath: npm } = process.env;
  const [command, ...first] = npm === undefined ? ['npm'] : [process.execPath, npm];
  const { status, stdout, stderr } = spawnSync(command ?? 'npm', [...first, ...words], {
    cwd: fromRoot('.'),
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
  if (status !== 0) throw new Error(`npm sbom failed. ${stderr ?? ''}`);
  return stdout;
}

/** A component a model pack: its manifest's hash, which covers all its files. */
function packComponents() {
  return readdirSync(fromRoot('models'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'training')
    .map(({ name: folder }) => {
      const bytes = readFileSync(fromRoot('models', folder, 'manifest.json'));
      const { id, version, title, licence, files } = PackManifest.parse(JSON.parse(bytes.toString('utf8')));
      return {
        'bom-ref': `model-pack:${id}@${version}`,
        ...{ type: 'machine-learning-model', name: id, version, description: title, scope: 'required' },
        hashes: [{ alg: 'SHA-256', content: sha256(bytes) }],
        licenses: [{ license: { name: licence } }],
        components: Object.entries(files).map(([name, file]) => ({
          'bom-ref': `model-pack:${id}@${version}/${name}`,
          ...{ type: 'file', name, version, hashes: [{ alg: 'SHA-256', content: file.sha256 }] },
        })),
      };
    });
}

async function knowledgeComponent() {
  const content = await knowledgeDigest(fromRoot('indices'));
  return {
    'bom-ref': `knowledge-base@${content.slice(0, 16)}`,
    ...{ type: 'data', name: 'knowledge-base', version: content.slice(0, 16), scope: 'required' },
    hashes: [{ alg: 'SHA-256', content }],
    licenses: [{ license: { id: 'Apache-2.0' } }],
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const bom = await sbomOf();
  const file = fromRoot('dist/wetread.cdx.json');
  mkdirSync(fromRoot('dist'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
  console.log(`${bom.components.length} components: ${file}`);
}
