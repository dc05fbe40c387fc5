import { describe, expect, test } from 'vitest';
import { adaptiveCut, type Candidate, pickDiverse } from '../../../main/retrieve/select.js';

const candidate = (
  id: string,
  score: number,
  direction: number,
  text = `unlike ${id} ${id}${id}`,
): Candidate & { id: string } => ({
  id,
  score,
  text,
  semantic: new Float32Array([Math.cos(direction), Math.sin(direction)]),
});
const ids = (of: { id: string }[]) => of.map(({ id }) => id);

describe('adaptiveCut', () => {
  const scored = (...scores: number[]) => scores.map((score) => ({ score }));
  test('keeps what is within the ratio of the best', () => {
    expect(adaptiveCut(scored(0.8, 0.5, 0.4, 0.39), 0.5)).toHaveLength(3);
    expect(adaptiveCut(scored(0.8, 0.1, 0.1), 0.5)).toHaveLength(1);
  });
  test('keeps at least one, and all at ratio 0', () => {
    expect(adaptiveCut(scored(0), 0.5)).toHaveLength(1);
    expect(adaptiveCut(scored(0.8, 0.1, 0), 0)).toHaveLength(3);
    expect(adaptiveCut([], 0.5)).toEqual([]);
  });
});

describe('pickDiverse', () => {
  const options = { max: 2, diversity: 0.3, nearDuplicate: 0.95 };
  test('prefers what is unlike the best to its near neighbour', () => {
    const ranked = [candidate('a', 0.9, 0), candidate('b', 0.85, 0.5), candidate('c', 0.7, 1.5)];
    expect(ids(pickDiverse(ranked, options))).toEqual(['a', 'c']);
    expect(ids(pickDiverse(ranked, { ...options, diversity: 0 }))).toEqual(['a', 'b']);
  });
  test('leaves out near duplicates by vector and by words', () => {
    const ranked = [
      candidate('a', 0.9, 0, 'a small left pleural effusion'),
      candidate('b', 0.8, 0.01),
      candidate('c', 0.7, 1.5, 'A small left pleural effusion.'),
      candidate('d', 0.1, 1.5),
    ];
    expect(ids(pickDiverse(ranked, { ...options, max: 4 }))).toEqual(['a', 'd']);
  });
});
