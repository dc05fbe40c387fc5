import { expect, test } from 'vitest';
import { findViolations } from '../../../.ci/layers.js';

const broken: [string, string][] = [
  ['main/study/load.ts', "import { app } from 'electron';"],
  ['main/draft/decoder.ts', "import ort from 'onnxruntime-node';"],
  ['main/draft/decoder.ts', "const lance = await import('@lancedb/lancedb');"],
  ['main/engine.ts', "import Database from 'libsql';"],
  ['main/engine.ts', "import { parseDicom } from 'dicom-parser';"],
  ['main/engine.ts', "import mammoth from 'mammoth';"],
  ['main/retrieve/route.ts', "import { importKnowledge } from '../import/index.js';"],
  ['main/study/render.ts', "import sharp from 'sharp';"],
  ['renderer/app.tsx', "import type { Engine } from '../main/engine.js';"],
  ['preload/calls.ts', "import { WetreadError } from '../main/error.js';"],
  ['main/app.ts', "import { App } from '../renderer/app.js';"],
  ['main/encode/encode.ts', "import { draftReport } from '../draft/index.js';"],
  ['main/draft/draft.ts', "import { rank } from '../retrieve/fuse.js';"],
  ['main/draft/draft.ts', "import type { Engine } from '../engine.js';"],
  ['main/draft/draft.ts', "export * from '../window/content.js';"],
  ['main/engine.ts', "import { auroc } from './evaluate/auroc.js';"],
];

test.each(broken)('%s may not say: %s', (path, text) => {
  expect(findViolations([{ path, text }])).toHaveLength(1);
});

test('what the design allows passes', () => {
  const sources = [
    { path: 'main/app.ts', text: "import { app } from 'electron';" },
    { path: 'main/encode/onnx.ts', text: "import ort from 'onnxruntime-node';" },
    { path: 'main/draft/decoder.ts', text: "import type { Model } from '../encode/onnx.js';" },
    { path: 'main/draft/draft.ts', text: "import type { Encoding } from '../encode/index.js';" },
    { path: 'main/export/export.ts', text: "import { WetreadError } from '../error.js';" },
    { path: 'main/engine.ts', text: "import { draftReport } from './draft/index.js';" },
    { path: 'main/evaluate/curve.ts', text: "import { complete } from '../draft/complete.js';" },
    { path: 'main/cli/eval.ts', text: "import { evaluate } from '../evaluate/index.js';" },
    { path: 'renderer/app.tsx', text: "import type { Report } from '../preload/values.js';" },
    { path: 'main/study/load.ts', text: "// Not import { app } from 'electron'; a comment.\n" },
  ];
  expect(findViolations(sources)).toEqual([]);
});
