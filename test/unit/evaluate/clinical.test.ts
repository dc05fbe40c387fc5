import { describe, expect, it } from 'vitest';
import { citationCounts, supports } from '../../../main/evaluate/citations.js';
import {
  clinicalCounts,
  contradictsCoded,
  f1,
  macroF1,
  marksIn,
  priorsIn,
} from '../../../main/evaluate/clinical.js';
import { compare } from '../../../main/evaluate/compare.js';
import { curveOf } from '../../../main/evaluate/curve.js';
import { referenceOf } from '../../../main/evaluate/reference.js';
import { contradict, statementsOf } from '../../../main/evaluate/statements.js';
import { meanings } from './meanings.js';

function coded(mesh: string[], findings: string, impression = '') {
  const reference = referenceOf({
    ...{ uid: '1', split: 'val', images: [], indication: '' },
    ...{ mesh, findings, impression },
  });
  if (!reference.coding) throw new Error('Not coded.');
  return { ...reference, coding: reference.coding };
}

describe('clinical counts', () => {
  const reference = coded(
    ['Cardiomegaly', 'Pleural Effusion/left', 'Atherosclerosis'],
    'The heart is enlarged. There is a left pleural effusion. There is scoliosis.',
  );

  it('count by hand what a draft says', () => {
    const counts = clinicalCounts(
      [
        'The heart is enlarged.',
        'There is a right pleural effusion.',
        'There is scoliosis.',
        'There is a pneumothorax.',
        'No focal consolidation.',
      ],
      new Set(['aortic_calcification']),
      reference,
    );
    expect(counts).toMatchObject({
      ...{ tp: 2, fp: 2, fn: 1, missed: 0, normal: false },
      // Scoliosis is in the report though not in the coding: not invented, and yet no hit.
      ...{ sentences: 5, positive: 4, invented: 1, sided: 1, wrongSide: 1 },
    });
    expect(f1(counts)).toBeCloseTo(4 / 7, 10);
  });

  it('an empty draft misses all and invents nothing', () => {
    expect(clinicalCounts([], new Set(), reference)).toMatchObject({
      ...{ tp: 0, fp: 0, fn: 3, missed: 3, sentences: 0, invented: 0, sided: 0 },
    });
  });

  it('a denial is no statement of presence', () => {
    const counts = clinicalCounts(['No pleural effusion or pneumothorax.'], new Set(), reference);
    expect(counts).toMatchObject({ tp: 0, fp: 0, positive: 0 });
  });

  it('two sides said are both; half of what is coded is no contradiction', () => {
    const both = coded(['Pleural Effusion/bilateral'], '');
    const one = clinicalCounts(['There is a left pleural effusion.'], new Set(), both);
    expect(one).toMatchObject({ sided: 1, wrongSide: 0 });
    const two = clinicalCounts(
      ['There is a left pleural effusion.', 'There is a right pleural effusion.'],
      new Set(),
      reference,
    );
    expect(two).toMatchObject({ sided: 1, wrongSide: 1 });
    expect([contradictsCoded('left', 'left'), contradictsCoded('left', 'right')]).toEqual([false, true]);
  });
});

it('macro F1 is the mean over findings with five positives', () => {
  const large = coded(['Cardiomegaly'], '');
  const hit = clinicalCounts(['The heart is enlarged.'], new Set(), large);
  const miss = clinicalCounts([], new Set(), large);
  const stray = clinicalCounts(['There is a pneumothorax.'], new Set(), coded(['normal'], ''));
  expect(macroF1([hit, hit, hit, miss, miss, stray])).toEqual({ f1: 6 / 8, findings: 1 });
  expect(macroF1([hit, stray])).toEqual({ f1: null, findings: 0 });
});

