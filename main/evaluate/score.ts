/** All figures of one system, from what it said of each study. */
import { findingAurocs } from './auroc.js';
import { interval, percentile } from './bootstrap.js';
import { citationCounts, titled } from './citations.js';
import { type ClinicalCounts, clinicalCounts, f1, macroF1, marksIn, priorsIn } from './clinical.js';
import { type SystemDraft, sectionText } from './drafts.js';
import { type ClinicalScore, mean, type Saved, type SystemFigures, share } from './figures.js';
import { clinicalKeystrokes, type Keystrokes, verbatimKeystrokes } from './keystrokes.js';
import { type MeteorCounts, meteor, meteorCounts, sumMeteor } from './meteor.js';
import { type BleuCounts, bleu, bleuCounts, draftTokens, rougeL, sumBleu } from './ngrams.js';
import type { Reference } from './reference.js';
import { contextCounts } from './retriever.js';
import { cosine, type Embedded, negationAware, sentenceF1 } from './similarity.js';

/** A study to be scored: its reference, and what a system said; `draft` undefined where it could not, which counts as having said nothing. */
export interface Scored {
  reference: Reference;
  /** The findings section by R2Gen's protocol; empty where the report has none. */
  referenceTokens: readonly string[];
  draft: SystemDraft | undefined;
}

/** Texts that the decoder reads at most; see `main/draft/draft.ts`. */
const CONTEXT = 5;

/** Every text whose meaning `score` asks for. */
export function textsOf(rows: readonly Scored[]): string[] {
  return rows.flatMap(({ reference, draft }) => [
    ...reference.sentences,
    ...(draft?.sentences ?? []).flatMap(({ text, citations }) => [
      text,
      ...citations.flatMap((cited) => [cited.text, titled(cited)]),
    ]),
  ]);
}

const sentencesOf = ({ draft }: Scored) => (draft?.sentences ?? []).map(({ text }) => text);

/** The clinical counts of the coded studies among `rows`, in their order. */
export function clinicalOf(rows: readonly Scored[]): ClinicalCounts[] {
  return rows.flatMap((row) => {
    const { reference, draft } = row;
    if (!reference.coding) return [];
    const offered = new Set(draft?.offers.map(({ finding }) => finding));
    return [clinicalCounts(sentencesOf(row), offered, { ...reference, coding: reference.coding })];
  });
}

