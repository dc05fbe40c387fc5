/** A digest over the rows of a dataset: the same wherever its rows are the same, however they are ordered and stored. */
import { createHash, hash } from 'node:crypto';
import type { Table } from '@lancedb/lancedb';
import type { Data, RecordBatch } from 'apache-arrow';
import { IndexModality } from '../../../preload/values.js';
import { arrow } from './arrow.js';
import { tableKinds, tableName } from './schema.js';
import type { OnProgress } from './writer.js';

export interface DigestParts {
  /** A table by name, to be closed after it was read; undefined where there is none. */
  open: (name: string) => Promise<Table | undefined>;
  /** Runs each request, with its time limit and its errors. */
  within: <T>(request: Promise<T>) => Promise<T>;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/**
 * SHA-256, in hexadecimal, over every value of every column of all tables that a copy takes over. A row is hashed column by column in the order of
 * their names, each value with its length; the rows of a table in the order of their hashes; the tables that have rows in the order of their
 * names. Keeps some 50 bytes a row of one table at a time.
 */
export async function rowsDigest({ open, within, signal, onProgress }: DigestParts): Promise<string> {
  const names = IndexModality.options
    .flatMap((modality) => tableKinds.map((kind) => tableName(modality, kind)))
    .sort();
  const whole = createHash('sha256');
  for (const [done, name] of names.entries()) {
    onProgress?.({ label: 'Checking', done, total: names.length });
    const table = await within(open(name));
    if (table === undefined) continue;
    try {
      const rows = await digestsOf(table, within, signal);
      if (rows.length === 0) continue;
      const own = createHash('sha256');
      for (const row of rows.sort()) own.update(row, 'latin1');
      whole.update(`${name} ${rows.length} ${own.digest('hex')}\n`);
    } finally {
      table.close();
    }
  }
  return whole.digest('hex');
}

/** The hash of each row, its bytes as characters: strings sort by themselves, and are the smallest thing that does. */
async function digestsOf(
  table: Table,
  within: DigestParts['within'],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const digests: string[] = [];
  const row = new RowBytes();
  const batches = table.query()[Symbol.asyncIterator]();
  for (;;) {
    signal?.throwIfAborted();
    const { done, value: batch } = await within(batches.next());
    if (done) return digests;
    const columns = columnsOf(batch);
    for (let at = 0; at < batch.numRows; at += 1) {
      row.clear();
      for (const put of columns) put(at, row);
      digests.push(row.digest());
    }
  }
}

type Put = (at: number, row: RowBytes) => void;

function columnsOf(batch: RecordBatch): Put[] {
  return batch.schema.fields
    .map(({ name }, place) => ({ name, place }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, place }) => {
      const own = Buffer.from(name);
      const data = batch.data.children[place];
      if (data === undefined) throw new TypeError(`The column ${name} has no data.`);
      const put = putterOf(data);
      return (at, row) => {
        row.put(own);
        put(at, row);
      };
    });
}

/** How the values of a column are put: by their bytes as Arrow holds them, since making strings of them took most of the time. */
function putterOf(data: Data): Put {
  const put = valuePutterOf(data);
  return (at, row) => {
    if (data.getValid(at)) put(at, row);
    else row.putLength(absent);
  };
}

/** In the place of a length: there is no value. */
const absent = 0xffffffff;

function valuePutterOf({ type, values, valueOffsets: offsets, children: [child] }: Data): Put {
  const { DataType } = arrow;
  if (DataType.isUtf8(type) || DataType.isBinary(type))
    return (at, row) => row.put(values.subarray(offsets[at], offsets[at + 1]));
  if (DataType.isInt(type) || DataType.isFloat(type))
    return (at, row) => row.put(bytesOf(values.subarray(at, at + 1)));
  if (child !== undefined && DataType.isFixedSizeList(type) && DataType.isFloat(child.type))
    return (at, row) => row.put(bytesOf(child.values.subarray(at * type.listSize, (at + 1) * type.listSize)));
  if (child !== undefined && DataType.isList(type)) {
    const putItem = putterOf(child);
    return (at, row) => {
      const [from = 0, to = 0] = offsets.subarray(at, at + 2);
      row.putLength(to - from);
      for (let item = from; item < to; item += 1) putItem(item, row);
    };
  }
  throw new TypeError(`Columns of the type ${type} are not part of a dataset.`);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The bytes of one row, gathered to be hashed at once: one call a value took twice as long. */
class RowBytes {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #end = 0;

  clear(): void {
    this.#end = 0;
  }

  putLength(length: number): void {
    this.#reserve(4);
    this.#end = this.#bytes.writeUInt32LE(length, this.#end);
  }

  put(value: Uint8Array): void {
    this.putLength(value.byteLength);
    this.#reserve(value.byteLength);
    this.#bytes.set(value, this.#end);
    this.#end += value.byteLength;
  }

  digest(): string {
    return hash('sha256', this.#bytes.subarray(0, this.#end), 'binary');
  }

  #reserve(count: number): void {
    if (this.#end + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#end + count));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}
