import { z } from 'zod';
import { View } from '../../preload/values.js';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A file's name inside the pack: no way out of its folder. */
const FileName = z
  .string()
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/, 'not a plain relative path');

/** A finding in the order of the model's logits. probability = sigmoid(logit / temperature + bias). */
export const PackFinding = z.object({
  id: z.string(),
  name: z.string(),
  sided: z.boolean(),
  temperature: z.number().positive(),
  bias: z.number(),
  /** From here on it is drafted. */
  likely: z.number().min(0).max(1),
  /** From here on it is offered; below, it counts as absent. */
  possible: z.number().min(0).max(1),
  prevalence: z.number().min(0).max(1),
  auroc: z.number().min(0).max(1).nullish(),
});
export type PackFinding = z.infer<typeof PackFinding>;

export const PackAdapter = z.object({
  id: z.string(),
  file: FileName,
  title: z.string(),
  metrics: z.record(z.string(), z.unknown()).nullish(),
});
export type PackAdapter = z.infer<typeof PackAdapter>;

/** `manifest.json` of a pack; the graphs it names are described in `models/README.md`. */
export const PackManifest = z.object({
  id: z.string(),
  version: z.string(),
  title: z.string(),
  licence: z.string(),
  domain: z.object({
    /** DICOM modality codes it was trained for. */
    modalities: z.array(z.string()),
    bodyParts: z.array(z.string()),
    views: z.array(View),
    description: z.string(),
  }),
  files: z.record(FileName, z.object({ sha256: Sha256, bytes: z.number().int().nonnegative() })),
  image: z.object({
    /** Pixels a side; whole images are squashed to it. */
    size: z.number().int().positive(),
    grid: z.number().int().positive(),
    maxViews: z.number().int().positive(),
    tokenWidth: z.number().int().positive(),
    featureWidth: z.number().int().positive(),
  }),
  text: z.object({
    maxTokens: z.number().int().positive(),
    semanticWidth: z.number().int().positive(),
    jointWidth: z.number().int().positive(),
  }),
  findings: z.array(PackFinding).min(1),
  gate: z.object({
    /** A logit above it passes. */
    threshold: z.number(),
    /** √Σ precision·(feature − mean)² of a view; farther than `limit` from the training images is not one of them. */
    distance: z
      .object({ mean: z.array(z.number()), precision: z.array(z.number()), limit: z.number().positive() })
      .nullish(),
  }),
  decoder: z.object({
    layers: z.number().int().positive(),
    width: z.number().int().positive(),
    heads: z.number().int().positive(),
    vocabulary: z.number().int().positive(),
    bos: z.number().int(),
    eos: z.number().int(),
    pad: z.number().int(),
    impression: z.number().int(),
    maxTokens: z.number().int().positive(),
  }),
  lora: z.object({ rank: z.number().int().positive(), targets: z.number().int().positive() }),
  adapters: z.array(PackAdapter),
  defaultAdapter: z.string().nullish(),
});
export type PackManifest = z.infer<typeof PackManifest>;
