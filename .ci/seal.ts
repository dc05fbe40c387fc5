/**
 * `npm run seal`: writes down what this release ships with, so that a model pack or a document of the knowledge base that was changed
 * afterwards is found when Wetread starts. Run it whenever models/ or indices/ change on purpose. `--check` only compares.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { knowledgeDigest, sha256 } from '../main/trust/digest.js';
import { fromRoot } from './root.js';

const file = fromRoot('main/trust/shipped.json');

/** The digests of what lies in models/ and indices/ now, as main/trust/shipped.json holds them. */
export async function sealOf(): Promise<string> {
  const packs: Record<string, string> = {};
  for (const entry of readdirSync(fromRoot('models'), { withFileTypes: true }))
    if (entry.isDirectory() && entry.name !== 'training')
      packs[entry.name] = sha256(readFileSync(fromRoot('models', entry.name, 'manifest.json')));
  return `${JSON.stringify({ packs, knowledge: await knowledgeDigest(fromRoot('indices')) }, null, 2)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const seal = await sealOf();
  if (process.argv.includes('--check')) {
    const isFresh = readFileSync(file, 'utf8') === seal;
    console.log(isFresh ? 'The seal holds.' : 'The seal is of something else: npm run seal.');
    process.exitCode = isFresh ? 0 : 1;
  } else {
    writeFileSync(file, seal);
    console.log(seal);
  }
}
