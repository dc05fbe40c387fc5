import { z } from 'zod';
import settings from '../../../indices/settings.json' with { type: 'json' };

const weight = z.number().nonnegative();

const Stage = z
  .object({
    /** Rows that each way of searching may propose. */
    candidates: z.number().int().positive(),
    /** Rows kept at most. */
    max: z.number().int().positive(),
    /** Rows below this share of the best score are cut. */
    ratio: z.number().min(0).max(1),
    /** How far the ways count alike in every query, 0…1; see `Fusion`. */
    evenness: z.number().min(0).max(1),
    /**
     * What one unit of a way's own score counts, before that is divided by the way's range to the power of `evenness`: cosines of images lie
     * closer together than those of texts, BM25 has no bound.
     */
    weights: z.object({ text: weight, image: weight, picture: weight, bm25: weight }).strict(),
  })
  .strict();

/** The settings of the indices, `indices/settings.json`. */
export const IndexSettings = z
  .object({
    /** Tables of more rows get an IVF-RQ vector index; smaller ones are scanned, which is exact and as fast. */
    vectorIndexFromRows: z.number().int().positive(),
    /** Its distances are coarse: this many times the wanted rows are read in full and ranked again. */
    refineFactor: z.number().int().positive(),
    /** What it counts that a document is about the very findings that were asked for (Jaccard index of the two sets). */
    findings: weight,
    /** What one unit of cosine of its best snippet counts for a document, as the weights of the ways do. */
    passages: weight,
    /** Documents are ranked once more by likeness, 0…1, to the mean of the first ones (pseudo relevance feedback). */
    feedback: z.object({ documents: z.number().int().positive(), weight }).strict(),
    /** What the other names of the query's clinical entities count in BM25, beside its own words. */
    entityBoost: weight,
    /** The BM25 score that counts as half certain. */
    bm25Half: z.number().positive(),
    factors: z
      .object({
        /** Raises a snippet that speaks of a finding that was asked for: score s becomes 1 - (1 - s)^factor. */
        finding: z.number().min(1),
        /** Scales the score of what is about another body region. */
        otherRegion: z.number().min(0).max(1),
      })
      .strict(),
    documents: Stage,
    snippets: Stage,
    /** Weight of being unlike what is chosen already (1 - λ of maximal marginal relevance), 0…1. */
    diversity: z.number().min(0).max(1),
    /** Cosine from which two snippets say the same; one of them is dropped. */
    nearDuplicate: z.number().min(0).max(1),
  })
  .strict();
export type IndexSettings = z.infer<typeof IndexSettings>;

export const indexSettings: IndexSettings = IndexSettings.parse(settings);
