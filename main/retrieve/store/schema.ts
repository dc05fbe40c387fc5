import type { Field, Schema } from 'apache-arrow';
import type { IndexModality } from '../../../preload/values.js';
import { arrow } from './arrow.js';

/** Widths of the pack's vectors (models/README.md): semantic space of texts, and the space that texts and images share. */
export const semanticWidth = 384;
export const jointWidth = 256;

/** Raise it when the same documents would make other rows (columns, how snippets or their findings are read): indices of another format are built again. */
export const formatVersion = '2';

export const tableKinds = ['documents', 'snippets', 'images'] as const;
export type TableKind = (typeof tableKinds)[number];

/** `xr_documents`, `xr_snippets`, `xr_images`, … */
export const tableName = (modality: IndexModality, kind: TableKind) => `${modality.toLowerCase()}_${kind}`;

const text = (name: string) => new arrow.Field(name, new arrow.Utf8(), false);
const texts = (name: string) =>
  new arrow.Field(name, new arrow.List(new arrow.Field('item', new arrow.Utf8(), true)), false);
const number = (name: string) => new arrow.Field(name, new arrow.Int32(), false);
const vector = (name: string, width: number, nullable: boolean) =>
  new arrow.Field(
    name,
    new arrow.FixedSizeList(width, new arrow.Field('item', new arrow.Float32(), true)),
    nullable,
  );

/** Null where a dataset was filled without vectors. */
const textVectors = [vector('semantic', semanticWidth, true), vector('joint', jointWidth, true)];
/** Null where the document does not say. */
const patient = [
  new arrow.Field('ageYears', new arrow.Int32(), true),
  new arrow.Field('sex', new arrow.Utf8(), true),
];

const fields: Record<TableKind, Field[]> = {
  documents: [
    ...[text('id'), text('title'), text('text'), text('modality'), text('bodyRegion'), text('topic')],
    ...[texts('findings'), texts('present'), texts('codes'), texts('sources')],
    ...[text('licence'), text('version'), texts('views'), ...patient],
    ...[text('origin'), text('importedAt'), text('removals'), number('images'), text('contentHash')],
    ...textVectors,
  ],
  snippets: [
    ...[text('id'), text('document'), number('ordinal'), text('title'), text('kind'), text('text')],
    ...[
      text('modality'),
      text('bodyRegion'),
      texts('findings'),
      new arrow.Field('polarity', new arrow.Utf8(), true),
    ],
    ...[texts('views'), ...patient, text('source'), text('licence'), text('version')],
    ...textVectors,
  ],
  images: [
    ...[text('id'), text('document'), number('ordinal'), text('view'), text('modality')],
    ...[vector('joint', jointWidth, false), new arrow.Field('thumbnail', new arrow.Binary(), false)],
  ],
};

/** The Arrow schema of a table. `embedder` names the text encoder whose vectors it holds; the schema carries it. */
export function tableSchema(kind: TableKind, embedder: string): Schema {
  return new arrow.Schema(fields[kind], schemaMetadata(embedder));
}

/** What a table must carry to be used: its format and its text encoder. */
export const schemaMetadata = (embedder: string) =>
  new Map([
    ['wetread.format', formatVersion],
    ['wetread.embedder', embedder],
  ]);
