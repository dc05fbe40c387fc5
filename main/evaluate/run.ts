/** A measurement from beginning to end: folders in, drafts and figures out. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pack } from '../encode/index.js';
import { toWetreadError, WetreadError } from '../error.js';
import type { ClinicalCounts } from './clinical.js';
import { isCoded, isNormal } from './coding.js';
import { bestConstant } from './constant.js';
import { corpusOf, openCases } from './corpus.js';
import { curveOf } from './curve.js';
import { type ReportedStudy, readStudies } from './dataset.js';
import { draftAll, warmUp } from './draft-all.js';
import type { Images, SystemDraft, SystemName } from './drafts.js';
import { SentenceEmbedder } from './embedder.js';
import { openKnowledge } from './knowledge.js';
import { openStudy } from './look.js';
import type { EvaluateEvents, Measured } from './measured.js';
import { comparisonsOf, followUpsOf, hashOf, type Metrics, referenceScore, retrieverOf } from './metrics.js';
import { referenceTokens, vocabularyOf } from './ngrams.js';
import { referenceOf } from './reference.js';
import { clinicalOf, type Scored, score, textsOf } from './score.js';
import { openSystem, type SystemParts } from './systems.js';

export interface EvaluateOptions {
  /** Folder with `studies.jsonl` and `images/`, and the split of it that is measured. */
  dataset: string;
  split: string;
  /** Folder of the same form whose train and extra studies may be learned from. */
  corpus: string;
  systems: readonly SystemName[];
  /** A system that cannot be measured (no adapter, no training study) is left out and told, instead of being an error. */
  lenient: boolean;
  /** The first so many studies of the split. */
  limit?: number;
  /** Draft each study from another's images as well. */
  shuffled: boolean;
  out: string;
  /** The authored knowledge base. */
  documentsFolder: string;
  /** Vectors and indices are kept here between runs. */
  cacheFolder: string;
  /** As typed, for the record. */
  command: string;
}

/**
 * Measures systems on a split and writes `drafts.jsonl` (own images), `drafts-shuffled.jsonl` and `metrics.json` to `out`. A damaged
 * image, study or line costs only itself and is named in `problems`. Throws WetreadError: `not-found` without a dataset or an empty split,
 * `bad-input` for a system that cannot be measured, `pack-damaged`, `disk-full`, and `cancelled` by `signal`.
 */
export async function evaluate(
  pack: Pack,
  options: EvaluateOptions,
  events: EvaluateEvents = {},
): Promise<Metrics> {
  try {
    return await measure(pack, options, events);
  } catch (thrown) {
    throw toWetreadError(thrown);
  }
}

