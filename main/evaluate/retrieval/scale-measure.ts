/** The product's retrieval over the synthetic dataset: how long, and how near to exact search. */
import type { EvidenceQuery, Index, RetrievalParts, TextVectors } from '../../retrieve/index.js';
import { retrieveEvidence } from '../../retrieve/index.js';
import { type FoundDocuments, rankDocuments, searchDocuments, searchSnippets } from '../../retrieve/rank.js';
import { keyOf } from '../../retrieve/search.js';
import type { ScaleCorpus } from './scale-corpus.js';
import type { Seed } from './scale-seeds.js';
import { nearestOf, type ScaleVectors, type Space } from './scale-vectors.js';

export interface Latency {
  queries: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** CPU time a query, of all threads. */
  cpuMs: number;
}

/** Runs `ask` on every query, one after the other, and times it. */
export async function timeAll<Q>(
  queries: readonly Q[],
  ask: (query: Q) => Promise<unknown>,
): Promise<Latency> {
  const latencies: number[] = [];
  const before = process.cpuUsage();
  for (const query of queries) {
    const started = performance.now();
    await ask(query);
    latencies.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(before);
  return latencyOf(latencies, (user + system) / 1000);
}

export function latencyOf(latencies: readonly number[], cpuMs: number): Latency {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number) =>
    Number((sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0).toFixed(1));
  return {
    queries: sorted.length,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    cpuMs: Number((cpuMs / sorted.length).toFixed(1)),
  };
}

/** Held-out sentences as queries: their words and findings, and the joint vector of another sentence in the place of the images'. */
export const evidenceQueries = (asked: readonly Seed[], count: number): EvidenceQuery[] =>
  Array.from({ length: Math.min(count, asked.length) }, (_, n) => {
    const at = Math.floor((n * asked.length) / Math.min(count, asked.length));
    const seed = asked[at];
    return {
      modality: 'XR',
      text: seed?.text ?? '',
      findings: seed?.findings ?? [],
      joint: asked[(at + 1) % asked.length]?.joint,
      bodyRegion: seed?.bodyRegion,
    };
  });

export interface Recall {
  /** Of the 10 best documents by exact search, the share among the 10 first found: by text vector, by joint vector, fused with BM25. */
  documents: { text: number; image: number; fused: number };
  /** As above, of the snippets inside the documents that stage one found. */
  snippets: { text: number; image: number };
  /** Of the 10 best snippets of all, by text vector. */
  flat: number;
  queries: number;
  flatQueries: number;
}

const top = 10;
const flatQueries = 50;

/** Compares what the product finds with exact search over the same vectors. BM25 is exact by itself (it skips only what cannot win). */
export async function measureRecall(
  index: Index,
  corpus: ScaleCorpus,
  vectors: ScaleVectors,
  queries: readonly { query: EvidenceQuery; semantic: Float32Array }[],
): Promise<Recall> {
  const { settings } = index;
  const candidates = settings.documents.candidates;
  const semantic = queries.map((one) => one.semantic);
  const joint = queries.map(({ query }) => query.joint ?? new Float32Array(0));
  const byText = await vectors.documents.nearest(semantic, 'semantic', candidates);
  const byImage = await vectors.documents.nearest(joint, 'joint', candidates);
  const flat = await vectors.snippets.nearest(semantic.slice(0, flatQueries), 'semantic', top);
  const sums = { text: 0, image: 0, fused: 0, inText: 0, inImage: 0, flat: 0 };
  const parts: RetrievalParts = { ...allParts, adaptive: false };
  for (const [at, { query, semantic: own }] of queries.entries()) {
    const probe = { semantic: own, joint: query.joint, words: query.text, pictures: [] };
    const found = await index.read('XR', (tables) => searchDocuments(index, tables, probe, query));
    const idOf = ({ at: n }: { at: number }) => `scale-${n}`;
    const exact: FoundDocuments = { rows: new Map(), rankings: [] };
    for (const ranking of found.rankings) {
      const nearest = ranking.way === 'text' ? byText[at] : ranking.way === 'image' ? byImage[at] : undefined;
      const hits =
        nearest?.map((near) => ({ key: keyOf(index.id, idOf(near)), score: near.score })) ?? ranking.hits;
      exact.rankings.push({ ...ranking, hits });
      for (const { key } of hits)
        if (!exact.rows.has(key)) exact.rows.set(key, found.rows.get(key) ?? rowOf(corpus, index.id, key));
      if (ranking.way === 'text') sums.text += overlap(ranking.hits, hits);
      if (ranking.way === 'image') sums.image += overlap(ranking.hits, hits);
    }
    const wanted = { ...query, documents: top };
    const ranked = rankDocuments(settings, found, wanted, parts);
    sums.fused += overlap(ranked, rankDocuments(settings, exact, wanted, parts));

    const documents = ranked.slice(0, settings.documents.max).map(({ id }) => id);
    const inside = await index.read('XR', (tables) => searchSnippets(index, tables, probe, query, documents));
    for (const { way, hits } of inside.rankings) {
      if (way === 'text')
        sums.inText += overlap(hits, await exactInside(index.id, vectors, documents, 'semantic', own));
      if (way === 'image' && query.joint)
        sums.inImage += overlap(hits, await exactInside(index.id, vectors, documents, 'joint', query.joint));
    }
    const every = flat[at];
    if (every === undefined) continue;
    const all = await index.read('XR', (tables) =>
      searchSnippets(index, tables, { semantic: own }, query, undefined),
    );
    const expected = every.map((near) => ({ key: keyOf(index.id, snippetId(vectors, near.at)) }));
    sums.flat += overlap(all.rankings[0]?.hits ?? [], expected);
  }
  const share = (sum: number, of = queries.length) => Number((sum / of).toFixed(4));
  return {
    documents: { text: share(sums.text), image: share(sums.image), fused: share(sums.fused) },
    snippets: { text: share(sums.inText), image: share(sums.inImage) },
    flat: share(sums.flat, Math.min(flatQueries, queries.length)),
    queries: queries.length,
    flatQueries: Math.min(flatQueries, queries.length),
  };
}

