import { describe, expect, it } from 'vitest';
import { clinicalKeystrokes, editDistance, verbatimKeystrokes } from '../../../main/evaluate/keystrokes.js';
import { referenceOf } from '../../../main/evaluate/reference.js';
import { negationAware, sentenceF1 } from '../../../main/evaluate/similarity.js';
import { meanings } from './meanings.js';

const reference = (findings: string, mesh: string[] = ['normal']) =>
  referenceOf({
    ...{ uid: '1', split: 'val', images: [], indication: '', impression: '' },
    ...{ findings, mesh },
  });

describe('verbatim', () => {
  it('counts edits, at most typing the section', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
    expect(
      verbatimKeystrokes(
        { findings: 'abc', impression: 'zzzzzz' },
        { sections: { findings: 'abcd', impression: 'No' } },
      ),
    ).toEqual({ needed: 3, typed: 6 });
  });
});

describe('clinical', () => {
  const none = meanings({});

  it('adds up rejecting, accepting, typing and signing', () => {
    const truth = reference(
      'No pleural effusion. The heart is enlarged. There is left atelectasis. Thank you.',
      ['Cardiomegaly'],
    );
    const offers = [{ finding: 'cardiomegaly', text: 'The cardiac silhouette is enlarged.' }];
    const cost = clinicalKeystrokes(
      ['There is a pneumothorax.', 'No pleural effusion.'],
      offers,
      truth,
      none,
    );
    // Sign 1, reject the pneumothorax 1, accept the heart 1, type 26 and 10.
    expect(cost).toEqual({ needed: 1 + 1 + 1 + 26 + 10, typed: 20 + 22 + 26 + 10 });
  });

  it('types only a side that was left unsaid, once', () => {
    const truth = reference('There is left atelectasis. Left atelectasis.', ['Pulmonary Atelectasis/left']);
    expect(clinicalKeystrokes(['There is atelectasis.'], [], truth, none).needed).toBe(1 + 5);
    expect(clinicalKeystrokes(['There is left atelectasis.'], [], truth, none).needed).toBe(1);
    // The wrong side is rejected, and the first sentence typed; the second is then said.
    expect(clinicalKeystrokes(['There is right atelectasis.'], [], truth, none).needed).toBe(1 + 1 + 26);
  });

  it('rejects a denial of what is there, and then counts nothing of its sentence', () => {
    const truth = reference('There is a pleural effusion. No pneumothorax. Clear bones.', [
      'Pleural Effusion',
    ]);
    const cost = clinicalKeystrokes(['No pleural effusion or pneumothorax.', 'Clear bones'], [], truth, none);
    expect(cost.needed).toBe(1 + 1 + 28 + 16);
  });

  it('takes a sentence without findings as said where one near to it stands', () => {
    const truth = reference('Written by hand.');
    const near = meanings({ 'Written by hand': 0, 'By hand.': 40 });
    const far = meanings({ 'Written by hand': 0, 'By hand.': 60 });
    expect(clinicalKeystrokes(['By hand.'], [], truth, near)).toEqual({ needed: 1, typed: 16 });
    expect(clinicalKeystrokes(['By hand.'], [], truth, far).needed).toBe(17);
  });

  it('never asks for more than typing it all', () => {
    const draft = [
      'There is a pneumothorax.',
      'There is a nodule.',
      'There is scoliosis.',
      'There is a scar.',
    ];
    expect(clinicalKeystrokes(draft, [], reference('Ok so.'), none)).toEqual({ needed: 7, typed: 6 });
  });
});

describe('similarity', () => {
  it('sees no likeness where one sentence denies the other', () => {
    const same = meanings({ 'There is a pleural effusion.': 10, 'No pleural effusion.': 10 });
    expect(negationAware('There is a pleural effusion.', 'No pleural effusion.', same)).toBe(0);
    expect(negationAware('No pleural effusion.', 'No pleural effusion.', same)).toBeCloseTo(1, 6);
  });

  it('is the F1 of the best matches both ways', () => {
    const table: Record<string, number> = { ax: 0.8, ay: 0.2 };
    const near = (a: string, b: string) => table[a + b] ?? 0;
    expect(sentenceF1(['a'], ['x', 'y'], near)).toBeCloseTo((2 * 0.8 * 0.5) / 1.3, 10);
    expect(sentenceF1([], ['x'], near)).toBe(0);
  });
});