async function measure(
  pack: Pack,
  options: EvaluateOptions,
  { signal, onProgress, onProblem }: EvaluateEvents,
): Promise<Metrics> {
  const problems = new Set<string>();
  const tell = (message: string) => {
    if (!problems.has(message)) onProblem?.(message);
    problems.add(message);
  };
  const dataset = await readStudies(options.dataset);
  const other = options.corpus === options.dataset ? dataset : await readStudies(options.corpus);
  for (const { file, message } of [...dataset.problems, ...other.problems]) tell(`${file}: ${message}`);
  const split = dataset.studies.filter((study) => study.split === options.split);
  if (split.length === 0)
    throw new WetreadError('not-found', `${options.dataset} has no study of the split ${options.split}.`);
  const uids = new Set(split.map(({ uid }) => uid));
  const corpus = corpusOf(other.studies, { split: options.split, measured: uids });
  const files: Record<Images, string> = {
    own: join(options.out, 'drafts.jsonl'),
    shuffled: join(options.out, 'drafts-shuffled.jsonl'),
  };
  const metricsFile = join(options.out, 'metrics.json');
  await mkdir(options.out, { recursive: true });
  // What an earlier run left must not pass for this one's.
  for (const file of [metricsFile, ...Object.values(files)]) await rm(file, { force: true });

  // R2Gen's vocabulary is that of its training split.
  const train = corpus.filter((study) => study.split === 'train');
  const vocabulary = vocabularyOf(train.map(({ findings }) => findings));
  const needsCases = options.systems.some((name) => name !== 'constant' && name !== 'ft');
  const cases = await openCases(pack, needsCases ? corpus : [], {
    ...{ folder: options.corpus, text: other.text, cacheFolder: options.cacheFolder, signal },
    onProgress: (done, total) => onProgress?.('Looking at the corpus', done, total),
    onProblem: (uid, message) => tell(`Study ${uid} of the corpus: ${message}`),
  });
  const measured = await openAll(pack, split.slice(0, options.limit), vocabulary, options, {
    ...{ signal, onProgress, onProblem: tell },
  });

  const needsIndex = options.systems.some((name) => name.startsWith('ft+rag'));
  const index = needsIndex ? await openKnowledge(pack, options, { signal, onProgress }) : undefined;
  try {
    const embedder = new SentenceEmbedder(pack);
    const counts = new Map<string, ClinicalCounts[]>();
    const figuresOf = async (name: SystemName, images: Images, drafts: (SystemDraft | undefined)[]) => {
      const rows: Scored[] = measured.map(({ reference, tokens }, i) => ({
        ...{ reference, referenceTokens: tokens, draft: drafts[i] },
      }));
      counts.set(`${name} ${images}`, clinicalOf(rows));
      await embedder.add(textsOf(rows), {
        signal,
        onProgress: (done, total) => onProgress?.(`Measuring ${name}`, done, total),
      });
      return score(rows, embedder.embedded);
    };
    const parts: SystemParts = {
      ...{ pack, index, cases },
      reports: new Map(corpus.map((study) => [study.uid, study])),
      constant: options.systems.includes('constant') ? bestConstant(train, vocabulary) : undefined,
    };
    const systems: Metrics['systems'] = {};
    const followUps: Metrics['followUps'] = {};
    for (const name of options.systems) {
      const system = openOrTell(name, parts, options.lenient, tell);
      if (!system) continue;
      await warmUp(system, measured, signal);
      const figures = async (images: Images) => {
        const drafts = await draftAll(
          system,
          { name, images, measured, file: files[images] },
          { signal, onProgress, onProblem: tell },
        );
        if (images === 'own') followUps[name] = followUpsOf(drafts);
        return figuresOf(name, images, drafts);
      };
      systems[name] = {
        own: await figures('own'),
        ...(options.shuffled && { shuffled: await figures('shuffled') }),
      };
    }
    const records = measured.map(({ record }) => record);
    const { manifest } = pack;
    const metrics: Metrics = {
      command: options.command,
      date: new Date().toISOString(),
      pack: {
        ...{ id: manifest.id, version: manifest.version, hash: hashOf(pack) },
        adapter: manifest.defaultAdapter ?? manifest.adapters[0]?.id ?? null,
      },
      ...{ dataset: options.dataset, corpus: options.corpus, split: options.split },
      counts: {
        studies: records.length,
        coded: records.filter(isCoded).length,
        abnormal: records.filter((record) => isCoded(record) && !isNormal(record)).length,
        normal: records.filter(isNormal).length,
        unreadable: measured.filter(({ opened }) => opened.failure).length,
        ...{ corpus: corpus.length, cases: cases.cases.length },
      },
      systems,
      followUps,
      comparisons: comparisonsOf(counts),
      reference: referenceScore(measured, embedder),
      retriever: cases.cases.length > 0 ? retrieverOf(measured, cases, corpus) : null,
      curve: curveOf(
        measured.flatMap(({ reference, opened: { look } }) =>
          reference.coding && look && !look.abstention
            ? [{ reference: { ...reference, coding: reference.coding }, findings: look.findings }]
            : [],
        ),
      ),
      problems: [...problems],
    };
    await writeWhole(metricsFile, `${JSON.stringify(metrics, null, 1)}\n`);
    return metrics;
  } finally {
    await index?.dispose();
  }
}

async function openAll(
  pack: Pack,
  records: readonly ReportedStudy[],
  vocabulary: ReadonlySet<string>,
  { dataset }: EvaluateOptions,
  { signal, onProgress, onProblem }: EvaluateEvents,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const [done, record] of records.entries()) {
    signal?.throwIfAborted();
    onProgress?.('Looking at the studies', done, records.length);
    measured.push({
      record,
      reference: referenceOf(record),
      tokens: record.findings.trim() === '' ? [] : referenceTokens(record.findings, vocabulary),
      opened: await openStudy(pack, dataset, record, {
        signal,
        onProblem: (message) => onProblem?.(`Study ${record.uid}: ${message}`),
      }),
    });
  }
  return measured;
}

function openOrTell(name: SystemName, parts: SystemParts, lenient: boolean, tell: (message: string) => void) {
  try {
    return openSystem(name, parts);
  } catch (thrown) {
    if (!lenient) throw thrown;
    tell(toWetreadError(thrown).message);
    return undefined;
  }
}

/** All or nothing: half a file must not look like a measurement. */
async function writeWhole(file: string, text: string): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  try {
    await writeFile(part, text);
    await rename(part, file);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
}
