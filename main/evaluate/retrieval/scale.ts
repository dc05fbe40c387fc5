/**
 * The set `scale`: 100,000 documents and about 1,000,000 snippets in one dataset of the product. How long both stages take, how near they
 * come to exact search, what it costs in memory and on disk; flat against hierarchical; and other engines on the same vectors and queries.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { embedTexts } from '../../encode/index.js';
import { retrieveEvidence } from '../../retrieve/index.js';
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
export const measureScale: BenchSet = (parts) => measure(parts, documents);

/** As `measureScale`, with as many documents as wanted. */
export async function measure(parts: BenchParts, count: number): Promise<BenchResult> {
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
    const ask = (hierarchical: boolean) => async (query: (typeof queries)[number]) =>
      void (await retrieveEvidence(index, { ...query, parts: { hierarchical } }, { signal }));

    onProgress?.('Measuring the product', 0, 4);
    const rssBefore = process.memoryUsage.rss();
    // Warms every cache, and embeds every query.
    await timeAll(queries, ask(true));
    const hierarchical = await timeAll(queries, ask(true));
    const bare = queries.map((query) => ({ ...query, findings: [] }));
    await timeAll(bare, ask(true));
    const twoStages = await timeAll(bare, ask(true));
    const rss = process.memoryUsage.rss();
    onProgress?.('Measuring the product', 1, 4);
    await timeAll(queries.slice(0, 20), ask(false));
    const flat = await timeAll(queries, ask(false));
    onProgress?.('Measuring the product', 2, 4);
    const some = queries.slice(0, queriesWithEncoder);
    const withEncoder = await timeAll(some, async (query) => {
      known.forget();
      await ask(true)(query);
    });
    onProgress?.('Measuring the product', 3, 4);
    const probes = await Promise.all(
      queries.map(async (query) => {
        const [vector] = await known.vectors([query.text], { signal });
        return { query, semantic: vector?.semantic ?? new Float32Array(0) };
      }),
    );
    const recall = await measureRecall(index, corpus, vectors, probes);
    const size = {
      ...made,
      bytes: await bytesOf(join(own, 'library', index.id)),
      rssMb: Math.round(rss / 1e6),
      rssOfIndexMb: Math.round((rss - rssBefore) / 1e6),
    };
    const product = { twoStages, withFindings: hierarchical, withEncoder, flat };
    const engines = await compareEngines({ folder: own, corpus, vectors, index, probes, signal, onProgress });
    await vectors.documents.close();
    await vectors.snippets.close();
    return {
      metrics: { size, product, recall, engines },
      lines: [...productLines(size, product, recall), '', ...engineLines(engines)],
    };
  } finally {
    await library.dispose();
  }
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
