import { expect, test } from 'vitest';
import { withFeedback, withFindings } from '../../../main/retrieve/feedback.js';
import { fuse, type Ranking } from '../../../main/retrieve/fuse.js';
import { indexSettings } from '../../../main/retrieve/store/settings.js';

const towards = (angle: number) => new Float32Array([Math.cos(angle), Math.sin(angle)]);
const text = (...hits: [string, number][]): Ranking => ({
  ...{ way: 'text', weight: 1, full: true },
  hits: hits.map(([key, score]) => ({ key, score })),
});
const order = (rankings: Ranking[]) =>
  fuse(rankings, { bm25Half: indexSettings.bm25Half }).map(({ key }) => key);

test('feedback raises what is like the first ones, and leaves what has no vector', () => {
  const rows = new Map([
    ['a', { semantic: towards(0) }],
    ['b', { semantic: towards(0.05) }],
    ['far', { semantic: towards(1.5) }],
    ['near', { semantic: towards(0.1) }],
    ['bare', {}],
  ]);
  const words: Ranking = { ...text(['a', 8]), way: 'bm25', weight: 0.01, full: false };
  const found = [text(['a', 0.8], ['b', 0.79], ['far', 0.5], ['near', 0.49], ['bare', 0.1]), words];
  expect(order(found)).toEqual(['a', 'b', 'far', 'near', 'bare']);
  const settings = { ...indexSettings, feedback: { documents: 2, weight: 1 } };
  const after = withFeedback(found, rows, settings);
  expect(order(after).indexOf('near')).toBeLessThan(order(after).indexOf('far'));
  expect(order(after)).toContain('bare');
  expect(fuse(after, { bm25Half: 16 })[1]?.scores).toEqual({ text: expect.any(Number) });
  expect(withFeedback(found, new Map(), settings)).toEqual(found);
  const alone = found.slice(0, 1);
  expect(withFeedback(alone, rows, settings), 'a single way is not asked twice').toEqual(alone);
});

test('of a report the findings count that it states as present, of an article those it is about', () => {
  const rows = new Map([
    ['denies', { topic: 'report', findings: ['pneumothorax'], present: [] }],
    ['states', { topic: 'report', findings: ['pneumothorax'], present: ['pneumothorax'] }],
    ['many', { topic: 'report', findings: [], present: ['pneumothorax', 'nodule', 'scoliosis'] }],
    ['article', { topic: 'appearance', findings: ['pneumothorax'], present: [] }],
  ]);
  const found = [text(...[...rows.keys()].map((key): [string, number] => [key, 0.5]))];
  const [, ranking] = withFindings(found, rows, ['pneumothorax'], 0.1);
  const scoreOf = (key: string) => ranking?.hits.find((hit) => hit.key === key)?.score;
  expect(scoreOf('states')).toBe(1);
  expect(scoreOf('article')).toBe(1);
  expect(scoreOf('many')).toBeCloseTo(1 / 3, 10);
  expect(scoreOf('denies')).toBe(0);
  expect(withFindings(found, rows, [], 0.1)).toEqual(found);
});
