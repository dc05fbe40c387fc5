/** LanceDB as an engine, as the product asks it: its own dataset and its own searches. */
import type { EvidenceQuery, Index } from '../../../retrieve/index.js';
import { searchDocuments, searchSnippets } from '../../../retrieve/rank.js';
import type { Probe } from '../../../retrieve/search.js';
import type { Near } from '../scale-vectors.js';
import type { Engine, EngineQuery } from './engine.js';

export class LanceEngine implements Engine {
  constructor(
    private readonly index: Index,
    private readonly firstSnippet: Uint32Array,
  ) {}

  async byText({ semantic }: EngineQuery, count: number): Promise<Near[]> {
    return (await this.documents({ semantic }, count))[0] ?? [];
  }

  async byImage({ joint }: EngineQuery, count: number): Promise<Near[]> {
    return (await this.documents({ joint }, count))[0] ?? [];
  }

  async byWords({ text }: EngineQuery, count: number): Promise<Near[]> {
    return (await this.documents({ words: text }, count))[0] ?? [];
  }

  /** All ways that `probe` has, at the same time. */
  async documents(probe: Probe, count: number): Promise<Near[][]> {
    const found = await this.index.read('XR', (tables) =>
      searchDocuments(this.index, tables, { ...probe, pictures: [] }, this.#query(count)),
    );
    return found.rankings.map(({ hits }) =>
      hits.slice(0, count).map(({ key, score }) => ({ at: numberOf(key), score })),
    );
  }

  async inside({ semantic, joint }: EngineQuery, documents: number[], count: number): Promise<Near[][]> {
    return await this.snippets({ semantic, joint }, documents, count);
  }

  async insideByWords({ text }: EngineQuery, documents: number[], count: number): Promise<Near[]> {
    return (await this.snippets({ words: text }, documents, count))[0] ?? [];
  }

  async snippets(probe: Probe, documents: number[], count: number): Promise<Near[][]> {
    const ids = documents.map((n) => `scale-${n}`);
    const found = await this.index.read('XR', (tables) =>
      searchSnippets(this.index, tables, probe, this.#query(count), ids),
    );
    return found.rankings.map(({ hits }) =>
      hits.slice(0, count).map(({ key, score }) => ({
        at: (this.firstSnippet[numberOf(key)] ?? 0) + Number(key.slice(key.indexOf('#') + 1)),
        score,
      })),
    );
  }

  #query(_count: number): EvidenceQuery {
    return { modality: 'XR', text: '', findings: [] };
  }

  dispose(): void {}
}

/** Number of the document that a key or a snippet's key names. */
const numberOf = (key: string) => Number(/scale-(\d+)/.exec(key)?.[1]);
