/**
 * Time of a warm two-stage query on the built-in knowledge base, with the real text encoder. Prints one line of JSON.
 *   npx tsx test/bench/retrieve-latency.ts [queries]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { embedTexts, openPack } from '../../main/encode/index.js';
import { findingIds, findingName } from '../../main/findings/vocabulary.js';
import { buildIndex, openIndex, retrieveEvidence } from '../../main/retrieve/index.js';
import { factsOf } from '../../main/retrieve/store/facts.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const queries = Number(process.argv[2] ?? 200);
const warmUp = 10;

const pack = await openPack(join(root, 'models/cxr'));
const folder = await mkdtemp(join(tmpdir(), 'wetread-bench-'));
const index = await openIndex(
  folder,
  (texts, options) => embedTexts(pack, texts, { ...options, states: false }),
  {
    embedder: pack.manifest.files['text-encoder.onnx']?.sha256 ?? pack.manifest.version,
  },
);
try {
  const started = performance.now();
  const { documents } = await buildIndex(index, join(root, 'indices'));
  const buildMs = performance.now() - started;
  const { modalities } = await factsOf(index);

  const vocabulary = [...findingIds];
  const latenciesMs: number[] = [];
  let snippets = 0;
  for (let turn = -warmUp; turn < queries; turn += 1) {
    // Three findings a study, a step that visits the whole vocabulary; the "image" is a sentence that names them.
    const findings = [0, 7, 13].map(
      (step) => vocabulary.at((Math.abs(turn) * 11 + step) % vocabulary.length) ?? 'nodule',
    );
    const text = `Shortness of breath, study ${turn}. ${findings.map(findingName).join(', ')}`;
    const [image] = await embedTexts(pack, [text], { states: false });
    const start = performance.now();
    const evidence = await retrieveEvidence(index, {
      modality: 'XR',
      text,
      findings,
      joint: image?.joint,
      bodyRegion: 'CHEST',
    });
    if (turn >= 0) latenciesMs.push(performance.now() - start);
    snippets += turn >= 0 ? evidence.snippets.length : 0;
  }
  latenciesMs.sort((a, b) => a - b);
  const percentile = (share: number) =>
    Number((latenciesMs[Math.floor(share * (queries - 1))] ?? 0).toFixed(1));
  console.log(
    JSON.stringify({
      queries,
      documents,
      snippets: modalities.reduce((sum, { snippets: count }) => sum + count, 0),
      indexBytes: modalities.reduce((sum, { bytes }) => sum + bytes, 0),
      buildMs: Math.round(buildMs),
      p50Ms: percentile(0.5),
      p95Ms: percentile(0.95),
      maxMs: percentile(1),
      snippetsPerQuery: Number((snippets / queries).toFixed(1)),
      rssMb: Math.round(process.memoryUsage.rss() / 1e6),
    }),
  );
} finally {
  await index.dispose();
  await pack.dispose();
  await rm(folder, { recursive: true, force: true });
}
