import { describe, expect, it } from 'vitest';
import { similarSentences, withSimilar } from '../../../main/draft/index.js';
import type { FindingEstimate } from '../../../main/encode/index.js';
import { CaseBank, type HeldCase, type SimilarCase } from '../../../main/retrieve/index.js';

const estimate = (id: string, probability: number): FindingEstimate => ({
  id,
  name: id,
  sided: false,
  probability,
  likely: probability >= 0.3,
  possible: probability >= 0.1,
  thresholds: { likely: 0.3, possible: 0.1 },
});

const earlier = (id: string, present: string[], findings: string[] = []): HeldCase => ({
  id,
  joint: new Float32Array([1]),
  findings,
  impression: [],
  present: new Set(present),
});
const like = (cases: HeldCase[]): SimilarCase[] => cases.map((one) => ({ case: one, score: 0.9 }));

describe('what similar reports add', () => {
  const sick = [earlier('a', ['cardiomegaly']), earlier('b', ['cardiomegaly'])];
  const all = [...sick, ...Array.from({ length: 8 }, (_, i) => earlier(`n${i}`, []))];

  const counts = new CaseBank(all).counts();

  it('raises what they report more often than all do, and lowers what they do not', () => {
    const before = [estimate('cardiomegaly', 0.29), estimate('pneumothorax', 0.05)];
    const after = withSimilar(before, like(sick), counts);
    expect(after[0]?.probability).toBeGreaterThan(0.3);
    expect(after[0]?.likely).toBe(true);
    expect(after[1]?.probability).toBeGreaterThan(0.02);
    const well = withSimilar(before, like(all.slice(2)), counts);
    expect(well[0]?.probability).toBeLessThan(0.29);
  });

  it('changes nothing without similar cases', () => {
    const before = [estimate('cardiomegaly', 0.25)];
    expect(withSimilar(before, [], counts)).toEqual(before);
  });

  it('gives the decoder sentences that the image bears out, the telling ones first', () => {
    const cases = [
      earlier(
        'a',
        [],
        [
          'The lungs are clear',
          'There is a large pneumothorax',
          'The heart is enlarged',
          'The heart is unchanged in size',
        ],
      ),
    ];
    const sentences = similarSentences(
      [estimate('cardiomegaly', 0.8), estimate('pneumothorax', 0.01)],
      like(cases),
      3,
    );
    expect(sentences).toEqual(['the heart is enlarged', 'the lungs are clear']);
  });
});
