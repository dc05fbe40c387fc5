/*
 * `npx tsx .ci/assemble.ts`: assembles main/study/inverse-dct.wat and writes it as main/study/inverse-dct-code.ts, so that it is
 * bundled like the rest. A test compares the two.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import loadWabt from 'wabt';
import { fromRoot } from './root.js';

/** The module as WebAssembly. */
export async function assemble(): Promise<Uint8Array> {
  const text = readFileSync(fromRoot('main/study/inverse-dct.wat'), 'utf8');
  const wabt = await loadWabt();
  return wabt.parseWat('inverse-dct.wat', text, { simd: true }).toBinary({}).buffer;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const code = Buffer.from(await assemble()).toString('base64');
  writeFileSync(
    fromRoot('main/study/inverse-dct-code.ts'),
    `/** Made of inverse-dct.wat by \`npx tsx .ci/assemble.ts\`. */\nexport const inverseDctCode =\n  '${code}';\n`,
  );
}
