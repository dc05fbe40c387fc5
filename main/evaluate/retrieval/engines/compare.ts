/** The same two stages in every engine: documents by both vectors and words, then the snippets of the eight best by all three. */
import type { EvidenceQuery, Index } from '../../../retrieve/index.js';
import { type Latency, latencyOf } from '../scale-measure.js';
import type { Near } from '../scale-vectors.js';
import type { Engine, EngineParts, EngineQuery } from './engine.js';
import { LanceEngine } from './lance-engine.js';
import { openSqlite } from './sqlite-engine.js';
import { openUsearch } from './usearch-engine.js';

/** Rows that each way proposes in each stage. */
const candidates = { documents: 24, snippets: 32 };
const keptDocuments = 8;
const top = 10;

export interface EngineFigures {
  name: string;
  bothStages: Latency;
  /** p95 in milliseconds of each step by itself. */
  p95Ms: Record<'byText' | 'byImage' | 'byWords' | 'inside' | 'insideByWords', number>;
  recall: { text: number; image: number };
  buildSeconds: number;
  bytes: number;
}

export async function compareEngines({
  index,
  probes,
  ...parts
}: EngineParts & {
  index: Index;
  probes: readonly { query: EvidenceQuery; semantic: Float32Array }[];
}): Promise<EngineFigures[]> {
  const queries = probes.map(({ query, semantic }) => ({
    ...{ text: query.text, semantic },
    joint: query.joint ?? new Float32Array(0),
  }));
  const exact = {
    text: await parts.vectors.documents.nearest(
      queries.map(({ semantic }) => semantic),
      'semantic',
      top,
    ),
    image: await parts.vectors.documents.nearest(
      queries.map(({ joint }) => joint),
      'joint',
      top,
    ),
  };
  const figures: EngineFigures[] = [];
  const measure = async (name: string, engine: Engine, made: { buildSeconds: number; bytes: number }) => {
    parts.onProgress?.(name, 0, 1);
    figures.push({ name, ...(await measureEngine(engine, queries, exact)), ...made });
  };
  const lance = new LanceEngine(index, parts.vectors.firstSnippet);
  await measure('LanceDB (the product)', lance, { buildSeconds: 0, bytes: 0 });
  const sqlite = await openSqlite(parts);
  if (sqlite === undefined)
    parts.onProgress?.('sqlite-vec is not installed: npm install --include=dev', 1, 1);
  else {
    await measure('sqlite-vec and FTS5', sqlite.engine, sqlite);
    const usearch = await openUsearch(parts, sqlite.engine);
    if (usearch === undefined)
      parts.onProgress?.('usearch is not installed: npm install --include=dev', 1, 1);
    else await measure('USearch and FTS5', usearch.engine, usearch);
    await sqlite.engine.dispose();
  }
  return figures;
}

async function measureEngine(
  engine: Engine,
  queries: readonly EngineQuery[],
  exact: Record<'text' | 'image', Near[][]>,
): Promise<Pick<EngineFigures, 'bothStages' | 'p95Ms' | 'recall'>> {
  const steps = { byText: [], byImage: [], byWords: [], inside: [], insideByWords: [] } as Record<
    keyof EngineFigures['p95Ms'],
    number[]
  >;
  const both: number[] = [];
  const recall = { text: 0, image: 0 };
  let cpu = process.cpuUsage();
  // The first round warms the caches, the second is timed as a whole, the third step by step.
  for (const round of ['warm', 'both', 'steps'] as const) {
    if (round === 'both') cpu = process.cpuUsage();
    for (const [at, query] of queries.entries()) {
      if (round !== 'steps') {
        const started = performance.now();
        await bothStages(engine, query);
        if (round === 'both') both.push(performance.now() - started);
        continue;
      }
      const timed = async <T>(step: keyof typeof steps, work: () => T | Promise<T>): Promise<T> => {
        const started = performance.now();
        const result = await work();
        steps[step].push(performance.now() - started);
        return result;
      };
      const text = await timed('byText', () => engine.byText(query, candidates.documents));
      const image = await timed('byImage', () => engine.byImage(query, candidates.documents));
      const words = await timed('byWords', () => engine.byWords(query, candidates.documents));
      const documents = fused([text, image, words]);
      await timed('inside', () => engine.inside(query, documents, candidates.snippets));
      await timed('insideByWords', () => engine.insideByWords(query, documents, candidates.snippets));
      recall.text += overlap(text, exact.text[at] ?? []);
      recall.image += overlap(image, exact.image[at] ?? []);
    }
    if (round === 'both') {
      const { user, system } = process.cpuUsage(cpu);
      cpu = { user, system };
    }
  }
  const p95 = (step: keyof typeof steps) => latencyOf(steps[step], 0).p95Ms;
  return {
    bothStages: latencyOf(both, (cpu.user + cpu.system) / 1000),
    p95Ms: {
      ...{ byText: p95('byText'), byImage: p95('byImage'), byWords: p95('byWords') },
      ...{ inside: p95('inside'), insideByWords: p95('insideByWords') },
    },
    recall: {
      text: Number((recall.text / queries.length).toFixed(4)),
      image: Number((recall.image / queries.length).toFixed(4)),
    },
  };
}

/** Both stages, each way at the same time where the engine can. */
async function bothStages(engine: Engine, query: EngineQuery): Promise<Near[][]> {
  if (engine instanceof LanceEngine) {
    const { text: words, semantic, joint } = query;
    const found = await engine.documents({ semantic, joint, words }, candidates.documents);
    return await engine.snippets({ semantic, joint, words }, fused(found), candidates.snippets);
  }
  const documents = fused(
    await Promise.all([
      engine.byText(query, candidates.documents),
      engine.byImage(query, candidates.documents),
      engine.byWords(query, candidates.documents),
    ]),
  );
  const [vectors, words] = await Promise.all([
    engine.inside(query, documents, candidates.snippets),
    engine.insideByWords(query, documents, candidates.snippets),
  ]);
  return [...vectors, words];
}

/** The best documents of several rankings by reciprocal rank (Cormack, Clarke and Büttcher, SIGIR 2009). */
function fused(rankings: readonly Near[][]): number[] {
  const sums = new Map<number, number>();
  for (const ranking of rankings)
    for (const [rank, { at }] of ranking.entries()) sums.set(at, (sums.get(at) ?? 0) + 1 / (60 + rank));
  return [...sums]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, keptDocuments)
    .map(([at]) => at);
}

const overlap = (found: readonly Near[], expected: readonly Near[]) =>
  expected.filter(({ at }) => found.slice(0, top).some((one) => one.at === at)).length /
  Math.max(1, expected.length);

export const engineLines = (figures: readonly EngineFigures[]): string[] => [
  '| engine, both stages | p50 ms | p95 ms | p99 ms | CPU ms | recall@10 text, joint | p95 ms by text, joint, words, inside, words inside | built in s | GB |',
  '|---|---|---|---|---|---|---|---|---|',
  ...figures.map(
    ({ name, bothStages: b, p95Ms: s, recall, buildSeconds, bytes }) =>
      `| ${name} | ${b.p50Ms} | ${b.p95Ms} | ${b.p99Ms} | ${b.cpuMs} | ${recall.text}, ${recall.image} | ${s.byText}, ${s.byImage}, ${s.byWords}, ${s.inside}, ${s.insideByWords} | ${buildSeconds ? Math.round(buildSeconds) : '–'} | ${bytes ? (bytes / 1e9).toFixed(2) : '–'} |`,
  ),
];
