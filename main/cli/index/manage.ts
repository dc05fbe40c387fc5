/** The verbs that take a dataset as it is: its versions, its documents, its location. */
import { resolve } from 'node:path';
import { WetreadError } from '../../error.js';
import { withEngine } from '../open-engine.js';
import { ask, datasetNamed, print, type Verb } from './verbs.js';

export const versions: Verb = {
  usage: 'index versions <dataset>',
  run: (words) =>
    withEngine(async (engine) => {
      const { id } = await datasetNamed(engine, only(words, versions));
      for (const { version, at, note, documents, snippets, current } of await ask(
        engine,
        'dataset.versions',
        {
          dataset: id,
        },
      ))
        print(
          `${current ? '*' : ' '} ${version}  ${at}  ${documents} documents, ${snippets} snippets  ${note}`,
        );
      return 0;
    }),
};

export const rollback: Verb = {
  usage: 'index rollback <dataset> <version>',
  run: (words) =>
    withEngine(async (engine) => {
      const [name = '', version = ''] = exactly(words, 2, rollback);
      const { id } = await datasetNamed(engine, name);
      if (!/^\d+$/.test(version)) throw new WetreadError('bad-input', `Use wetread ${rollback.usage}.`);
      const after = await ask(engine, 'dataset.rollback', { dataset: id, version: Number(version) });
      print(`${id} is as it was at version ${version}; this is version ${after.version}`);
      return 0;
    }),
};

export const remove: Verb = {
  usage: 'index remove <dataset> [<document>…]',
  run: (words) =>
    withEngine(async (engine) => {
      const [name, ...documents] = words;
      if (name === undefined) throw new WetreadError('bad-input', `Use wetread ${remove.usage}.`);
      const { id } = await datasetNamed(engine, name);
      if (documents.length === 0) await ask(engine, 'dataset.remove', { dataset: id });
      else await ask(engine, 'dataset.deleteDocuments', { dataset: id, documents });
      print(documents.length === 0 ? `${id} removed` : `${documents.length} documents removed from ${id}`);
      return 0;
    }),
};

export const share: Verb = {
  usage: 'index share <title> <folder|s3://…|db://…>',
  run: (words) =>
    withEngine(async (engine) => {
      const [title = '', location = ''] = exactly(words, 2, share);
      const { id } = await ask(engine, 'dataset.add', { title, location: locationIn(location) });
      const after = await ask(engine, 'dataset.refresh', { dataset: id, task: 'refresh' });
      print(`${id}: ${after.state}${after.message ? `; ${after.message}` : ''}`);
      return after.state === 'ready' ? 0 : 1;
    }),
};

export const refresh: Verb = {
  usage: 'index refresh <dataset>',
  run: (words) =>
    withEngine(async (engine) => {
      const { id } = await datasetNamed(engine, only(words, refresh));
      const after = await ask(engine, 'dataset.refresh', { dataset: id, task: 'refresh' });
      print(`${id}: ${after.state}${after.message ? `; ${after.message}` : ''}`);
      return after.state === 'ready' ? 0 : 1;
    }),
};

export const publish: Verb = {
  usage: 'index publish <dataset> <folder|s3://…>',
  run: (words) =>
    withEngine(async (engine) => {
      const [name = '', location = ''] = exactly(words, 2, publish);
      const { id } = await datasetNamed(engine, name);
      await ask(engine, 'dataset.publish', { dataset: id, location: locationIn(location), task: 'publish' });
      print(`${id} published at ${location}`);
      return 0;
    }),
};

const locationIn = (text: string) => (/^[a-z][a-z0-9]+:\/\//.test(text) ? text : resolve(text));

function exactly(words: string[], count: number, verb: Verb): string[] {
  if (words.length !== count) throw new WetreadError('bad-input', `Use wetread ${verb.usage}.`);
  return words;
}

const only = (words: string[], verb: Verb): string => exactly(words, 1, verb)[0] ?? '';
