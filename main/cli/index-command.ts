import { parseArgs } from 'node:util';
import { IndexModality } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import { checkDocuments } from '../retrieve/index.js';
import type { Command } from './commands.js';
import { documentsFolder, withEngine } from './open-engine.js';

export const indexCommand: Command = {
  usage: 'index list|check|search <text> [--modality XR] [--json]',
  async run(words) {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { json: { type: 'boolean' }, modality: { type: 'string', default: 'XR' } },
    });
    const [verb, ...rest] = positionals;
    switch (verb) {
      case 'list':
        return withEngine(async (engine) => {
          const rows = (await engine.indices()).flatMap(({ modalities }) => modalities);
          for (const row of rows)
            process.stdout.write(
              values.json
                ? `${JSON.stringify(row)}\n`
                : `${row.modality}: ${row.documents} documents, ${row.snippets} snippets, ${row.bytes} bytes\n`,
            );
          return 0;
        });
      case 'check': {
        const { documents, problems } = await checkDocuments(documentsFolder);
        for (const { file, message } of problems) process.stdout.write(`${file}: ${message}\n`);
        process.stdout.write(`${documents} documents, ${problems.length} problems\n`);
        return problems.length > 0 ? 1 : 0;
      }
      case 'search': {
        const modality = IndexModality.safeParse(values.modality.toUpperCase());
        if (rest.length === 0 || !modality.success)
          throw new WetreadError(
            'bad-input',
            `Say what to search, and in which of ${IndexModality.options.join(', ')}.`,
          );
        return withEngine(async (engine) => {
          const evidence = await engine.search(rest.join(' '), modality.data);
          if (values.json) process.stdout.write(`${JSON.stringify(evidence)}\n`);
          else
            for (const { score, title, text, source } of evidence.snippets)
              process.stdout.write(`${score.toFixed(3)} ${title}: ${text} (${source})\n`);
          return 0;
        });
      }
      default:
        throw new WetreadError('bad-input', `Use wetread ${indexCommand.usage}.`);
    }
  },
};
