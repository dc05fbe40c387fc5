import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ImportMapping, IndexModality } from '../../../preload/values.js';
import { WetreadError } from '../../error.js';
import { givingMemoryBack } from '../giving-memory-back.js';
import { withEngine } from '../open-engine.js';
import { ask, print, printJson, type Verb } from './verbs.js';

/** Imports files and folders into an own dataset, made where it is not there. */
export const add: Verb = {
  usage:
    'index add <file|folder>… --dataset NAME [--modality XR] [--mapping FILE.json] [--licence TEXT] [--words-only] [--preview] [--json]',
  async run(words) {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        dataset: { type: 'string' },
        modality: { type: 'string' },
        mapping: { type: 'string' },
        licence: { type: 'string' },
        'words-only': { type: 'boolean' },
        preview: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const name = values.dataset;
    if (positionals.length === 0 || (name === undefined && !values.preview))
      throw new WetreadError('bad-input', `Use wetread ${add.usage}.`);
    const paths = positionals.map((path) => resolve(path));
    const modality = values.modality === undefined ? undefined : modalityIn(values.modality);
    const mapping = values.mapping === undefined ? undefined : await mappingIn(values.mapping);
    const run = () =>
      withEngine(async (engine) => {
        if (name === undefined || values.preview) {
          const preview = await ask(engine, 'import.preview', { paths, modality, mapping, task: 'import' });
          if (values.json) printJson(preview);
          else {
            for (const { kind, count } of preview.files) print(`${kind}: ${count} files`);
            for (const { title, pieces } of preview.documents)
              print(`${title}\n  ${pieces.map((p) => (p.removed ? `[-${p.text}-]` : p.text)).join('')}`);
            for (const { file, message } of preview.problems) print(`${file}: ${message}`);
          }
          return 0;
        }
        const known = (await ask(engine, 'dataset.list', {})).find(
          (one) => one.kind === 'own' && (one.id === name || one.title === name),
        );
        const dataset = known ?? (await ask(engine, 'dataset.add', { title: name }));
        const result = await ask(engine, 'import.run', {
          ...{ dataset: dataset.id, paths, modality, mapping, licence: values.licence },
          ...{ vectors: !values['words-only'], task: 'import' },
        });
        if (values.json) printJson(result);
        else {
          const { added, updated, unchanged, snippets, images, removals, problems, version } = result;
          print(
            `${added} added, ${updated} updated, ${unchanged} unchanged; ${snippets} snippets, ${images} images; version ${version}`,
          );
          const removed = Object.entries(removals).map(([kind, count]) => `${count} × ${kind}`);
          if (removed.length > 0) print(`removed: ${removed.join(', ')}`);
          for (const { file, message } of problems) print(`${file}: ${message}`);
        }
        return 0;
      });
    return values.preview ? run() : givingMemoryBack(run);
  },
};

function modalityIn(text: string): IndexModality {
  const parsed = IndexModality.safeParse(text.toUpperCase());
  if (parsed.success) return parsed.data;
  throw new WetreadError('bad-input', `Say one of ${IndexModality.options.join(', ')}.`);
}

async function mappingIn(file: string): Promise<ImportMapping> {
  const parsed = ImportMapping.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new WetreadError('bad-input', `${file} is no mapping: see docs/importing.md.`, {
    cause: parsed.error,
  });
}
