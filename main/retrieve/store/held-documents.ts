import type { Table } from '@lancedb/lancedb';
import type { Table as ArrowTable, RecordBatch } from 'apache-arrow';
import { z } from 'zod';
import { DocumentRow, OfDocument, OwnOfSnippet, type SnippetRow, snippetOf } from '../rows.js';
import { HeldVectors } from './held-vectors.js';
import { type RowSource, rowsOf, type VectorColumn, valuesOf } from './read-rows.js';
import { jointWidth, semanticWidth } from './schema.js';

/** A larger table would take too much memory: some 500 bytes a document, and 1,300 more for its vectors. */
const mostHeld = 200_000;

const Held = DocumentRow.omit({ semantic: true });
const RowIds = z.instanceof(BigUint64Array);
const Vector = DocumentRow.pick({ semantic: true });
const VectorsOrNull = z.array(z.instanceof(Float32Array).nullable());

type Held = z.output<typeof Held>;

interface HeldRows {
  /** Place of a row among those held. @throws RangeError for a row that was written since: the search is to be repeated on a table opened anew */
  placeOf(rowId: number): number;
  rowAt(place: number): Held;
  /** What the snippets of a document have of it; undefined where it is not there. */
  ofDocument(id: string): OfDocument | undefined;
  count: number;
  vectors?: Record<VectorColumn, HeldVectors>;
}

/**
 * What ranking goes by of all documents of a table, in memory: reading it for each row that a search finds takes longer than the search. A row
 * id (`_rowid`) names the same row in all versions of a table, so what has been read is never wrong; it is read anew with each version,
 * 100,000 documents in 0.1 s on an idle machine. Vectors of a table that has a vector index follow after it while searches go on without them.
 */
export class HeldDocuments {
  #held: { version: number; at: Promise<HeldRows | undefined> } | undefined;
  #readingVectors = false;

  /** @param indexedFrom - tables of more rows have a vector index; LanceDB compares smaller ones exactly as fast */
  constructor(
    private readonly table: Table,
    private readonly indexedFrom: number,
  ) {}

  /** Rows of which a search reads the row ids only, and the vectors until these are held; undefined where the table is too large. */
  async source(): Promise<RowSource<DocumentRow> | undefined> {
    const held = await this.#current();
    if (held === undefined) return undefined;
    if (held.count > this.indexedFrom && held.vectors === undefined) void this.#readVectors(held);
    return sourceOf(held);
  }

  /**
   * Snippets of which a search reads what is their own; undefined where the table is too large. They come after a search among documents, by
   * the version that it read.
   */
  async snippets(): Promise<RowSource<SnippetRow> | undefined> {
    const held = await (this.#held?.at ?? this.#current());
    return held === undefined ? undefined : snippetsOf(held);
  }

  async #current(): Promise<HeldRows | undefined> {
    const version = await this.table.version();
    if (this.#held?.version !== version) this.#held = { version, at: this.#readRows() };
    const { at } = this.#held;
    // A failure must not be kept.
    at.catch(() => {
      if (this.#held?.at === at) this.#held = undefined;
    });
    return await at;
  }

  async #readRows(): Promise<HeldRows | undefined> {
    if ((await this.table.countRows()) > mostHeld) return undefined;
    const columns = new Set(['_rowid', ...Object.keys(Held.shape), ...Object.keys(OfDocument.shape)]);
    const read = await this.table
      .query()
      .select([...columns])
      .toArrow();
    const rowAt = rowsOf(Held, read);
    const documentAt = rowsOf(OfDocument, read);
    const documents = new Map(valuesOf(read.getChild('id')).map((id, at) => [id, at]));
    const places = new Map(rowIdsIn(read).map((id, at) => [id, at]));
    const placeOf = (id: number) => {
      const place = places.get(id);
      if (place === undefined) throw new RangeError(`There is no row ${id}.`);
      return place;
    };
    const ofDocument = (id: string) => {
      const at = documents.get(id);
      return at === undefined ? undefined : documentAt(at);
    };
    return { placeOf, rowAt, ofDocument, count: read.numRows };
  }

  /** Once at a time. What fails is read when the next search comes; until then LanceDB reads vectors itself. */
  async #readVectors(held: HeldRows): Promise<void> {
    if (this.#readingVectors) return;
    this.#readingVectors = true;
    try {
      const semantic = await this.#vectorsOf(held, 'semantic');
      held.vectors = { semantic, joint: await this.#vectorsOf(held, 'joint') };
    } catch {
      // The table was closed or written anew meanwhile; a damaged one shows with the search itself.
    } finally {
      this.#readingVectors = false;
    }
  }

  async #vectorsOf(held: HeldRows, column: VectorColumn): Promise<HeldVectors> {
    const vectors = new HeldVectors(held.count, widths[column]);
    for await (const batch of this.table.query().select(['_rowid', column])) {
      const placeAt = placesIn(batch, held);
      const read = VectorsOrNull.parse(valuesOf(batch.getChild(column)));
      for (const [at, vector] of read.entries()) if (vector !== null) vectors.set(placeAt(at), vector);
    }
    return vectors;
  }
}

const widths: Record<VectorColumn, number> = { semantic: semanticWidth, joint: jointWidth };

/** Places among the rows held of the rows that were read. */
function placesIn(read: ArrowTable | RecordBatch, { placeOf }: HeldRows): (at: number) => number {
  const ids = rowIdsIn(read);
  return (at) => placeOf(ids[at] ?? Number.NaN);
}

/** Fragments are counted from 0 in the upper half of a row id, so that it is far below 2^53. */
function rowIdsIn(read: ArrowTable | RecordBatch): number[] {
  const column = read.getChild('_rowid');
  return column === null || column.length === 0 ? [] : Array.from(RowIds.parse(column.toArray()), Number);
}

function sourceOf(held: HeldRows): RowSource<DocumentRow> {
  const { rowAt, vectors } = held;
  if (vectors === undefined)
    return {
      columns: ['_rowid', 'semantic'],
      key: '_rowid',
      rowsOf: (read) => {
        const placeAt = placesIn(read, held);
        const vectorAt = rowsOf(Vector, read);
        return (at) => ({ ...rowAt(placeAt(at)), ...vectorAt(at) });
      },
    };
  // A row that two ways find is taken out once.
  const rows = new Map<number, DocumentRow>();
  const vectorAt = vectors.semantic.reader();
  return {
    columns: ['_rowid'],
    key: '_rowid',
    rowsOf: (read) => {
      const placeAt = placesIn(read, held);
      return (at) => {
        const place = placeAt(at);
        const row = rows.get(place) ?? { ...rowAt(place), semantic: vectorAt(place) };
        rows.set(place, row);
        return row;
      };
    },
    cosines: (read, column, query) => {
      const placeAt = placesIn(read, held);
      return Array.from({ length: read.numRows }, (_, at) => vectors[column].cosine(query, placeAt(at)));
    },
  };
}

function snippetsOf({ ofDocument }: HeldRows): RowSource<SnippetRow> {
  const known = new Map<string, OfDocument>();
  return {
    columns: Object.keys(OwnOfSnippet.shape),
    key: '_rowid',
    rowsOf: (read) => {
      const ownAt = rowsOf(OwnOfSnippet, read);
      return (at) => {
        const own = ownAt(at);
        const document = known.get(own.document) ?? ofDocument(own.document);
        if (document === undefined) return undefined;
        known.set(own.document, document);
        return snippetOf(document, own);
      };
    },
  };
}