const allParts: RetrievalParts = {
  text: true,
  image: true,
  picture: true,
  bm25: true,
  hierarchical: true,
  adaptive: true,
  feedback: true,
  entities: true,
};

/** Share of the first expected ones that are among the first found ones. */
function overlap(found: readonly { key: string }[], expected: readonly { key: string }[]): number {
  const first = new Set(found.slice(0, top).map(({ key }) => key));
  const wanted = expected.slice(0, top);
  return wanted.length === 0 ? 1 : wanted.filter(({ key }) => first.has(key)).length / wanted.length;
}

function rowOf(corpus: ScaleCorpus, dataset: string, key: string) {
  const id = key.slice(dataset.length + 1);
  const { title, bodyRegion, findings, semantic } = corpus.document(Number(id.replace('scale-', '')));
  const own = new Float32Array(semantic);
  return { id, title, bodyRegion, findings, topic: '', present: findings, semantic: own, dataset };
}

async function exactInside(
  dataset: string,
  { snippets, firstSnippet }: ScaleVectors,
  documents: readonly string[],
  space: Space,
  query: Float32Array,
): Promise<{ key: string }[]> {
  const hits: { key: string; score: number }[] = [];
  for (const id of documents) {
    const n = Number(id.replace('scale-', ''));
    const [start, end] = [firstSnippet[n] ?? 0, firstSnippet[n + 1] ?? 0];
    const best: { at: number; score: number }[] = [];
    nearestOf(query, await snippets.read(start, end, space), 0, end - start, best);
    for (const { at, score } of best) hits.push({ key: keyOf(dataset, `${id}#${at}`), score });
  }
  return hits.sort((a, b) => b.score - a.score).slice(0, top);
}

/** Id of the snippet at a place of the whole corpus. */
function snippetId({ firstSnippet }: ScaleVectors, at: number): string {
  let low = 0;
  let high = firstSnippet.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((firstSnippet[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return `scale-${low}#${at - (firstSnippet[low] ?? 0)}`;
}

/** Vectors of texts that were embedded once, to time retrieval without the encoder. */
export class KnownTexts {
  readonly #known = new Map<string, TextVectors>();

  constructor(private readonly embed: Index['embed']) {}

  readonly vectors: Index['embed'] = async (texts, options) => {
    const fresh = texts.filter((text) => !this.#known.has(text));
    if (fresh.length > 0)
      for (const [at, one] of (await this.embed(fresh, options)).entries())
        this.#known.set(fresh[at] ?? '', one);
    return texts.map((text) => this.#known.get(text)).filter((one) => one !== undefined);
  };

  forget(): void {
    this.#known.clear();
  }
}

/** Asks the product, all ways on. */
export const ask = (index: Index, hierarchical: boolean) => (query: EvidenceQuery) =>
  retrieveEvidence(index, { ...query, parts: { hierarchical } });
