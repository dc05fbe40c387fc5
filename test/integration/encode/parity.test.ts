/** The same numbers and the same tokens from onnxruntime-node as PyTorch gave when the pack was made (`models/training/parity.py`). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadAdapter } from '../../../main/draft/adapter.js';
import { embedTexts, openPack, type Pack, type Tensor } from '../../../main/encode/index.js';
import { float, floats, int } from '../../../main/encode/onnx.js';
import { hasPack, packFolder } from './real-pack.js';

const Parity = z.object({
  logits: z.array(z.number()),
  sides: z.array(z.number()),
  text: z.string(),
  joint: z.array(z.number()),
  /** State of the first finding; all others are absent. */
  state: z.number(),
  reports: z.record(z.string(), z.array(z.number())),
});

/** The drawn study: [2,1,S,S] in 0…1. */
function drawing(size: number): Tensor {
  const data = new Float32Array(2 * size * size);
  for (let v = 0; v < 2; v++)
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        data[(v * size + y) * size + x] = 0.5 + 0.5 * Math.sin(0.05 * (v + 1) * x) * Math.cos(0.04 * y);
  return float(data, [2, 1, size, size]);
}

const farthest = (a: Float32Array, b: number[]) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

const likeliest = (logits: Float32Array) =>
  logits.reduce((best, value, i) => (value > (logits[best] ?? -Infinity) ? i : best), 0);

describe.skipIf(!hasPack)('parity with PyTorch (needs models/cxr)', () => {
  const wanted = Parity.parse(JSON.parse(readFileSync(join(packFolder, 'parity.json'), 'utf8')));
  let pack: Pack;
  let seen: Record<string, Tensor>;
  beforeAll(async () => {
    pack = await openPack(packFolder);
    const model = await pack.model('image');
    seen = await model.run({ images: drawing(pack.manifest.image.size), views: int([0, 1], [2]) });
  });
  afterAll(() => pack.dispose());

  it('sees the same findings and sides', () => {
    expect(wanted.logits).toHaveLength(pack.manifest.findings.length);
    expect(farthest(floats(seen, 'logits'), wanted.logits)).toBeLessThan(0.03);
    expect(farthest(floats(seen, 'side_logits'), wanted.sides)).toBeLessThan(0.03);
  });

  it('reads the same meaning, but for the rounding of eight bits', async () => {
    const [read] = await embedTexts(pack, [wanted.text], { states: false });
    const cosine = read?.joint.reduce((sum, value, i) => sum + value * (wanted.joint[i] ?? 0), 0);
    expect(cosine).toBeGreaterThan(0.98);
  });

  it.each(Object.keys(wanted.reports))('writes the same tokens, adapter %s', async (name) => {
    const { bos, eos, layers, heads, width } = pack.manifest.decoder;
    const { semanticWidth } = pack.manifest.text;
    const adapter = await loadAdapter(pack, name);
    const states = wanted.logits.map((_, f) => (f === 0 ? wanted.state : 0));
    const memory = await (await pack.model('memory')).run({
      tokens: seen.tokens ?? float(new Float32Array(0), []),
      finding_states: int(states, [1, states.length]),
      text_states: float(new Float32Array(semanticWidth), [1, 1, semanticWidth]),
      text_kinds: int([2], [1, 1]),
    });
    const { cross_keys, cross_values } = memory;
    if (!cross_keys || !cross_values) throw new Error('no memory');
    const step = await pack.model('step');
    let past_keys = float(new Float32Array(0), [layers, 1, heads, 0, width / heads]);
    let past_values = past_keys;
    const expected = wanted.reports[name] ?? [];
    const ids = [bos];
    while (ids.length < expected.length && ids.at(-1) !== eos) {
      const out = await step.run({
        input_ids: int([ids.at(-1) ?? bos], [1, 1]),
        ...{ cross_keys, cross_values, past_keys, past_values, lora_a: adapter.a, lora_b: adapter.b },
      });
      ids.push(likeliest(floats(out, 'logits')));
      past_keys = out.present_keys ?? past_keys;
      past_values = out.present_values ?? past_values;
    }
    expect(ids).toEqual(expected);
    expect(expected.length).toBeGreaterThan(10);
  });
});
