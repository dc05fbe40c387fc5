/** Imports argv[3] into the dataset argv[4] of the library at argv[2] and dies, as by a power cut, when batch number argv[5] is embedded. */
import { importKnowledge } from '../../../main/import/index.js';
import { openLibrary } from '../../../main/retrieve/index.js';
import { hashingEmbedder } from '../retrieve/hashing-embedder.js';

const [, , libraryFolder = '', files = '', dataset = '', dieAt = '1'] = process.argv;
const { embed } = hashingEmbedder();
let batch = 0;
const library = await openLibrary({
  folder: libraryFolder,
  embedder: 'hashing',
  embed: async (texts, options) => {
    batch += 1;
    if (batch === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
    return await embed(texts, options);
  },
});
await importKnowledge(
  library,
  { dataset, paths: [files], vectors: true },
  { embedImages: async (images) => images.map(() => new Float32Array(256).fill(1 / 16)) },
);