it('compares systems by ratios, study by study', () => {
  const large = coded(['Cardiomegaly'], '');
  const good = clinicalCounts(['The heart is enlarged.', 'There is a nodule.'], new Set(), large);
  const poor = clinicalCounts(['There is a pneumothorax.'], new Set(), large);
  const { f1Abnormal, hallucination } = compare([good, good], [good, poor]);
  // F1 4/6 against 2/(2 + 2 + 1); invented 2 of 4 sentences against 2 of 3.
  expect(f1Abnormal.ratio).toBeCloseTo(4 / 6 / (2 / 5), 10);
  expect(hallucination.ratio).toBeCloseTo(3 / 4, 10);
  expect(compare([good, good], [poor, poor]).f1Abnormal.ratio).toBeNull();
});

it('counts invented comparisons and marks', () => {
  const sentences = ['The heart is unchanged.', 'XXXX opacity.', 'Clear lungs.'];
  expect([priorsIn(sentences), marksIn(sentences)]).toEqual([1, 1]);
});

it('knows opposites from what only differs', () => {
  const opposite = (a: string, b: string) => contradict(statementsOf(a), statementsOf(b));
  expect(opposite('There is a pleural effusion.', 'No pleural effusion.')).toBe(true);
  expect(opposite('There is a left pleural effusion.', 'There is a right pleural effusion.')).toBe(true);
  expect(opposite('There is a left pleural effusion.', 'There are bilateral pleural effusions.')).toBe(false);
  expect(opposite('There is a left pleural effusion.', 'No right pleural effusion.')).toBe(false);
  expect(opposite('There is a pleural effusion.', 'No pneumothorax.')).toBe(false);
});

describe('citations', () => {
  const embedded = meanings({
    'Written by hand.': 0,
    'By hand.': 40,
    'By heart.': 70,
  });

  it('support what they state themselves, and no opposite', () => {
    const effusion = 'There is a left pleural effusion.';
    expect(supports('A pleural effusion blunts the angle.', effusion, embedded)).toBe(true);
    expect(supports('There is a right pleural effusion.', effusion, embedded)).toBe(false);
    expect(supports('No pleural effusion is seen.', effusion, embedded)).toBe(false);
    expect(supports('There is a pneumothorax.', effusion, embedded)).toBe(false);
    expect(
      supports(
        'No pneumothorax. There is a pleural effusion.',
        'No pleural effusion or pneumothorax.',
        embedded,
      ),
    ).toBe(false);
  });

  it('support a sentence without findings by their meaning', () => {
    expect(supports('By hand.', 'Written by hand.', embedded)).toBe(true);
    expect(supports('By heart.', 'Written by hand.', embedded)).toBe(false);
  });

  it('are counted, alone and under their titles', () => {
    const cite = (title: string, text: string) => ({ snippet: 's', document: 'd', title, text, score: 1 });
    const counts = citationCounts(
      [
        {
          section: 'findings',
          text: 'There is a pleural effusion.',
          citations: [
            cite('Chest', 'A pleural effusion is seen.'),
            cite('Pleural effusion', 'It blunts what is sharp.'),
            cite('Chest', 'There is a nodule.'),
          ],
        },
        { section: 'findings', text: 'No pneumothorax.', citations: [] },
      ],
      embedded,
    );
    expect(counts).toEqual({ sentences: 2, cited: 1, citations: 3, supporting: 1, supportingWithTitle: 2 });
  });
});

it('the curve trades invention for F1 as the threshold falls', () => {
  const reference = coded(['Cardiomegaly'], 'The heart is enlarged.');
  const estimate = (id: string, name: string, probability: number) => ({
    ...{ id, name, sided: false, probability, likely: false, possible: false },
    thresholds: { likely: 1, possible: 1 },
  });
  const findings = [
    estimate('cardiomegaly', 'cardiomegaly', 0.62),
    estimate('hiatal_hernia', 'hiatal hernia', 0.32),
  ];
  const curve = curveOf([{ reference, findings }]);
  const at = (threshold: number) => curve.find((point) => point.threshold === threshold);
  expect(curve).toHaveLength(18);
  expect(at(0.3)?.f1).toBeCloseTo(2 / 3, 10);
  expect(at(0.3)?.hallucination).toBeGreaterThan(0);
  expect(at(0.6)).toMatchObject({ f1: 1, f1Abnormal: 1, hallucination: 0 });
  expect(at(0.7)).toMatchObject({ f1: 0, hallucination: 0 });
});
