import type { FixedSizeList, Schema, Table, Vector } from 'apache-arrow';
import { arrow } from './arrow.js';
import type { TextVectors } from './index-store.js';
import { type TableKind, tableSchema } from './schema.js';
import type { SourceDocument } from './source-document.js';

/** The vectors of a document and of its snippets, in their order. */
export interface EmbeddedDocument {
  document: TextVectors;
  snippets: TextVectors[];
}

/** Documents as rows of the three tables. Columns are built whole: going row by row took longer than storing them. */
export function rowsOf(
  documents: readonly SourceDocument[],
  embedded: readonly EmbeddedDocument[] | undefined,
  { embedder, importedAt }: { embedder: string; importedAt: string },
): Record<TableKind, Table> {
  const views = documents.map(({ images }) => [
    ...new Set(images.map(({ view }) => view).filter((view) => view !== 'unknown')),
  ]);
  const snippets = documents.flatMap((document, at) =>
    document.snippets.map((snippet, ordinal) => ({
      document,
      snippet,
      ordinal,
      views: views[at] ?? [],
      vectors: embedded?.[at]?.snippets[ordinal],
    })),
  );
  const images = documents.flatMap((document) =>
    document.images.map((image, ordinal) => ({ document, image, ordinal })),
  );
  return {
    documents: arrowTable(tableSchema('documents', embedder), documents.length, {
      id: documents.map(({ id }) => id),
      title: documents.map(({ title }) => title),
      text: documents.map(({ title, snippets }) => [title, ...snippets.map((one) => one.text)].join('\n')),
      modality: documents.map(({ modality }) => modality),
      bodyRegion: documents.map(({ bodyRegion }) => bodyRegion),
      topic: documents.map(({ topic }) => topic),
      findings: documents.map(({ findings }) => findings),
      present: documents.map(({ present }) => present),
      codes: documents.map(({ codes }) => codes),
      sources: documents.map(({ sources }) => sources),
      licence: documents.map(({ licence }) => licence),
      version: documents.map(({ version }) => version),
      views,
      ageYears: documents.map(({ ageYears }) => ageYears ?? null),
      sex: documents.map(({ sex }) => sex ?? null),
      origin: documents.map(({ origin }) => origin),
      importedAt: documents.map(() => importedAt),
      removals: documents.map(({ removals }) => JSON.stringify(removals)),
      images: documents.map((document) => document.images.length),
      contentHash: documents.map(({ contentHash }) => contentHash),
      semantic: documents.map((_, at) => embedded?.[at]?.document.semantic ?? null),
      joint: documents.map((_, at) => embedded?.[at]?.document.joint ?? null),
    }),
    snippets: arrowTable(tableSchema('snippets', embedder), snippets.length, {
      id: snippets.map(({ document, ordinal }) => `${document.id}#${ordinal}`),
      document: snippets.map(({ document }) => document.id),
      ordinal: snippets.map(({ ordinal }) => ordinal),
      title: snippets.map(({ document }) => document.title),
      kind: snippets.map(({ snippet }) => snippet.kind),
      text: snippets.map(({ snippet }) => snippet.text),
      modality: snippets.map(({ document }) => document.modality),
      bodyRegion: snippets.map(({ document }) => document.bodyRegion),
      findings: snippets.map(({ snippet }) => snippet.findings),
      polarity: snippets.map(({ snippet }) => snippet.polarity ?? null),
      views: snippets.map((row) => row.views),
      ageYears: snippets.map(({ document }) => document.ageYears ?? null),
      sex: snippets.map(({ document }) => document.sex ?? null),
      source: snippets.map(({ document }) => document.sources.join('; ')),
      licence: snippets.map(({ document }) => document.licence),
      version: snippets.map(({ document }) => document.version),
      semantic: snippets.map(({ vectors }) => vectors?.semantic ?? null),
      joint: snippets.map(({ vectors }) => vectors?.joint ?? null),
    }),
    images: arrowTable(tableSchema('images', embedder), images.length, {
      id: images.map(({ document, ordinal }) => `${document.id}#${ordinal}`),
      document: images.map(({ document }) => document.id),
      ordinal: images.map(({ ordinal }) => ordinal),
      view: images.map(({ image }) => image.view),
      modality: images.map(({ document }) => document.modality),
      joint: images.map(({ image }) => image.vector),
      thumbnail: images.map(({ image }) => image.thumbnail),
    }),
  };
}

/** Values of one column, row by row; null only where the schema allows it. */
type Column = readonly (string | number | null | Uint8Array | Float32Array | readonly string[])[];

function arrowTable(schema: Schema, rows: number, columns: Record<string, Column>): Table {
  const children = schema.fields.map(({ name, type }) => {
    const values = columns[name] ?? [];
    const vector: Vector =
      type instanceof arrow.FixedSizeList ? vectorColumn(values, type) : arrow.vectorFromArray(values, type);
    const [data] = vector.data;
    if (data === undefined) throw new RangeError(`The column ${name} is empty.`);
    return data;
  });
  const data = arrow.makeData({
    type: new arrow.Struct(schema.fields),
    length: rows,
    nullCount: 0,
    children,
  });
  return new arrow.Table(schema, rows === 0 ? [] : [new arrow.RecordBatch(schema, data)]);
}

/** One buffer for all vectors: Arrow's own builder takes them number by number. */
function vectorColumn(values: Column, type: FixedSizeList): Vector {
  const { listSize } = type;
  const numbers = new Float32Array(values.length * listSize);
  const valid = new Uint8Array(Math.ceil(values.length / 8));
  let nullCount = values.length;
  for (const [at, value] of values.entries()) {
    if (!(value instanceof Float32Array)) continue;
    if (value.length !== listSize)
      throw new RangeError(`A vector has ${value.length} numbers, not ${listSize}.`);
    numbers.set(value, at * listSize);
    valid[at >> 3] = (valid[at >> 3] ?? 0) | (1 << (at & 7));
    nullCount -= 1;
  }
  const child = arrow.makeData({
    type: new arrow.Float32(),
    length: numbers.length,
    nullCount: 0,
    data: numbers,
  });
  return arrow.makeVector(
    arrow.makeData({ type, length: values.length, nullCount, nullBitmap: valid, child }),
  );
}
