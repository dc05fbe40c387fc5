import { expect, it } from 'vitest';
import { meteor, meteorCounts, sumMeteor } from '../../../main/evaluate/meteor.js';

const words = (text: string) => text.split(' ');

it('matches words, then stems at 0.6, and counts the chunks', () => {
  const counts = meteorCounts(words('the lungs are clear'), words('lung is clear the'));
  expect(counts).toMatchObject({ matched: 3, chunks: 3, draftLength: 4, referenceLength: 4 });
  expect(counts.weight).toBeCloseTo(2.6, 10);
  expect(meteor(counts)).toBeCloseTo(0.65 * (1 - 0.6), 10);
});

it('takes the alignment with the fewest chunks', () => {
  expect(meteorCounts(words('no effusion'), words('effusion and no effusion'))).toMatchObject({
    matched: 2,
    chunks: 1,
  });
});

it('never matches one word of the reference twice', () => {
  expect(meteorCounts(words('clear clear'), words('clear lungs')).matched).toBe(1);
});

it('weighs recall over precision, and adds studies up before it divides', () => {
  const short = meteorCounts(words('a b'), words('a b c d'));
  const penalty = 1 - 0.6 * (1 / 2) ** 0.2;
  expect(meteor(short)).toBeCloseTo((0.5 / (0.85 + 0.15 * 0.5)) * penalty, 10);
  const nothing = meteorCounts(words('x'), words('y'));
  expect(meteor(nothing)).toBe(0);
  expect(meteor(sumMeteor([short, nothing]))).toBeCloseTo(
    (((2 / 3) * (2 / 5)) / (0.85 * (2 / 3) + 0.15 * (2 / 5))) * penalty,
    10,
  );
});
