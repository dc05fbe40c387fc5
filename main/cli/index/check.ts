import { checkDocuments } from '../../retrieve/index.js';
import { documentsFolder } from '../open-engine.js';
import { print, type Verb } from './verbs.js';

/** Validates every document of the authored knowledge base. */
export const check: Verb = {
  usage: 'index check',
  async run() {
    const { documents, snippets, problems } = await checkDocuments(documentsFolder);
    for (const { file, message } of problems) print(`${file}: ${message}`);
    print(`${documents} documents, ${snippets} snippets, ${problems.length} problems`);
    return problems.length > 0 ? 1 : 0;
  },
};
