/** How much to read: the adaptive cut against a fixed number of snippets, by what a draft then cites. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { draftReport, evidenceQuery } from '../../draft/index.js';
import { encodeStudy } from '../../encode/index.js';
import { retrieveEvidence } from '../../retrieve/index.js';
import { resizeGrey } from '../../study/index.js';
import { interval } from '../bootstrap.js';
import { type CitationCounts, citationCounts, titled } from '../citations.js';
import { openImages, readStudies } from '../dataset.js';
import { SentenceEmbedder } from '../embedder.js';
import { openKnowledge } from '../knowledge.js';
import { readForModel } from '../look.js';
import { referenceOf } from '../reference.js';
import { contextCounts } from '../retriever.js';
import { codesOf } from './radiographs.js';
import type { BenchSet } from './set.js';

const cuts: readonly { name: string; limit?: number }[] = [
  { name: 'adaptive' },
  { name: 'fixed 4', limit: 4 },
  { name: 'fixed 8', limit: 8 },
  { name: 'fixed 12', limit: 12 },
];

/** What one study adds under one cut. */
interface Row {
  snippets: number;
  relevant: number;
  citations: CitationCounts;
}

/**
 * Drafts the studies of a split with the evidence of each cut (one question, none asked again) and counts what is cited. A snippet is
 * relevant when it speaks of a finding that the study is coded with or that its report denies.
 */
export const compareCuts: BenchSet = async (parts) => {
  const { signal, onProgress, onProblem, limit, documentsFolder, cacheFolder } = parts;
  const pack = await parts.pack();
  const folder = join(parts.data, 'iu_xray');
  const { studies } = await readStudies(folder);
  const wanted = parts.split === 'val' ? 'val' : 'extra';
  const records = studies
    .filter((study) => study.split === wanted && codesOf(study).size > 0)
    .slice(0, limit ?? (parts.split === 'val' ? undefined : 150));
  const index = await openKnowledge(pack, { documentsFolder, cacheFolder }, parts);
  const rows = new Map<string, Row[]>(cuts.map(({ name }) => [name, []]));
  try {
    const embedder = new SentenceEmbedder(pack);
    for (const [done, record] of records.entries()) {
      signal?.throwIfAborted();
      onProgress?.('Drafting with each cut', done, records.length);
      const { study, problems } = await openImages(folder, record, { signal });
      for (const { message } of problems) onProblem?.(message);
      if (!study) continue;
      const encoding = await encodeStudy(pack, study, readForModel, { signal, resize: resizeGrey });
      if (encoding.abstention) continue;
      const reference = referenceOf(record);
      for (const { name, limit: fixed } of cuts) {
        const query = {
          ...evidenceQuery(encoding, study),
          modality: 'XR' as const,
          filters: { kind: 'articles' as const },
          ...(fixed !== undefined && { limit: fixed, parts: { adaptive: false } }),
        };
        const evidence = await retrieveEvidence(index, query, { signal });
        const input = { study, pack, adapter: null, encoding, evidence, newId: randomUUID };
        const { sentences } = await draftReport(input, { signal });
        await embedder.add(
          sentences.flatMap(({ text, citations }) => [
            text,
            ...citations.flatMap((one) => [one.text, titled(one)]),
          ]),
          { signal },
        );
        const context = contextCounts(evidence.snippets.map(titled), codesOf(record), reference.sentences);
        rows.get(name)?.push({
          snippets: context.texts,
          relevant: context.relevant,
          citations: citationCounts(sentences, embedder.embedded),
        });
      }
    }
  } finally {
    await index.dispose();
  }
  return summary(rows);
};

type Counts = (row: Row) => readonly [part: number, whole: number];

const figures = {
  snippets: ({ snippets }: Row) => [snippets, 1],
  contextPrecision: ({ snippets, relevant }: Row) => [relevant, snippets],
  citationPrecision: ({ citations }: Row) => [citations.supportingWithTitle, citations.citations],
  citedSentences: ({ citations }: Row) => [citations.cited, citations.sentences],
} satisfies Record<string, Counts>;

const ratio = ([part = 0, whole = 0]: readonly number[]) => part / whole;

function summary(rows: ReadonlyMap<string, readonly Row[]>) {
  const adaptive = rows.get('adaptive') ?? [];
  const table = Object.fromEntries(
    [...rows].map(([name, list]) => [
      name,
      Object.fromEntries(
        Object.entries(figures).map(([figure, counts]: [string, Counts]) => {
          const own = list.map(counts);
          const paired = list.map((row, i) => {
            const other = adaptive[i];
            return other ? [...counts(other), ...counts(row)] : [];
          });
          const sums = own.reduce<[number, number]>(([a, b], [part, whole]) => [a + part, b + whole], [0, 0]);
          return [
            figure,
            {
              value: ratio(sums),
              interval: interval(own, ratio) ?? null,
              /** Adaptive minus this. */
              difference: interval(paired, ([a = 0, b = 0, c = 0, d = 0]) => a / b - c / d) ?? null,
            },
          ];
        }),
      ),
    ]),
  );
  const write = (ends: readonly number[] | null) =>
    ends ? ends.map((end) => end.toFixed(3)).join(' to ') : '–';
  const lines = [
    `Adaptive cut against a fixed number of snippets, ${adaptive.length} studies`,
    ...Object.entries(table).flatMap(([name, byFigure]) => [
      name,
      ...Object.entries(byFigure).map(
        ([figure, { value, interval: range, difference }]) =>
          `  ${figure.padEnd(18)} ${value.toFixed(3)} (${write(range)})${name === 'adaptive' ? '' : `; adaptive minus this: ${write(difference)}`}`,
      ),
    ]),
  ];
  return { metrics: { studies: adaptive.length, cuts: table }, lines };
}
