import { Field, FixedSizeList, Float32, Int32, List, Schema, Utf8 } from 'apache-arrow';
import { z } from 'zod';
import { IndexModality } from '../../../preload/values.js';

/** Widths of the pack's text vectors (models/README.md): semantic space, and the space shared with images. */
const semanticWidth = 384;
export const jointWidth = 256;

/** Raise it when the same documents would make other rows (columns, how snippets or their findings are read): indices of another format are built again. */
export const formatVersion = '1';

export type TableKind = 'documents' | 'snippets';

/** `xr_documents`, `xr_snippets`, … */
export const tableName = (modality: IndexModality, kind: TableKind) => `${modality.toLowerCase()}_${kind}`;

const text = (name: string) => new Field(name, new Utf8(), false);
const texts = (name: string) => new Field(name, new List(new Field('item', new Utf8(), true)), false);
const vector = (name: string, width: number) =>
  new Field(name, new FixedSizeList(width, new Field('item', new Float32(), true)), false);

const shared = [
  text('id'),
  text('title'),
  text('text'),
  text('modality'),
  text('bodyRegion'),
  texts('findings'),
  text('licence'),
  text('version'),
  vector('semantic', semanticWidth),
  vector('joint', jointWidth),
];

/** The Arrow schema of a table. `embedder` names the text encoder whose vectors it holds; the schema carries it. */
export function tableSchema(kind: TableKind, embedder: string): Schema {
  const own =
    kind === 'documents'
      ? [text('topic'), texts('sources'), text('contentHash')]
      : [text('document'), new Field('ordinal', new Int32(), false), text('kind'), text('source')];
  return new Schema([...shared, ...own], schemaMetadata(embedder));
}

/** What a table must carry to be used: its format and its text encoder. */
export const schemaMetadata = (embedder: string) =>
  new Map([
    ['wetread.format', formatVersion],
    ['wetread.embedder', embedder],
  ]);

/** Arrow lists and vectors come back as iterables of their own. */
const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;
const strings = z
  .custom<Iterable<unknown>>(isIterable)
  .transform((list) => z.array(z.string()).parse([...list]));
/** Vectors are read in one piece: going through them number by number took most of a query's time. */
const vectors = z
  .custom<{ toArray(): unknown }>((value) => isIterable(value) && 'toArray' in value)
  .transform((list) => z.instanceof(Float32Array).parse(list.toArray()));

/** A row of a documents table as read back for ranking. */
export const DocumentRow = z.object({
  id: z.string(),
  title: z.string(),
  bodyRegion: z.string(),
  findings: strings,
});
export type DocumentRow = z.infer<typeof DocumentRow>;

/** A row of a snippets table as read back for ranking. */
export const SnippetRow = DocumentRow.extend({
  document: z.string(),
  kind: z.string(),
  text: z.string(),
  modality: IndexModality,
  source: z.string(),
  licence: z.string(),
  version: z.string(),
  semantic: vectors,
});
export type SnippetRow = z.infer<typeof SnippetRow>;
