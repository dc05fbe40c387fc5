import { parseArgs } from 'node:util';
import { calls } from '../../../preload/calls.js';
import { IndexModality } from '../../../preload/values.js';
import { WetreadError } from '../../error.js';
import { withEngine } from '../open-engine.js';
import { ask, print, printJson, type Verb } from './verbs.js';

/** Searches the index of one modality over all datasets. */
export const search: Verb = {
  usage:
    'index search <text> [--modality XR] [--dataset ID]… [--region R] [--view frontal|lateral] [--finding F] [--polarity present|absent|uncertain] [--age 40-60] [--sex M|F|O] [--json]',
  async run(words) {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        modality: { type: 'string', default: 'XR' },
        dataset: { type: 'string', multiple: true },
        region: { type: 'string' },
        view: { type: 'string' },
        finding: { type: 'string' },
        polarity: { type: 'string' },
        age: { type: 'string' },
        sex: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const { region, dataset, view, finding, polarity, age, sex } = values;
    const question = calls['index.search'].input.safeParse({
      query: positionals.join(' '),
      modality: values.modality.toUpperCase(),
      filters: {
        ...{ bodyRegion: region, datasets: dataset, view, finding, polarity, sex },
        ageYears: age?.split('-', 2).map(Number),
      },
    });
    if (!question.success)
      throw new WetreadError(
        'bad-input',
        `Say what to search, and in which of ${IndexModality.options.join(', ')}: wetread ${search.usage}.`,
        { cause: question.error },
      );
    return withEngine(async (engine) => {
      const evidence = await ask(engine, 'index.search', question.data);
      if (values.json) printJson(evidence);
      else {
        for (const { score, title, text, source } of evidence.snippets)
          print(`${score.toFixed(3)} ${title}: ${text} (${source})`);
        for (const { file, message } of evidence.problems) print(`${file}: ${message}`);
      }
      return 0;
    });
  },
};
