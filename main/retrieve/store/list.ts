import { IndexModality } from '../../../preload/values.js';
import { WetreadError } from '../../error.js';
import { folderBytes } from './folder-bytes.js';
import type { Index } from './index-store.js';

/** What an index holds. */
export interface IndexFacts {
  modality: IndexModality;
  documents: number;
  snippets: number;
  /** On disk. */
  bytes: number;
  /** ISO 8601 UTC; absent where the index has not been built or cannot be read. */
  builtAt?: string;
}

/** The facts of the index of each modality, all zero where there is none or where it cannot be read. */
export async function listIndices(index: Index): Promise<IndexFacts[]> {
  return await Promise.all(IndexModality.options.map((modality) => factsOf(index, modality)));
}

async function factsOf(index: Index, modality: IndexModality): Promise<IndexFacts> {
  const [documentBytes, snippetBytes] = await Promise.all([
    folderBytes(index.tableFolder(modality, 'documents')),
    folderBytes(index.tableFolder(modality, 'snippets')),
  ]);
  const bytes = documentBytes + snippetBytes;
  try {
    return await index.read(modality, async ({ documents, snippets }) => {
      const versions = await documents.listVersions();
      const builtAt = new Date(Math.max(...versions.map(({ timestamp }) => timestamp.getTime())));
      return {
        modality,
        documents: await documents.countRows(),
        snippets: await snippets.countRows(),
        bytes,
        builtAt: builtAt.toISOString(),
      };
    });
  } catch (thrown) {
    if (thrown instanceof WetreadError) return { modality, documents: 0, snippets: 0, bytes };
    throw thrown;
  }
}
