/** Builds the index at argv[2] from the documents at argv[3] and dies, as by a power cut, when it embeds batch number argv[4]. */
import { buildIndex, openIndex } from '../../../main/retrieve/index.js';
import { hashingEmbedder } from './hashing-embedder.js';

const [, , indexFolder = '', documents = '', dieAt = '1'] = process.argv;
const { embed } = hashingEmbedder();
let batch = 0;
const index = await openIndex(
  indexFolder,
  async (texts, options) => {
    batch += 1;
    if (batch === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
    return await embed(texts, options);
  },
  { embedder: 'hashing' },
);
await buildIndex(index, documents);
