import type { Table } from '@lancedb/lancedb';
import type { Table as ArrowTable } from 'apache-arrow';
import { z } from 'zod';
import { DocumentRow } from '../rows.js';
import { rowsOf, valuesOf } from './read-rows.js';

/** A larger table would take too much memory: some 500 bytes a document. */
const mostHeld = 200_000;

const Held = DocumentRow.omit({ semantic: true });
const RowIds = z.array(z.bigint());
const Hit = z.object({ _rowid: z.bigint(), semantic: DocumentRow.shape.semantic });

type Held = z.output<typeof Held>;
type HeldAt = ((rowId: bigint) => Held) | undefined;

/**
 * What ranking goes by of all documents of a table but for their vectors, in memory: reading it for each row that a search finds takes longer
 * than the search. A row id (`_rowid`) names the same row in all versions of a table, so what has been read is never wrong; it is read anew with
 * each version, 100,000 documents in 0.1 s on an idle machine.
 */
export class HeldDocuments {
  #held: { version: number; at: Promise<HeldAt> } | undefined;

  constructor(private readonly table: Table) {}

  /**
   * Rows of which a search reads the vectors only; undefined where the table is too large. A row that was written since throws RangeError: the
   * search is to be repeated on a table opened anew.
   */
  async source() {
    const version = await this.table.version();
    if (this.#held?.version !== version) this.#held = { version, at: this.#read() };
    const { at } = this.#held;
    // A failure must not be kept.
    at.catch(() => {
      if (this.#held?.at === at) this.#held = undefined;
    });
    const heldAt = await at;
    if (heldAt === undefined) return undefined;
    return {
      columns: Object.keys(Hit.shape),
      rowsOf: (read: ArrowTable) => {
        const hitAt = rowsOf(Hit, read);
        return (place: number): DocumentRow => {
          const { _rowid, semantic } = hitAt(place);
          return { ...heldAt(_rowid), semantic };
        };
      },
    };
  }

  async #read(): Promise<HeldAt> {
    if ((await this.table.countRows()) > mostHeld) return undefined;
    const columns = ['_rowid', ...Object.keys(Held.shape)];
    const read = await this.table.query().select(columns).toArrow();
    const rowAt = rowsOf(Held, read);
    const ids = RowIds.parse(valuesOf(read.getChild('_rowid')));
    const places = new Map(ids.map((id, at) => [id, at]));
    return (id) => rowAt(places.get(id) ?? ids.length);
  }
}
