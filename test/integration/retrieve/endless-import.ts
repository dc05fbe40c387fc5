/** Writes the same documents over and over again, until it is refused: says so and ends with 3. Made to be stopped. */

import { toWetreadError } from '../../../main/error.js';
import { onParentGone } from '../../../main/isolate/index.js';
import { openLibrary } from '../../../main/retrieve/index.js';
import { hashingEmbedder } from './hashing-embedder.js';
import { reports } from './source-documents.js';

onParentGone(() => process.exit(1));
const [, , folder = '', count = '0'] = process.argv;
const library = await openLibrary({ folder, embed: hashingEmbedder().embed, embedder: 'hashing' });
const writer = await library.openWriter('own');
const documents = reports(0, Number(count), { edition: 1, images: 1 });
process.stdout.write('started\n');
try {
  for (let round = 0; ; round++) {
    for (let at = 0; at < documents.length; at += 10)
      await writer.write(documents.slice(at, at + 10), { vectors: true });
    await writer.finish(`round ${round}`);
  }
} catch (thrown) {
  process.stdout.write(`refused ${toWetreadError(thrown).code}\n`);
  process.exitCode = 3;
} finally {
  await writer.close();
  await library.dispose();
}
