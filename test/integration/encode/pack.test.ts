import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embedImages, embedTexts, encodeStudy, openPack, type Pack } from '../../../main/encode/index.js';
import type { Study } from '../../../preload/values.js';
import {
  disposeStudy,
  hasPack,
  loadSample,
  packFolder,
  readSample,
  resize,
  SIZE,
  twoViews,
} from './real-pack.js';

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + v * (b[i] ?? 0), 0);

describe.skipIf(!hasPack)('the pack that ships (needs models/cxr)', () => {
  let pack: Pack;
  let sample: Study;
  beforeAll(async () => {
    pack = await openPack(packFolder);
    sample = await loadSample();
  });
  afterAll(async () => {
    await pack.dispose();
    await disposeStudy();
  });

  it('gives each view of a study the vector that the view alone has', async () => {
    const { pictures, views } = await encodeStudy(pack, sample, readSample, { resize });
    const images = await Promise.all(
      views.map(async ({ instance, view }) => ({ view, image: await readSample(instance, {}) })),
    );
    const alone = await embedImages(pack, images, { resize });
    expect(pictures).toHaveLength(2);
    for (const [at, vector] of pictures.entries()) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 3);
      const cosines = alone.map((other) => cosine(vector, other));
      expect(cosines[at]).toBeGreaterThan(0.999);
      expect(Math.max(...cosines)).toBe(cosines[at]);
    }
  });

  describe('texts', () => {
    const texts = [
      'Pleural effusion',
      'There is fluid in the pleural space with blunting of the costophrenic angle.',
      'Fracture of the fifth rib',
    ];

    it('are unit vectors in both spaces, their states a row a token', async () => {
      const { semanticWidth, jointWidth } = pack.manifest.text;
      for (const text of await embedTexts(pack, texts)) {
        expect(text.semantic).toHaveLength(semanticWidth);
        expect(text.joint).toHaveLength(jointWidth);
        expect(Math.hypot(...text.semantic)).toBeCloseTo(1, 2);
        expect(Math.hypot(...text.joint)).toBeCloseTo(1, 2);
        expect(text.states).toHaveLength(text.tokens * semanticWidth);
      }
    });

    it('are near to what means the same', async () => {
      const [effusion, fluid, rib] = (await embedTexts(pack, texts)).map((t) => t.semantic);
      if (!effusion || !fluid || !rib) throw new Error('A text was not embedded.');
      expect(cosine(effusion, fluid)).toBeGreaterThan(cosine(effusion, rib) + 0.1);
    });

    it('do not depend on what else is in the batch, nor on order', async () => {
      const [alone] = await embedTexts(pack, texts.slice(0, 1));
      const many = await embedTexts(pack, [...texts.slice(1), 'word '.repeat(60), ...texts.slice(0, 1)]);
      const last = many.at(-1);
      if (!alone || !last) throw new Error('A text was not embedded.');
      expect(cosine(alone.semantic, last.semantic)).toBeGreaterThan(0.98);
      expect(last.tokens).toBe(alone.tokens);
    });

    it('are cut at the pack’s length', async () => {
      const [long] = await embedTexts(pack, ['lung '.repeat(500)], { states: false });
      expect(long).toMatchObject({ tokens: pack.manifest.text.maxTokens, states: new Float32Array(0) });
    });

    it('stop when cancelled', async () => {
      const signal = AbortSignal.abort();
      await expect(embedTexts(pack, texts, { signal })).rejects.toMatchObject({ name: 'AbortError' });
    });
  });

  describe('images', () => {
    it('yield probabilities, sides and maps a view', async () => {
      const { findings, image } = pack.manifest;
      const encoding = await encodeStudy(pack, sample, readSample, { resize });
      expect(encoding).toMatchObject({ modality: 'XR', bodyPart: 'CHEST' });
      expect(encoding.abstention).toBeUndefined();
      expect(encoding.views.map((v) => v.view)).toEqual(['frontal', 'lateral']);
      expect(encoding.findings.map((f) => f.id)).toEqual(findings.map((f) => f.id));
      for (const { probability, sided, sides, likely, possible } of encoding.findings) {
        expect(probability).toBeGreaterThan(0);
        expect(probability).toBeLessThan(1);
        expect(sides !== undefined).toBe(sided);
        expect(likely && !possible).toBe(false);
      }
      expect(encoding.embedding).toHaveLength(pack.manifest.text.jointWidth);
      expect(encoding.tokens.dims).toEqual([1, 2 * image.grid ** 2, image.tokenWidth]);
      expect(encoding.maps.map((m) => m.length)).toEqual([0, 1].map(() => findings.length * image.grid ** 2));
    });

    it('give the same answer twice, and another one for other pixels', async () => {
      const probabilities = async (read: typeof readSample) =>
        (await encodeStudy(pack, sample, read, { resize })).findings.map((f) => f.probability);
      const once = await probabilities(readSample);
      expect(await probabilities(readSample)).toEqual(once);
      const mirrored = await probabilities(async (instance, options) => {
        const image = await readSample(instance, options);
        return { ...image, data: image.data.map((v) => Math.min(255, Math.round(v * 0.6) + 60)) };
      });
      expect(mirrored).not.toEqual(once);
    });

    it.each([
      ['black', () => 0],
      ['noise', (i: number) => (i * 2654435761) % 251],
      ['stripes', (i: number) => ((i >> 4) & 1) * 255],
      ['a gradient', (i: number) => Math.floor(i / SIZE)],
    ])('abstain on %s', async (_, value) => {
      const data = Uint8Array.from({ length: SIZE * SIZE }, (_v, i) => value(i));
      const encoding = await encodeStudy(pack, twoViews, async () => ({ rows: SIZE, columns: SIZE, data }), {
        resize,
      });
      expect(encoding.abstention?.code).toBe('pixels');
      expect(encoding.findings).toEqual([]);
    });

    it('abstain on a colour photograph', async () => {
      const read = async () => ({ ...(await readSample(firstInstance(sample), {})), chroma: 60 });
      expect((await encodeStudy(pack, sample, read, { resize })).abstention?.code).toBe('pixels');
    });

    it('stop when cancelled', async () => {
      const signal = AbortSignal.abort();
      await expect(encodeStudy(pack, sample, readSample, { resize, signal })).rejects.toMatchObject({
        name: 'AbortError',
      });
    });
  });
});

function firstInstance(sample: Study) {
  const instance = sample.series[0]?.instances[0];
  if (!instance) throw new Error('The sample study has no instance.');
  return instance;
}
