import { parseArgs } from 'node:util';
import { withEngine } from '../open-engine.js';
import { ask, print, printJson, type Verb, vouchedBy } from './verbs.js';

/** The datasets and what each holds. */
export const list: Verb = {
  usage: 'index list [--json]',
  async run(words) {
    const { values } = parseArgs({ args: words, options: { json: { type: 'boolean' } } });
    return withEngine(async (engine) => {
      await engine.ready();
      for (const dataset of await ask(engine, 'dataset.list', {})) {
        if (values.json) {
          printJson(dataset);
          continue;
        }
        const { id, title, kind, state, version, message, modalities, publisher, offered } = dataset;
        print(`${id} (${title}): ${kind}, ${state}, version ${version}${message ? `; ${message}` : ''}`);
        if (publisher !== undefined) print(`  ${vouchedBy(publisher)}`);
        if (offered !== undefined) print(`  there now, and not trusted: ${vouchedBy(offered)}`);
        for (const { modality, documents, snippets, images, bytes } of modalities)
          print(
            `  ${modality}: ${documents} documents, ${snippets} snippets, ${images} images, ${bytes} bytes`,
          );
      }
      return 0;
    });
  },
};