/** The figures of one system. `embedded` knows all of `textsOf`. */
export function score(rows: readonly Scored[], embedded: Embedded): SystemFigures {
  const drafts = rows.flatMap(({ draft }) => draft ?? []);

  const told = rows.filter(({ referenceTokens }) => referenceTokens.length > 0);
  const pairs = told.map((row) => ({
    tokens: draftTokens(sectionText(row.draft, 'findings')),
    reference: row.referenceTokens,
  }));
  const bleus = pairs.map(({ tokens, reference }) => bleuCounts(tokens, reference));
  const rouges = pairs.map(({ tokens, reference }) => rougeL(tokens, reference));
  const meteors: MeteorCounts[] = pairs.map(({ tokens, reference }) => meteorCounts(tokens, reference));
  const [bleu1, bleu2, bleu3, bleu4] = told.length > 0 ? bleu(sumBleu(bleus)) : [null, null, null, null];

  const written = rows.filter(({ reference }) => reference.sentences.length > 0);
  const plain = (a: string, b: string) => Math.max(0, cosine(embedded(a), embedded(b)));
  const aware = (a: string, b: string) => negationAware(a, b, embedded);
  const similarity = (near: (a: string, b: string) => number) =>
    mean(written.map((row) => sentenceF1(sentencesOf(row), row.reference.sentences, near)));

  const clinical = clinicalOf(rows);
  const abnormal = clinical.filter(({ normal }) => !normal);
  const total = (
    of: readonly ClinicalCounts[],
    key: keyof { [K in keyof ClinicalCounts as ClinicalCounts[K] extends number ? K : never]: 1 },
  ) => of.reduce((sum, one) => sum + one[key], 0);

  const keystrokes = written.map((row) => {
    const sections = {
      findings: sectionText(row.draft, 'findings'),
      impression: sectionText(row.draft, 'impression'),
    };
    return {
      normal: row.reference.coding?.normal ?? false,
      verbatim: verbatimKeystrokes(sections, row.reference),
      clinical: clinicalKeystrokes(sentencesOf(row), row.draft?.offers ?? [], row.reference, embedded),
    };
  });
  const normal = keystrokes.filter((one) => one.normal);

  const cited = rows.map(({ draft }) => citationCounts(draft?.sentences ?? [], embedded));
  const sumOf = (key: keyof (typeof cited)[number]) => cited.reduce((sum, one) => sum + one[key], 0);
  const contexts = rows.flatMap(({ reference, draft }) =>
    reference.coding && draft
      ? [
          contextCounts(
            draft.context.slice(0, CONTEXT).map(titled),
            reference.coding.findings,
            reference.sentences,
          ),
        ]
      : [],
  );
  const latencies = drafts.map(({ latencyMs }) => latencyMs);
  const f1Rows = (of: readonly ClinicalCounts[]) => of.map(({ tp, fp, fn }) => [tp, fp, fn]);
  const f1Of = ([tp = 0, fp = 0, fn = 0]: readonly number[]) => f1({ tp, fp, fn });
  const shareOf = ([part = 0, whole = 0]: readonly number[]) => part / whole;
  const savedRows = (of: typeof keystrokes, way: 'verbatim' | 'clinical') =>
    of.map((one) => [one[way].typed - one[way].needed, one[way].typed]);

  return {
    studies: rows.length,
    failed: rows.length - drafts.length,
    abstained: drafts.filter(({ abstention }) => abstention !== undefined).length,
    ngrams: {
      studies: told.length,
      ...{ bleu1, bleu2, bleu3, bleu4 },
      rougeL: mean(rouges),
      meteor: told.length > 0 ? meteor(sumMeteor(meteors)) : null,
    },
    similarity: {
      studies: written.length,
      embedding: similarity(plain),
      negationAware: similarity(aware),
    },
    clinical: {
      coded: clinical.length,
      abnormal: abnormal.length,
      f1: { all: clinicalScore(clinical), abnormal: clinicalScore(abnormal) },
      hallucination: share(total(clinical, 'invented'), total(clinical, 'sentences')),
      hallucinationOfPositive: share(total(clinical, 'invented'), total(clinical, 'positive')),
      omission: share(total(clinical, 'fn'), total(clinical, 'tp') + total(clinical, 'fn')),
      omissionBesideOffers: share(total(clinical, 'missed'), total(clinical, 'tp') + total(clinical, 'fn')),
      sideErrors: {
        rate: share(total(clinical, 'wrongSide'), total(clinical, 'sided')),
        sided: total(clinical, 'sided'),
      },
      priors: rows.reduce((sum, row) => sum + priorsIn(sentencesOf(row)), 0),
      marks: rows.reduce((sum, row) => sum + marksIn(sentencesOf(row)), 0),
      sentences: mean(drafts.map(({ sentences }) => sentences.length)),
    },
    citations: {
      precision: share(sumOf('supporting'), sumOf('citations')),
      precisionWithTitle: share(sumOf('supportingWithTitle'), sumOf('citations')),
      citations: sumOf('citations'),
      citedSentences: share(sumOf('cited'), sumOf('sentences')),
      contextPrecision: share(
        contexts.reduce((sum, { relevant }) => sum + relevant, 0),
        contexts.reduce((sum, { texts }) => sum + texts, 0),
      ),
    },
    keystrokesSaved: { all: saved(keystrokes), normal: saved(normal) },
    auroc: findingAurocs(
      rows.flatMap(({ reference: { coding }, draft }) =>
        coding && draft && draft.probabilities.size > 0
          ? [{ coded: coding.findings, probabilities: draft.probabilities }]
          : [],
      ),
    ),
    latencyMs: { p50: percentile(latencies, 0.5) ?? null, p95: percentile(latencies, 0.95) ?? null },
    intervals: {
      f1: interval(f1Rows(clinical), f1Of) ?? null,
      f1Abnormal: interval(f1Rows(abnormal), f1Of) ?? null,
      hallucination:
        interval(
          clinical.map(({ invented, sentences }) => [invented, sentences]),
          shareOf,
        ) ?? null,
      bleu4: interval(bleus.map(bleuRow), (sums) => bleu(bleuOfRow(sums))[3]) ?? null,
      rougeL:
        interval(
          rouges.map((value) => [value, 1]),
          shareOf,
        ) ?? null,
      keystrokesVerbatim: interval(savedRows(keystrokes, 'verbatim'), shareOf) ?? null,
      keystrokesClinical: interval(savedRows(keystrokes, 'clinical'), shareOf) ?? null,
      keystrokesClinicalNormal: interval(savedRows(normal, 'clinical'), shareOf) ?? null,
    },
  };
}

function clinicalScore(studies: readonly ClinicalCounts[]): ClinicalScore {
  const sum = { tp: 0, fp: 0, fn: 0 };
  for (const one of studies) {
    sum.tp += one.tp;
    sum.fp += one.fp;
    sum.fn += one.fn;
  }
  const macro = macroF1(studies);
  return {
    micro: studies.length === 0 ? null : f1(sum),
    macro: macro.f1,
    macroFindings: macro.findings,
    precision: share(sum.tp, sum.tp + sum.fp),
    recall: share(sum.tp, sum.tp + sum.fn),
  };
}

function saved(studies: readonly { verbatim: Keystrokes; clinical: Keystrokes }[]): Saved {
  const of = (way: 'verbatim' | 'clinical') => {
    const typed = studies.reduce((sum, one) => sum + one[way].typed, 0);
    const needed = studies.reduce((sum, one) => sum + one[way].needed, 0);
    return share(typed - needed, typed);
  };
  return { studies: studies.length, verbatim: of('verbatim'), clinical: of('clinical') };
}

const bleuRow = ({ draftLength, referenceLength, drafted, found }: BleuCounts) => [
  draftLength,
  referenceLength,
  ...drafted,
  ...found,
];

const bleuOfRow = ([
  c = 0,
  r = 0,
  d1 = 0,
  d2 = 0,
  d3 = 0,
  d4 = 0,
  f1 = 0,
  f2 = 0,
  f3 = 0,
  f4 = 0,
]: readonly number[]): BleuCounts => ({
  draftLength: c,
  referenceLength: r,
  drafted: [d1, d2, d3, d4],
  found: [f1, f2, f3, f4],
});
