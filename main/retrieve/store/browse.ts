import { MatchQuery, type Table } from '@lancedb/lancedb';
import { z } from 'zod';
import { DatasetDocument, type IndexModality, Removals } from '../../../preload/values.js';
import { toWetreadError, WetreadError } from '../../error.js';
import type { Index, Tables } from './index-store.js';
import { readRows } from './read-rows.js';
import { anyOf } from './sql.js';

/** Documents that a page may reach: what lies further is found by words. */
const mostMatches = 2000;

export interface DocumentsPage {
  total: number;
  documents: DatasetDocument[];
}

const Row = z.object({
  ...{ id: z.string(), title: z.string(), modality: DatasetDocument.shape.modality },
  ...{ bodyRegion: z.string(), topic: z.string(), findings: z.array(z.string()), images: z.number().int() },
  ...{ sources: z.array(z.string()), licence: z.string(), version: z.string(), origin: z.string() },
  importedAt: z.string(),
  removals: z
    .string()
    .transform((json) => JSON.parse(json))
    .pipe(Removals),
});

const toDocument = ({ sources, ...row }: z.output<typeof Row>): DatasetDocument => ({
  ...row,
  source: sources.join('; '),
});

const Listed = z.object({ id: z.string(), importedAt: z.string(), _score: z.number().optional() });
const Section = z.object({ ordinal: z.number().int(), kind: z.string(), text: z.string() });
const Thumbnail = z.object({ thumbnail: z.instanceof(Uint8Array) });

/** Documents of a dataset, newest first; with `query` those whose words match it, best first. */
export async function listDocuments(
  index: Index,
  { query, offset, limit }: { query?: string; offset: number; limit: number },
): Promise<DocumentsPage> {
  const words = query?.trim() ?? '';
  const listed: (z.infer<typeof Listed> & { modality: IndexModality })[] = [];
  let total = 0;
  for (const modality of await index.modalities())
    await index.read(modality, async ({ documents }) => {
      const rows =
        words === ''
          ? documents.query().orderBy([{ columnName: 'importedAt', ascending: false }])
          : documents.query().fullTextSearch(new MatchQuery(words, 'text'));
      const found = await rows
        .select(['id', 'importedAt', ...(words === '' ? [] : ['_score'])])
        .limit(words === '' ? offset + limit : mostMatches)
        .toArray();
      total += words === '' ? await documents.countRows() : found.length;
      for (const row of found) listed.push({ ...Listed.parse(row), modality });
    });
  listed.sort(
    (a, b) => (b._score ?? 0) - (a._score ?? 0) || compare(b.importedAt, a.importedAt) || compare(a.id, b.id),
  );
  const page = listed.slice(offset, offset + limit);
  const found = new Map<string, DatasetDocument>();
  for (const modality of new Set(page.map((one) => one.modality))) {
    const ids = page.filter((one) => one.modality === modality).map(({ id }) => id);
    await index.read(modality, async ({ documents }) => {
      const rows = await readRows(documents.query().where(anyOf('id', ids)), Row);
      for (const row of rows) found.set(row.id, toDocument(row));
    });
  }
  return { total, documents: page.flatMap(({ id }) => found.get(id) ?? []) };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** A document with its text, section by section. @throws WetreadError `not-found` */
export async function readDocument(
  index: Index,
  document: string,
): Promise<DatasetDocument & { sections: { kind: string; text: string }[] }> {
  return await inItsTables(index, document, async ({ documents, snippets }) => {
    const [row] = await readRows(
      documents
        .query()
        .where(anyOf('id', [document]))
        .limit(1),
      Row,
    );
    if (row === undefined) throw notFound();
    const own = await readRows(snippets.query().where(anyOf('document', [document])), Section);
    const sorted = own.sort((a, b) => a.ordinal - b.ordinal);
    return { ...toDocument(row), sections: sectionsOf(sorted) };
  });
}

/** Statements of one section in a row, put together again. */
function sectionsOf(rows: readonly { kind: string; text: string }[]): { kind: string; text: string }[] {
  const sections: { kind: string; text: string }[] = [];
  for (const { kind, text } of rows) {
    const last = sections.at(-1);
    if (last?.kind === kind) last.text += `\n${text}`;
    else sections.push({ kind, text });
  }
  return sections;
}

/** The JPEG thumbnail of the n-th image (from 0) of a document. @throws WetreadError `not-found` */
export async function readThumbnail(index: Index, document: string, n: number): Promise<Uint8Array> {
  return await inItsTables(index, document, async ({ images }) => {
    const rows = await images
      ?.query()
      .where(anyOf('id', [`${document}#${n}`]))
      .select(['thumbnail'])
      .limit(1)
      .toArray();
    if (rows?.[0] === undefined) throw notFound();
    return Thumbnail.parse(rows[0]).thumbnail;
  });
}

async function inItsTables<T>(
  index: Index,
  document: string,
  use: (tables: Tables) => Promise<T>,
): Promise<T> {
  try {
    for (const modality of await index.modalities()) {
      const found = await index.read(modality, async (tables) =>
        (await has(tables.documents, document)) ? { value: await use(tables) } : undefined,
      );
      if (found !== undefined) return found.value;
    }
  } catch (thrown) {
    throw toWetreadError(thrown);
  }
  throw notFound();
}

async function has(documents: Table, id: string): Promise<boolean> {
  return (await documents.countRows(anyOf('id', [id]))) > 0;
}

const notFound = () => new WetreadError('not-found', 'This document is not in the dataset any more.');
