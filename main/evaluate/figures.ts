/** The figures of one system. */
/** A figure that cannot be computed, as there is nothing to compute it from, is null. */
export type Figure = number | null;
export type Interval = [low: number, high: number] | null;

export interface SystemFigures {
  studies: number;
  /** Could not be drafted: counted as empty drafts. */
  failed: number;
  abstained: number;
  ngrams: {
    studies: number;
    bleu1: Figure;
    bleu2: Figure;
    bleu3: Figure;
    bleu4: Figure;
    rougeL: Figure;
    meteor: Figure;
  };
  similarity: { studies: number; embedding: Figure; negationAware: Figure };
  clinical: {
    coded: number;
    abnormal: number;
    f1: { all: ClinicalScore; abnormal: ClinicalScore };
    hallucination: Figure;
    /** Of the sentences that state a finding as present. */
    hallucinationOfPositive: Figure;
    omission: Figure;
    omissionBesideOffers: Figure;
    sideErrors: { rate: Figure; sided: number };
    priors: number;
    marks: number;
    sentences: Figure;
  };
  citations: {
    precision: Figure;
    precisionWithTitle: Figure;
    citations: number;
    citedSentences: Figure;
    /** Of the texts handed to the writer. */
    contextPrecision: Figure;
  };
  keystrokesSaved: { all: Saved; normal: Saved };
  auroc: {
    mean: Figure;
    findings: number;
    each: Record<string, { auroc: Figure; positives: number }>;
  } | null;
  latencyMs: { p50: Figure; p95: Figure };
  intervals: {
    f1: Interval;
    f1Abnormal: Interval;
    hallucination: Interval;
    bleu4: Interval;
    rougeL: Interval;
    keystrokesVerbatim: Interval;
    keystrokesClinical: Interval;
    keystrokesClinicalNormal: Interval;
  };
}

export interface ClinicalScore {
  micro: Figure;
  macro: Figure;
  macroFindings: number;
  precision: Figure;
  recall: Figure;
}

export interface Saved {
  studies: number;
  verbatim: Figure;
  clinical: Figure;
}

/** Null without values. */
export const mean = (values: readonly number[]): Figure =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Null of nothing. */
export const share = (part: number, whole: number): Figure => (whole === 0 ? null : part / whole);
