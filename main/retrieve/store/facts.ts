import { AUTHORED, type Dataset, type IndexModality } from '../../../preload/values.js';
import { toWetreadError, WetreadError } from '../../error.js';
import { folderBytes } from './folder-bytes.js';
import type { Index } from './index-store.js';
import { tableKinds } from './schema.js';
import { readVersions } from './versions.js';

export type DatasetFacts = Pick<Dataset, 'state' | 'message' | 'version' | 'builtAt' | 'modalities'>;

/** What a dataset holds and whether it can be read. Never throws what is wrong with the dataset: it is told in `state`. */
export async function factsOf(index: Index): Promise<DatasetFacts> {
  const modalities: Dataset['modalities'] = [];
  let wrong: WetreadError | undefined;
  const note = (thrown: unknown) => {
    const error = toWetreadError(thrown);
    if (error.code === 'cancelled') throw error;
    // Damage says more than age.
    if (wrong === undefined || error.code === 'index-damaged') wrong = error;
  };
  const present = await index.modalities().catch((thrown) => {
    note(thrown);
    return [];
  });
  for (const modality of present) {
    const counts = await countsOf(index, modality).catch((thrown) => {
      note(thrown);
      return { documents: 0, snippets: 0, images: 0 };
    });
    // Nobody knows what it holds.
    if (wrong?.code === 'index-away' || wrong?.code === 'untrusted') break;
    modalities.push({ modality, ...counts, bytes: await bytesOf(index, modality) });
  }
  const [last] = index.isRemote
    ? []
    : await readVersions(index.connection).catch((thrown) => {
        note(unreadable(index, thrown));
        return [];
      });
  const documents = modalities.reduce((sum, one) => sum + one.documents, 0);
  // The authored one and a server's have no versions that could be brought back.
  const version = last?.version ?? (documents > 0 ? 1 : 0);
  return {
    ...stateOf(wrong, documents),
    version,
    ...(last === undefined ? await authoredAt(index, modalities) : { builtAt: last.at }),
    modalities,
  };
}

function stateOf(wrong: WetreadError | undefined, documents: number): Pick<Dataset, 'state' | 'message'> {
  if (wrong === undefined) return { state: documents > 0 ? 'ready' : 'empty' };
  const states: Partial<Record<WetreadError['code'], Dataset['state']>> = {
    'index-away': 'away',
    'index-missing': 'outdated',
    untrusted: 'untrusted',
  };
  return { state: states[wrong.code] ?? 'damaged', message: wrong.message };
}

const unreadable = (index: Index, cause: unknown) =>
  new WetreadError('index-damaged', `The versions of ${index.title} cannot be read.`, { cause });

async function countsOf(index: Index, modality: IndexModality) {
  if (index.isDamaged(modality))
    throw new WetreadError('index-damaged', `The ${modality} index of ${index.title} cannot be read.`);
  return await index.read(modality, async ({ documents, snippets, images }) => ({
    documents: await documents.countRows(),
    snippets: await snippets.countRows(),
    images: (await images?.countRows()) ?? 0,
  }));
}

/** Of its tables, on this disk. */
async function bytesOf(index: Index, modality: IndexModality): Promise<number> {
  if (index.isRemote) return 0;
  const sizes = await Promise.all(tableKinds.map((kind) => folderBytes(index.tableFolder(modality, kind))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** When the authored index was last changed. */
async function authoredAt(
  index: Index,
  modalities: Dataset['modalities'],
): Promise<Pick<Dataset, 'builtAt'>> {
  if (index.id !== AUTHORED) return {};
  const times: number[] = [];
  for (const { modality, documents } of modalities)
    if (documents > 0)
      await index
        .read(modality, async (tables) => {
          for (const { timestamp } of await tables.documents.listVersions()) times.push(timestamp.getTime());
        })
        .catch(() => {});
  return times.length === 0 ? {} : { builtAt: new Date(Math.max(...times)).toISOString() };
}
