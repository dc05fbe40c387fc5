import type { PackManifest } from '../../../main/encode/index.js';

/** A manifest of the smallest geometry; `files` as given. */
export const manifest = (files: PackManifest['files'] = {}): PackManifest => ({
  id: 'cxr',
  version: '1.0.0',
  title: 'Test pack',
  licence: 'none',
  domain: {
    modalities: ['CR', 'DX'],
    bodyParts: ['CHEST'],
    views: ['frontal', 'lateral'],
    description: 'Frontal and lateral chest radiographs.',
  },
  files,
  image: { size: 256, grid: 8, maxViews: 4, tokenWidth: 256, featureWidth: 16 },
  text: { maxTokens: 128, semanticWidth: 384, jointWidth: 256 },
  findings: [
    {
      id: 'pneumothorax',
      name: 'pneumothorax',
      sided: true,
      temperature: 1,
      bias: 0,
      likely: 0.5,
      possible: 0.2,
      prevalence: 0.1,
      auroc: 0.9,
    },
  ],
  gate: { threshold: 0 },
  decoder: {
    layers: 1,
    width: 8,
    heads: 2,
    vocabulary: 10,
    bos: 1,
    eos: 2,
    pad: 0,
    impression: 3,
    maxTokens: 16,
  },
  lora: { rank: 2, targets: 4 },
  adapters: [],
  defaultAdapter: null,
});
