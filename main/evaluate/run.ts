/** A measurement from beginning to end: folders in, drafts and figures out. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pack } from '../encode/index.js';
import { embedTexts } from '../encode/index.js';
import { toWetreadError, WetreadError } from '../error.js';
import { buildIndex, type CaseBank, type Index, openIndex } from '../retrieve/index.js';
import { titled } from './citations.js';
import { findingsOf, isCoded, isNormal } from './coding.js';
import { bestConstant } from './constant.js';
import { corpusOf, openCases } from './corpus.js';
import { type CurvePoint, curveOf } from './curve.js';
import { type ReportedStudy, readStudies } from './dataset.js';
import { draftLine, type Images, type SystemDraft, type SystemName } from './drafts.js';
import { SentenceEmbedder } from './embedder.js';
import { type OpenedStudy, openStudy } from './look.js';
import { referenceTokens, vocabularyOf } from './ngrams.js';
import { type Reference, referenceOf } from './reference.js';
import { type Codes, NORMAL, type RetrieverFigures, retrieverFigures } from './retriever.js';
import { type Scored, type SystemFigures, score } from './score.js';
import { openSystem, type System } from './systems.js';

/** Drafts of each system that are made beforehand and not timed: they load graphs and fill caches. */
const WARM_UP = 3;

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

export interface EvaluateEvents {
  signal?: AbortSignal;
  onProgress?: (label: string, done: number, total: number) => void;
  /** Told once of each thing that went wrong and did not stop the run. */
  onProblem?: (message: string) => void;
}

/** `metrics.json`. */
export interface Metrics {
  command: string;
  date: string;
  pack: { id: string; version: string; hash: string; adapter: string | null };
  dataset: string;
  corpus: string;
  split: string;
  counts: {
    studies: number;
    coded: number;
    abnormal: number;
    normal: number;
    unreadable: number;
    corpus: number;
    cases: number;
  };
  systems: Partial<Record<SystemName, { own: SystemFigures; shuffled?: SystemFigures }>>;
  /** The reference reports read by the parser, scored as if they were drafts: as well as any report can do. */
  reference: SystemFigures['clinical']['f1'];
  retriever: { all: RetrieverFigures; abnormal: RetrieverFigures; abnormalShuffled: RetrieverFigures } | null;
  curve: CurvePoint[];
  problems: string[];
}

interface Measured {
  record: ReportedStudy;
  reference: Reference;
  tokens: readonly string[];
  opened: OpenedStudy;
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
  const problems: string[] = [];
  const tell = (message: string) => {
    if (problems.includes(message)) return;
    problems.push(message);
    onProblem?.(message);
  };
  const dataset = await readStudies(options.dataset);
  const other = options.corpus === options.dataset ? dataset : await readStudies(options.corpus);
  for (const { file, message } of [...dataset.problems, ...(other === dataset ? [] : other.problems)])
    tell(`${file}: ${message}`);
  const split = dataset.studies.filter((study) => study.split === options.split);
  if (split.length === 0)
    throw new WetreadError('not-found', `${options.dataset} has no study of the split ${options.split}.`);
  const corpus = corpusOf(other.studies, {
    split: options.split,
    measured: new Set(split.map(({ uid }) => uid)),
  });
  await mkdir(options.out, { recursive: true });
  await rm(join(options.out, 'metrics.json'), { force: true });

  // R2Gen's vocabulary is that of its training split.
  const train = corpus.filter((study) => study.split === 'train');
  const vocabulary = vocabularyOf(train.map(({ findings }) => findings));
  const needsCases = options.systems.some((name) => name !== 'constant' && name !== 'ft');
  const cases = await openCases(pack, needsCases ? corpus : [], {
    ...{ folder: options.corpus, text: other.text, cacheFolder: options.cacheFolder, signal },
    onProgress: (done, total) => onProgress?.('Looking at the corpus', done, total),
    onProblem: (uid, message) => tell(`Study ${uid} of the corpus: ${message}`),
  });

  const measured: Measured[] = [];
  for (const [done, record] of split.slice(0, options.limit).entries()) {
    signal?.throwIfAborted();
    onProgress?.('Looking at the studies', done, Math.min(split.length, options.limit ?? split.length));
    measured.push({
      record,
      reference: referenceOf(record),
      tokens: record.findings.trim() === '' ? [] : referenceTokens(record.findings, vocabulary),
      opened: await openStudy(pack, options.dataset, record, {
        signal,
        onProblem: (message) => tell(`Study ${record.uid}: ${message}`),
      }),
    });
  }

