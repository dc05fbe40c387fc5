/** The verbs that take a dataset as it is: its versions, its documents, its location. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Engine } from '../../engine.js';
import { WetreadError } from '../../error.js';
import { withEngine } from '../open-engine.js';
import { ask, datasetNamed, print, type Verb, vouchedBy } from './verbs.js';

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
  usage: 'index share <title> <folder|s3://…|db://…> [--allow-unsigned]',
  run: (words) =>
    withEngine(async (engine) => {
      const { values, positionals } = parseArgs({
        args: words,
        allowPositionals: true,
        options: { 'allow-unsigned': { type: 'boolean' } },
      });
      const [title = '', location = ''] = exactly(positionals, 2, share);
      const { id, publisher } = await ask(engine, 'dataset.add', {
        ...{ title, location: locationIn(location) },
        allowUnsigned: values['allow-unsigned'],
      });
      if (publisher !== undefined) print(`${id}: ${vouchedBy(publisher)}`);
      return await refreshed(engine, id);
    }),
};

/** Trusts the key that `index list` names as offered, or that the publisher told. */
export const trust: Verb = {
  usage: 'index trust <dataset> <key|unsigned>',
  run: (words) =>
    withEngine(async (engine) => {
      const [name = '', publisher = ''] = exactly(words, 2, trust);
      const { id } = await datasetNamed(engine, name);
      const after = await ask(engine, 'dataset.trust', { dataset: id, publisher });
      if (after.publisher !== undefined) print(`${id}: ${vouchedBy(after.publisher)}`);
      return await refreshed(engine, id);
    }),
};

export const refresh: Verb = {
  usage: 'index refresh <dataset>',
  run: (words) =>
    withEngine(async (engine) => {
      const { id } = await datasetNamed(engine, only(words, refresh));
      return await refreshed(engine, id);
    }),
};

async function refreshed(engine: Engine, dataset: string): Promise<number> {
  const { state, message } = await ask(engine, 'dataset.refresh', { dataset, task: 'refresh' });
  print(`${dataset}: ${state}${message ? `; ${message}` : ''}`);
  return state === 'ready' ? 0 : 1;
}

export const publish: Verb = {
  usage: 'index publish <dataset> <folder|s3://…>',
  run: (words) =>
    withEngine(async (engine) => {
      const [name = '', location = ''] = exactly(words, 2, publish);
      const { id } = await datasetNamed(engine, name);
      const place = { dataset: id, location: locationIn(location) };
      const key = await ask(engine, 'dataset.publish', { ...place, task: 'publish' });
      print(`${id} published at ${location}, ${vouchedBy(key)}`);
      return 0;
    }),
};

const locationIn = (text: string) => (/^[a-z][a-z0-9]+:\/\//.test(text) ? text : resolve(text));

function exactly(words: string[], count: number, verb: Verb): string[] {
  if (words.length !== count) throw new WetreadError('bad-input', `Use wetread ${verb.usage}.`);
  return words;
}

const only = (words: string[], verb: Verb): string => exactly(words, 1, verb)[0] ?? '';
