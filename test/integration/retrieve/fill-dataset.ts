import type { Library, SourceDocument } from '../../../main/retrieve/index.js';

/** Writes documents with vectors into a dataset, as one version. */
export async function fill(library: Library, id: string, documents: SourceDocument[]) {
  const writer = await library.openWriter(id);
  try {
    await writer.write(documents, { vectors: true });
    await writer.finish(`${documents.length} documents`);
  } finally {
    await writer.close();
  }
}