  const needsIndex = options.systems.some((name) => name.startsWith('ft+rag'));
  const index = needsIndex ? await indexOf(pack, options, { signal, onProgress }) : undefined;
  try {
    const embedder = new SentenceEmbedder(pack);
    const systems: Metrics['systems'] = {};
    const files: Record<Images, string> = {
      own: join(options.out, 'drafts.jsonl'),
      shuffled: join(options.out, 'drafts-shuffled.jsonl'),
    };
    for (const file of Object.values(files)) await rm(file, { force: true });
    const parts = {
      ...{ pack, index, cases },
      reports: new Map(corpus.map((study) => [study.uid, study])),
      constant: options.systems.includes('constant') ? bestConstant(train, vocabulary) : undefined,
    };
    for (const name of options.systems) {
      let system: System;
      try {
        system = openSystem(name, parts);
      } catch (thrown) {
        if (!options.lenient) throw thrown;
        tell(toWetreadError(thrown).message);
        continue;
      }
      const run = (images: Images) =>
        draftAll(system, { name, images, measured, file: files[images] }, { signal, onProgress, tell });
      await warmUp(system, measured, signal);
      const figures = async (drafts: (SystemDraft | undefined)[]) => {
        const rows: Scored[] = measured.map(({ reference, tokens }, i) => ({
          ...{ reference, referenceTokens: tokens, draft: drafts[i] },
        }));
        await embedder.add(textsOf(rows), {
          signal,
          onProgress: (done, total) => onProgress?.(`Measuring ${name}`, done, total),
        });
        return score(rows, embedder.embedded);
      };
      const own = await figures(await run('own'));
      systems[name] = { own, ...(options.shuffled && { shuffled: await figures(await run('shuffled')) }) };
    }
    const metrics: Metrics = {
      command: options.command,
      date: new Date().toISOString(),
      pack: {
        id: pack.manifest.id,
        version: pack.manifest.version,
        hash: hashOf(pack),
        adapter: pack.manifest.defaultAdapter ?? pack.manifest.adapters[0]?.id ?? null,
      },
      ...{ dataset: options.dataset, corpus: options.corpus, split: options.split },
      counts: {
        studies: measured.length,
        coded: measured.filter(({ record }) => isCoded(record)).length,
        abnormal: measured.filter(({ record }) => isCoded(record) && !isNormal(record)).length,
        normal: measured.filter(({ record }) => isNormal(record)).length,
        unreadable: measured.filter(({ opened }) => opened.failure).length,
        corpus: corpus.length,
        cases: cases.cases.length,
      },
      systems,
      reference: referenceScore(measured, embedder.embedded),
      retriever: cases.cases.length > 0 ? retrieverOf(measured, cases, corpus) : null,
      curve: curveOf(
        measured.flatMap(({ reference, opened: { look } }) =>
          reference.coding && look && !look.abstention
            ? [{ reference: { ...reference, coding: reference.coding }, findings: look.findings }]
            : [],
        ),
      ),
      problems,
    };
    await writeWhole(join(options.out, 'metrics.json'), `${JSON.stringify(metrics, null, 1)}\n`);
    return metrics;
  } finally {
    await index?.dispose();
  }
}

async function warmUp(system: System, measured: readonly Measured[], signal?: AbortSignal): Promise<void> {
  for (const { record, opened } of measured.slice(0, WARM_UP)) {
    try {
      await system(opened, record, signal);
    } catch {
      // It will be told when it is drafted in earnest.
      signal?.throwIfAborted();
    }
  }
}

/** What would make every further study fail as well. */
const isFatal = (code: string) => code.startsWith('pack-') || code === 'disk-full';

