/** USearch as an engine: an HNSW graph a vector in memory (half precision); snippets are compared one by one; words are left to FTS5 of SQLite. */
import { existsSync } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Near, nearestOf, type Space, spaces } from '../scale-vectors.js';
import { type Engine, type EngineParts, type EngineQuery, type OpenedEngine, optional } from './engine.js';

interface Graph {
  add(keys: BigUint64Array, vectors: Float32Array, threads: number): void;
  search(
    vector: Float32Array,
    count: number,
    threads: number,
  ): { keys: BigUint64Array; distances: Float32Array };
  save(path: string): void;
  load(path: string): void;
}

interface Usearch {
  Index: new (options: {
    dimensions: number;
    metric: string;
    quantization: string;
    connectivity: number;
    expansion_add: number;
    expansion_search: number;
  }) => Graph;
}

/** Opens the graphs, and builds them where they are not there. Undefined where usearch is not installed. */
export async function openUsearch(
  parts: EngineParts,
  words: Pick<Engine, 'byWords' | 'insideByWords'>,
): Promise<OpenedEngine | undefined> {
  const usearch = await optional<Usearch>('usearch');
  if (usearch === undefined) return undefined;
  let seconds = 0;
  let size = 0;
  const open = async (space: Space): Promise<Graph> => {
    const graph = new usearch.Index({
      ...{ dimensions: spaces[space].width, metric: 'cos', quantization: 'f16' },
      // Twice the defaults: with them recall@10 stays below 0.95.
      ...{ connectivity: 16, expansion_add: 128, expansion_search: 128 },
    });
    const path = join(parts.folder, `usearch-${space}.graph`);
    if (!existsSync(path)) {
      const started = performance.now();
      for await (const { start, vectors } of parts.vectors.documents.pieces(space)) {
        parts.signal?.throwIfAborted();
        parts.onProgress?.(`Building USearch, ${space}`, start, parts.vectors.documents.rows);
        const keys = BigUint64Array.from({ length: vectors.length / spaces[space].width }, (_, at) =>
          BigInt(start + at),
        );
        graph.add(keys, vectors, 0);
      }
      graph.save(`${path}.part`);
      await rename(`${path}.part`, path);
      await writeFile(`${path}.seconds`, `${(performance.now() - started) / 1000}`);
    } else graph.load(path);
    seconds += Number(await readFile(`${path}.seconds`, 'utf8').catch(() => '0'));
    size += (await stat(path)).size;
    return graph;
  };
  const graphs = { semantic: await open('semantic'), joint: await open('joint') };
  return { engine: new UsearchEngine(graphs, parts, words), buildSeconds: seconds, bytes: size };
}

class UsearchEngine implements Engine {
  constructor(
    private readonly graphs: Record<Space, Graph>,
    private readonly parts: EngineParts,
    private readonly words: Pick<Engine, 'byWords' | 'insideByWords'>,
  ) {}

  byText({ semantic }: EngineQuery, count: number): Near[] {
    return this.#nearest('semantic', semantic, count);
  }

  byImage({ joint }: EngineQuery, count: number): Near[] {
    return this.#nearest('joint', joint, count);
  }

  #nearest(space: Space, vector: Float32Array, count: number): Near[] {
    const { keys, distances } = this.graphs[space].search(vector, count, 1);
    return [...keys].map((key, at) => ({ at: Number(key), score: 1 - (distances[at] ?? 0) }));
  }

  byWords(query: EngineQuery, count: number) {
    return this.words.byWords(query, count);
  }

  async inside({ semantic, joint }: EngineQuery, documents: number[], count: number): Promise<Near[][]> {
    const { snippets, firstSnippet } = this.parts.vectors;
    const best: Record<Space, Near[]> = { semantic: [], joint: [] };
    for (const n of documents) {
      const [start, end] = [firstSnippet[n] ?? 0, firstSnippet[n + 1] ?? 0];
      nearestOf(semantic, await snippets.read(start, end, 'semantic'), start, count, best.semantic);
      nearestOf(joint, await snippets.read(start, end, 'joint'), start, count, best.joint);
    }
    return [best.semantic, best.joint];
  }

  insideByWords(query: EngineQuery, documents: number[], count: number) {
    return this.words.insideByWords(query, documents, count);
  }

  dispose(): void {}
}
