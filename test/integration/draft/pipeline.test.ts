import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { embedTexts, openPack } from '../../../main/encode/index.js';
import { WetreadError } from '../../../main/error.js';
import { draftStudy } from '../../../main/pipeline.js';
import { type Cases, openIndex } from '../../../main/retrieve/index.js';
import { disposeStudy, hasPack, loadSample, packFolder, readSample, resize } from '../encode/real-pack.js';

/** Earlier cases in a place that cannot be reached. */
const away: Cases = {
  nearest: () => Promise.reject(new WetreadError('index-away', 'The share is away.')),
  counts: () => Promise.reject(new WetreadError('index-away', 'The share is away.')),
};

it.skipIf(!hasPack)(
  'drafts without citations where the index was never built and the cases are away',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wetread-pipeline-'));
    const pack = await openPack(packFolder);
    const index = await openIndex(
      folder,
      (texts, { signal }) => embedTexts(pack, texts, { signal, states: false }),
      { embedder: 'test' },
    );
    try {
      const steps: string[] = [];
      const draft = await draftStudy(
        await loadSample(),
        { pack, index, cases: away, adapter: null, readImage: readSample, resize, newId: randomUUID },
        { onStep: (label) => steps.push(label) },
      );
      expect(draft.sentences.length).toBeGreaterThan(1);
      expect(draft.sentences.flatMap(({ citations }) => citations)).toEqual([]);
      expect(draft.evidence.snippets).toEqual([]);
      expect(draft.evidence.problems).toMatchObject([{ code: 'index-missing' }]);
      expect(steps).toHaveLength(3);
      const { decodeMs, encodeMs, retrieveMs, draftMs, totalMs } = draft.timings;
      // The parts are the whole, but for what passes between two looks at the clock.
      const parts = decodeMs + encodeMs + retrieveMs + draftMs;
      expect(parts / totalMs).toBeGreaterThan(0.99);
      expect(parts / totalMs).toBeLessThanOrEqual(1);
    } finally {
      await index.dispose();
      await pack.dispose();
      await disposeStudy();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