/** Drafts every study, a line each to `file` as it is done. Undefined where a study could not be drafted. */
async function draftAll(
  system: System,
  {
    name,
    images,
    measured,
    file,
  }: { name: SystemName; images: Images; measured: readonly Measured[]; file: string },
  { signal, onProgress, tell }: Omit<EvaluateEvents, 'onProblem'> & { tell: (message: string) => void },
): Promise<(SystemDraft | undefined)[]> {
  const drafts: (SystemDraft | undefined)[] = [];
  const out = await open(file, 'a');
  try {
    for (const [i, { record, opened }] of measured.entries()) {
      signal?.throwIfAborted();
      onProgress?.(`Drafting: ${name}${images === 'own' ? '' : ', shuffled'}`, i, measured.length);
      // Half way round the split: nobody keeps their own images.
      const other = measured[(i + Math.floor(measured.length / 2)) % measured.length]?.opened;
      let draft: SystemDraft | { error: { code: string; message: string } };
      try {
        draft = await system(images === 'own' ? opened : (other ?? opened), record, signal);
        drafts.push(draft);
      } catch (thrown) {
        signal?.throwIfAborted();
        const { code, message } = toWetreadError(thrown);
        if (isFatal(code)) throw thrown;
        if (images === 'own') tell(`Study ${record.uid} could not be drafted by ${name}: ${message}`);
        draft = { error: { code, message } };
        drafts.push(undefined);
      }
      await out.write(`${JSON.stringify(draftLine(record.uid, name, images, draft))}\n`);
    }
  } finally {
    await out.close();
  }
  return drafts;
}

/** Every text whose meaning the figures ask for. */
function textsOf(rows: readonly Scored[]): string[] {
  return rows.flatMap(({ reference, draft }) => [
    ...reference.sentences,
    ...(draft?.sentences ?? []).flatMap(({ text, citations }) => [
      text,
      ...citations.flatMap((cited) => [cited.text, titled(cited)]),
    ]),
  ]);
}

function referenceScore(
  measured: readonly Measured[],
  embedded: SentenceEmbedder['embedded'],
): SystemFigures['clinical']['f1'] {
  const rows = measured
    .filter(({ reference }) => reference.coding)
    .map(({ reference }) => ({
      reference: { ...reference, sentences: [] },
      referenceTokens: [],
      draft: {
        sentences: reference.sentences.map((text) => ({ section: 'findings' as const, text, citations: [] })),
        ...{ offers: [], context: [], probabilities: new Map<string, number>(), latencyMs: 0 },
      },
    }));
  return score(rows, embedded).clinical.f1;
}

function retrieverOf(
  measured: readonly Measured[],
  cases: CaseBank,
  corpus: readonly ReportedStudy[],
): Metrics['retriever'] {
  const codesOf = (study: ReportedStudy): Codes =>
    isNormal(study) ? NORMAL : isCoded(study) ? findingsOf(study) : new Set();
  const known = new Map(corpus.map((study) => [study.uid, codesOf(study)]));
  const ranked = measured.map(({ opened: { look } }) =>
    look && !look.abstention ? cases.nearest(look.embedding, cases.cases.length) : [],
  );
  const rows = measured.map(({ record }, i) => ({
    codes: ranked[i]?.length ? codesOf(record) : new Set<string>(),
    ranked: ranked[i] ?? [],
    normal: isNormal(record),
    shuffled: ranked[(i + Math.floor(ranked.length / 2)) % ranked.length] ?? [],
  }));
  const abnormal = rows.filter(({ normal }) => !normal);
  return {
    all: retrieverFigures(rows, known),
    abnormal: retrieverFigures(abnormal, known),
    abnormalShuffled: retrieverFigures(
      abnormal.map(({ codes, shuffled }) => ({ codes, ranked: shuffled })),
      known,
    ),
  };
}

/** The index of the knowledge base, built anew only where it or the text encoder changed. */
async function indexOf(
  pack: Pack,
  { cacheFolder, documentsFolder }: EvaluateOptions,
  { signal, onProgress }: EvaluateEvents,
): Promise<Index> {
  const embedder = pack.manifest.files['text-encoder.onnx']?.sha256 ?? pack.manifest.version;
  const index = await openIndex(
    join(cacheFolder, `indices-${embedder.slice(0, 16)}`),
    (texts, { signal: stop }) => embedTexts(pack, texts, { signal: stop, states: false }),
    { embedder },
  );
  try {
    await buildIndex(index, documentsFolder, {
      signal,
      onProgress: ({ done, total }) => onProgress?.('Building the index', done, total),
    });
    return index;
  } catch (thrown) {
    await index.dispose();
    throw thrown;
  }
}

/** One hash for all that a pack holds. */
function hashOf({ manifest }: Pack): string {
  return createHash('sha256').update(JSON.stringify(manifest.files)).digest('hex').slice(0, 16);
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
