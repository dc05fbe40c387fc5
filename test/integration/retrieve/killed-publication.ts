/** Publishes a dataset; made to be killed: by itself when it is about to sign, or by its parent. */
import { openLibrary } from '../../../main/retrieve/index.js';
import { signerIn } from '../../../main/trust/index.js';
import { hashingEmbedder } from './hashing-embedder.js';

const [, , folder = '', location = '', keyFolder = '', when] = process.argv;
const sign = signerIn(keyFolder);
const library = await openLibrary({
  ...{ folder, embed: hashingEmbedder().embed, embedder: 'hashing' },
  sign: async (bytes) => {
    if (when === 'when it signs') process.kill(process.pid, 'SIGKILL');
    return sign(bytes);
  },
});
process.stdout.write('started\n');
await library.publish('cases', location);
await library.dispose();
