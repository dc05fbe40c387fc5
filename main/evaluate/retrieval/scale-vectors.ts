/** The vectors of the synthetic corpus in plain files, for exact search and for the engines it is compared with. */
import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Index } from '../../retrieve/index.js';
import { rowsOf, valuesOf } from '../../retrieve/store/read-rows.js';

export const semanticWidth = 384;
export const jointWidth = 256;

/** A space of the vectors, and where it lies in a row: the semantic vector first, the joint one after it. */
export const spaces = {
  semantic: { start: 0, width: semanticWidth },
  joint: { start: semanticWidth, width: jointWidth },
} as const;
export type Space = keyof typeof spaces;

const rowWidth = semanticWidth + jointWidth;
const chunkRows = 4096;

export interface Near {
  /** Place of the row. */
  at: number;
  /** Cosine. */
  score: number;
}

/** Rows of both vectors in a file, in order. */
export class VectorFile {
  private constructor(
    private readonly file: FileHandle,
    readonly rows: number,
  ) {}

  static async open(path: string): Promise<VectorFile> {
    const file = await open(path);
    return new VectorFile(file, (await file.stat()).size / (4 * rowWidth));
  }

  /** The rows from `start` to `end` of one space, one after the other. */
  async read(start: number, end: number, space: Space): Promise<Float32Array> {
    const whole = Buffer.alloc((end - start) * rowWidth * 4);
    await this.file.read(whole, 0, whole.length, start * rowWidth * 4);
    const numbers = new Float32Array(whole.buffer, whole.byteOffset, whole.length / 4);
    const { start: first, width } = spaces[space];
    const own = new Float32Array((end - start) * width);
    for (let row = 0; row < end - start; row += 1)
      own.set(numbers.subarray(row * rowWidth + first, row * rowWidth + first + width), row * width);
    return own;
  }

  /** All rows of one space, in pieces. */
  async *pieces(space: Space): AsyncGenerator<{ start: number; vectors: Float32Array }> {
    for (let start = 0; start < this.rows; start += chunkRows)
      yield { start, vectors: await this.read(start, Math.min(this.rows, start + chunkRows), space) };
  }

  /** The `count` rows nearest to each query, best first, by comparing with every row. */
  async nearest(queries: readonly Float32Array[], space: Space, count: number): Promise<Near[][]> {
    const found: Near[][] = queries.map(() => []);
    for await (const { start, vectors } of this.pieces(space))
      for (const [at, query] of queries.entries()) nearestOf(query, vectors, start, count, found[at] ?? []);
    return found;
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Puts the rows of `vectors` that belong among the `count` best into `best`. */
export function nearestOf(
  query: Float32Array,
  vectors: Float32Array,
  start: number,
  count: number,
  best: Near[],
): void {
  const width = query.length;
  let least = best.length < count ? -2 : (best.at(-1)?.score ?? -2);
  for (let from = 0, at = start; from < vectors.length; from += width, at += 1) {
    let score = 0;
    for (let i = 0; i < width; i += 1) score += (query[i] as number) * (vectors[from + i] as number);
    if (score <= least) continue;
    let place = best.length;
    while (place > 0 && (best[place - 1]?.score ?? 2) < score) place -= 1;
    best.splice(place, 0, { at, score });
    if (best.length > count) best.pop();
    if (best.length === count) least = best.at(-1)?.score ?? -2;
  }
}

export interface ScaleVectors {
  documents: VectorFile;
  snippets: VectorFile;
  /** Place of the first snippet of each document; one more at the end. */
  firstSnippet: Uint32Array;
}

/**
 * Opens the vectors of a dataset in `folder`, and copies them out of its tables first where they are not there: where two texts are the
 * same they have one vector, which need not be the one that was drawn.
 */
export async function openVectors(
  folder: string,
  index: Index,
  count: number,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
): Promise<ScaleVectors> {
  const files = { documents: join(folder, 'documents.f32'), snippets: join(folder, 'snippets.f32') };
  const places = join(folder, 'snippets.u32');
  if (!existsSync(places)) {
    const first = new Uint32Array(count + 1);
    await index.read('XR', async (tables) => {
      for await (const batch of tables.snippets.query().select(['id']))
        for (const id of Ids.parse(valuesOf(batch.getChild('id')))) {
          const { document } = placeOf(id);
          first[document + 1] = (first[document + 1] ?? 0) + 1;
        }
      for (let n = 0; n < count; n += 1) first[n + 1] = (first[n + 1] ?? 0) + (first[n] ?? 0);
      for (const kind of ['documents', 'snippets'] as const) {
        const file = await open(files[kind], 'w');
        let done = 0;
        for await (const batch of tables[kind].query().select(['id', 'semantic', 'joint'])) {
          signal?.throwIfAborted();
          const rowAt = rowsOf(VectorRow, { batches: [batch] });
          for (let row = 0; row < batch.numRows; row += 1) {
            const { id, semantic, joint } = rowAt(row);
            const { document, ordinal } = placeOf(id);
            const at = kind === 'documents' ? document : (first[document] ?? 0) + ordinal;
            await file.write(asRows([{ semantic, joint }]), 0, rowWidth * 4, at * rowWidth * 4);
          }
          done += batch.numRows;
          onProgress?.(done, count);
        }
        await file.close();
      }
    });
    await writeFile(`${places}.part`, first);
    await rename(`${places}.part`, places);
  }
  const bytes = await readFile(places);
  return {
    documents: await VectorFile.open(files.documents),
    snippets: await VectorFile.open(files.snippets),
    firstSnippet: new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4),
  };
}

const Ids = z.array(z.string());
const Numbers = z.instanceof(Float32Array);
const VectorRow = z.object({ id: z.string(), semantic: Numbers, joint: Numbers });

function placeOf(id: string): { document: number; ordinal: number } {
  const [, document, ordinal] = /^scale-(\d+)(?:#(\d+))?$/.exec(id) ?? [];
  return { document: Number(document), ordinal: Number(ordinal ?? 0) };
}

function asRows(of: readonly { semantic: Float32Array; joint: Float32Array }[]): Uint8Array {
  const rows = new Float32Array(of.length * rowWidth);
  for (const [at, { semantic, joint }] of of.entries()) {
    rows.set(semantic, at * rowWidth);
    rows.set(joint, at * rowWidth + semanticWidth);
  }
  return new Uint8Array(rows.buffer);
}
