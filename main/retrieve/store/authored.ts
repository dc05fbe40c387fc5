import type { Table } from '@lancedb/lancedb';
import type { KnowledgeDocument } from './documents.js';
import type { Tables } from './index-store.js';
import { type EmbeddedDocument, rowsOf } from './rows.js';
import type { SourceDocument } from './source-document.js';
import { anyOf } from './sql.js';

/** An article of the knowledge base as a dataset stores it. It explains rather than reports: nothing in it is present in a patient. */
function toSource(document: KnowledgeDocument): SourceDocument {
  return {
    ...document,
    present: [],
    codes: document.codes.map(({ system, code }) => `${system}:${code}`),
    origin: '',
    removals: {},
    snippets: document.snippets.map(({ kind, text, findings }) => ({ kind, text, findings })),
    images: [],
  };
}

/**
 * Replaces the rows of the articles in `batch`: their own rows go first and come back last.
 * @param parts.before - asked before each write, which it forbids by throwing
 */
export async function writeArticles(
  tables: Tables,
  batch: KnowledgeDocument[],
  embedded: EmbeddedDocument[],
  { embedder, before }: { embedder: string; before: () => Promise<void> },
): Promise<void> {
  const ids = batch.map((document) => document.id);
  await before();
  await deleteWhere(tables.documents, anyOf('id', ids));
  await before();
  await deleteWhere(tables.snippets, anyOf('document', ids));
  const importedAt = new Date().toISOString();
  const rows = rowsOf(batch.map(toSource), embedded, { embedder, importedAt });
  await before();
  await tables.snippets.add(rows.snippets);
  await before();
  await tables.documents.add(rows.documents);
}

/** A delete that matches nothing would still write a version. */
async function deleteWhere(table: Table, predicate: string): Promise<void> {
  if ((await table.countRows(predicate)) > 0) await table.delete(predicate);
}
