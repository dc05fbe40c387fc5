import { z } from 'zod';
import settings from '../../../indices/settings.json' with { type: 'json' };

const Stage = z
  .object({
    /** Rows that each way of searching may propose. */
    candidates: z.number().int().positive(),
    /** Rows kept at most. */
    max: z.number().int().positive(),
    /** Rows below this share of the best score are cut. */
    ratio: z.number().min(0).max(1),
  })
  .strict();

/** The settings of the indices, `indices/settings.json`. */
export const IndexSettings = z
  .object({
    /** Tables of more rows get an IVF-PQ vector index; smaller ones are scanned, which is exact and as fast. */
    vectorIndexFromRows: z.number().int().positive(),
    /** PQ distances are coarse: this many times the wanted rows are read in full and ranked again. */
    refineFactor: z.number().int().positive(),
    /** Reciprocal rank fusion: a row at rank r (from 1) of a way adds weight / (k + r). */
    fusion: z
      .object({
        k: z.number().positive(),
        weights: z
          .object({
            text: z.number().nonnegative(),
            image: z.number().nonnegative(),
            picture: z.number().nonnegative(),
            bm25: z.number().nonnegative(),
          })
          .strict(),
      })
      .strict(),
    /** The BM25 score that counts as half certain. */
    bm25Half: z.number().positive(),
    factors: z
      .object({
        /** Raises what speaks of a finding that was asked for: score s becomes 1 - (1 - s)^factor. */
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
