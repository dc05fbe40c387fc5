import { describe, expect, it } from 'vitest';
import {
  bleu,
  bleuCounts,
  cleanReport,
  draftTokens,
  referenceTokens,
  rougeL,
  sumBleu,
  UNKNOWN,
  vocabularyOf,
} from '../../../main/evaluate/ngrams.js';

const words = (text: string) => text.split(' ');

describe('cleaning', () => {
  it('drops numbering and punctuation, keeps hyphens and marks, and sets a stop after each sentence', () => {
    expect(
      cleanReport('1. Heart is normal.. No X-ray (XXXX) changes, "old" or/new. 2. Lungs clear.').join(' '),
    ).toBe('heart is normal . no x-ray xxxx changes old ornew . lungs clear .');
  });

  it('keeps a decimal inside its sentence, without its point', () => {
    expect(cleanReport('A nodule of 1.5 cm.').join(' ')).toBe('a nodule of 15 cm .');
  });

  it('makes rare words of the reference unknown, and cuts it at 59 tokens, a draft at 60', () => {
    const vocabulary = vocabularyOf(['Clear lungs. Clear heart.', 'Clear lungs.', 'Lungs.']);
    expect([...vocabulary].sort()).toEqual(['.', 'clear', 'lungs']);
    expect(referenceTokens('Clear heart.', vocabulary)).toEqual(['clear', UNKNOWN, '.']);
    expect(referenceTokens('Clear heart.', new Set())).toEqual(['clear', 'heart', '.']);
    const long = Array.from({ length: 90 }, () => 'clear').join(' ');
    expect(referenceTokens(long, vocabulary)).toHaveLength(59);
    expect(draftTokens(long)).toHaveLength(60);
  });
});

describe('BLEU', () => {
  const first = bleuCounts(words('a b c d'), words('a b c e f'));

  it('is what the definition gives by hand', () => {
    expect(first.found).toEqual([3, 2, 1, 0]);
    expect(first.drafted).toEqual([4, 3, 2, 1]);
    const penalty = Math.exp(1 - 5 / 4);
    const [b1, b2, b3, b4] = bleu(first);
    expect(b1).toBeCloseTo(penalty * (3 / 4), 10);
    expect(b2).toBeCloseTo(penalty * Math.sqrt((3 / 4) * (2 / 3)), 10);
    expect(b3).toBeCloseTo(penalty * Math.cbrt((3 / 4) * (2 / 3) * (1 / 2)), 10);
    expect(b4).toBe(0);
  });

  it('sums over the corpus before it divides', () => {
    const same = bleuCounts(words('a b c d e'), words('a b c d e'));
    const sum = sumBleu([first, same]);
    expect(bleu(sum)[3]).toBeCloseTo(
      Math.exp(1 - 10 / 9) * ((8 / 9) * (6 / 7) * (4 / 5) * (2 / 3)) ** 0.25,
      10,
    );
    expect(bleu(same)).toEqual([1, 1, 1, 1]);
  });

  it('counts a repeated word only as often as the reference has it', () => {
    expect(bleuCounts(words('a a a a'), words('a a b c')).found).toEqual([2, 1, 0, 0]);
  });

  it('does not reward a draft for being longer than its reference, and gives an empty one nothing', () => {
    expect(bleu(bleuCounts(words('a b c d'), words('a b')))[0]).toBe(0.5);
    expect(bleu(bleuCounts([], words('a b')))).toEqual([0, 0, 0, 0]);
  });
});

it('ROUGE-L weighs recall by 1.2', () => {
  const score = rougeL(words('a b c d'), words('a c e d x'));
  expect(score).toBeCloseTo((2.44 * 0.75 * 0.6) / (0.6 + 1.44 * 0.75), 10);
  expect(rougeL(words('a b'), words('c d'))).toBe(0);
  expect(rougeL(words('a b'), words('b a'))).toBeCloseTo(0.5, 10);
});
