/**
 * The set `scale`: 100,000 documents and about 1,000,000 snippets in one dataset of the product. How long both stages take, how near they
 * come to exact search, what it costs in memory and on disk; flat against hierarchical; and other engines on the same vectors and queries.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { embedTexts } from '../../encode/index.js';
import { type EvidenceQuery, type Index, retrieveEvidence } from '../../retrieve/index.js';
import { compareEngines, engineLines } from './engines/compare.js';
import { ScaleCorpus } from './scale-corpus.js';
import { openScaleDataset } from './scale-dataset.js';
import {
  evidenceQueries,
  KnownTexts,
  type Latency,
  measureRecall,
  type Recall,
  timeAll,
} from './scale-measure.js';
import { readSeeds } from './scale-seeds.js';
import { openVectors } from './scale-vectors.js';
import type { BenchParts, BenchResult, BenchSet } from './set.js';

const documents = 100_000;
const mostQueries = 200;
const queriesWithEncoder = 100;

/** Data is made once in the folder `scale` of `out`, and used again; `limit` is that of the queries. */
export const measureScale: BenchSet = (parts) => withDataset(parts, documents, measureProduct);

/** The same data and queries in the product and in other engines, one after the other. */
export const measureEngines: BenchSet = (parts) =>
  withDataset(parts, documents, async ({ own, corpus, vectors, index, probes, signal, onProgress }) => {
    const engines = await compareEngines({ folder: own, corpus, vectors, index, probes, signal, onProgress });
    return { metrics: { engines }, lines: engineLines(engines) };
  });

interface Opened extends Pick<BenchParts, 'signal' | 'onProgress'> {
  own: string;
  corpus: ScaleCorpus;
  known: KnownTexts;
  vectors: Awaited<ReturnType<typeof openVectors>>;
  index: Index;
  made: Awaited<ReturnType<typeof openScaleDataset>>['made'];
  probes: { query: EvidenceQuery; semantic: Float32Array }[];
}

/** Opens the dataset of so many documents, makes it where it is not there, and hands it to `use` with the queries. */
export async function withDataset(
  parts: BenchParts,
  count: number,
  use: (opened: Opened) => Promise<BenchResult>,
): Promise<BenchResult> {
  const { signal, onProgress } = parts;
  const pack = await parts.pack();
  const embed: KnownTexts['vectors'] = (texts, options) =>
    embedTexts(pack, texts, { ...options, states: false });
  const folder = join(parts.out, 'scale');
  const own = join(folder, `${count}`);
  await mkdir(folder, { recursive: true });
  const seeds = await readSeeds({ knowledge: parts.documentsFolder, data: parts.data }, embed, folder, {
    signal,
    onProgress: (done, total) => onProgress?.('Embedding real sentences', done, total),
  });
  const corpus = new ScaleCorpus(seeds.drawn);
  const known = new KnownTexts(embed);
  const { library, index, made } = await openScaleDataset(own, corpus, count, {
    embed: known.vectors,
    signal,
    onProgress: (done, total) => onProgress?.('Writing the dataset', done, total),
  });
  try {
    const vectors = await openVectors(own, index, count, {
      signal,
      onProgress: (done, total) => onProgress?.('Writing the vectors', done, total),
    });
    const queries = evidenceQueries(seeds.asked, Math.min(mostQueries, parts.limit ?? mostQueries));
    const probes: Opened['probes'] = [];
    for (const query of queries) {
      const [vector] = await known.vectors([query.text], { signal });
      probes.push({ query, semantic: vector?.semantic ?? new Float32Array(0) });
    }
    const result = await use({ own, corpus, known, vectors, index, made, probes, signal, onProgress });
    await vectors.documents.close();
    await vectors.snippets.close();
    return result;
  } finally {
    await library.dispose();
  }
}

async function measureProduct(opened: Opened): Promise<BenchResult> {
  const { own, corpus, known, vectors, index, made, probes, signal, onProgress } = opened;
  const queries = probes.map(({ query }) => query);
  const ask = (hierarchical: boolean) => async (query: EvidenceQuery) =>
    void (await retrieveEvidence(index, { ...query, parts: { hierarchical } }, { signal }));

  onProgress?.('Measuring the product', 0, 4);
  const rssBefore = process.memoryUsage.rss();
  // Warms every cache.
  await timeAll(queries, ask(true));
  const withFindings = await timeAll(queries, ask(true));
  const bare = queries.map((query) => ({ ...query, findings: [] }));
  await timeAll(bare, ask(true));
  const twoStages = await timeAll(bare, ask(true));
  const rss = process.memoryUsage.rss();
  onProgress?.('Measuring the product', 1, 4);
  await timeAll(queries.slice(0, 20), ask(false));
  const flat = await timeAll(queries, ask(false));
  onProgress?.('Measuring the product', 2, 4);
  const withEncoder = await timeAll(queries.slice(0, queriesWithEncoder), async (query) => {
    known.forget();
    await ask(true)(query);
  });
  onProgress?.('Measuring the product', 3, 4);
  const recall = await measureRecall(index, corpus, vectors, probes);
  const size = {
    ...made,
    bytes: await bytesOf(join(own, 'library', index.id)),
    rssMb: Math.round(rss / 1e6),
    rssOfIndexMb: Math.round((rss - rssBefore) / 1e6),
  };
  const product = { twoStages, withFindings, withEncoder, flat };
  return { metrics: { size, product, recall }, lines: productLines(size, product, recall) };
}

function productLines(
  size: {
    documents: number;
    snippets: number;
    bytes: number;
    rssMb: number;
    writeSeconds: number;
    finishSeconds: number;
  },
  product: Record<'twoStages' | 'withFindings' | 'withEncoder' | 'flat', Latency>,
  recall: Recall,
): string[] {
  const row = (name: string, { queries, p50Ms, p95Ms, p99Ms, cpuMs }: Latency) =>
    `| ${name} | ${queries} | ${p50Ms} | ${p95Ms} | ${p99Ms} | ${cpuMs} |`;
  return [
    `${size.documents} documents, ${size.snippets} snippets; ${(size.bytes / 1e9).toFixed(2)} GB on disk; written in ${Math.round(size.writeSeconds)} s, finished in ${Math.round(size.finishSeconds)} s; resident ${size.rssMb} MB`,
    '',
    '| retrieval, warm | queries | p50 ms | p95 ms | p99 ms | CPU ms |',
    '|---|---|---|---|---|---|',
    row('both stages', product.twoStages),
    row('both stages, findings covered', product.withFindings),
    row('the same, text encoder included', product.withEncoder),
    row('flat, findings covered', product.flat),
    '',
    '| recall@10 against exact search | text vector | joint vector | fused |',
    '|---|---|---|---|',
    `| documents | ${recall.documents.text} | ${recall.documents.image} | ${recall.documents.fused} |`,
    `| snippets inside them | ${recall.snippets.text} | ${recall.snippets.image} | |`,
    `| snippets, flat | ${recall.flat} | | |`,
  ];
}

async function bytesOf(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  let sum = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) sum += (await stat(join(entry.parentPath, entry.name))).size;
  return sum;
}
