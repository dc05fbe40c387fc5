/** Imports reports into a dataset as `importKnowledge` does, batch by batch, and says after each what is on disk; made to be killed. */
import { openLibrary } from '../../../main/retrieve/index.js';
import { hashingEmbedder } from './hashing-embedder.js';
import { reports } from './source-documents.js';

const [, , folder = '', edition = '1', count = '0', batch = '20'] = process.argv;
const library = await openLibrary({ folder, embed: hashingEmbedder().embed, embedder: 'hashing' });
const writer = await library.openWriter('own');
const documents = reports(0, Number(count), { edition: Number(edition), images: 1 });
process.stdout.write('started\n');
for (let at = 0; at < documents.length; at += Number(batch)) {
  const next = documents.slice(at, at + Number(batch));
  const stored = await writer.hashesOf(next.map(({ id }) => id));
  await writer.write(
    next.filter(({ id, contentHash }) => stored.get(id) !== contentHash),
    { vectors: true },
  );
  process.stdout.write(`${at + next.length}\n`);
}
await writer.finish(`edition ${edition}`);
await writer.close();
process.stdout.write('finished\n');
await library.dispose();
