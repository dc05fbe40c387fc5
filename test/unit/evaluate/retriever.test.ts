import { describe, expect, it } from 'vitest';
import { consensus } from '../../../main/evaluate/consensus.js';
import { contextCounts, NORMAL, relevance, retrieverFigures } from '../../../main/evaluate/retriever.js';
import type { SimilarCase } from '../../../main/retrieve/index.js';

const near = (id: string, findings: string[] = [], impression: string[] = []): SimilarCase => ({
  case: { id, findings, impression, present: new Set() },
  score: 1,
});

describe('the retriever', () => {
  it('grades a case by what both are coded with', () => {
    expect(relevance(new Set(['a', 'b']), new Set(['b', 'c']))).toBeCloseTo(1 / 3, 10);
    expect(relevance(NORMAL, NORMAL)).toBe(1);
    expect(relevance(NORMAL, new Set(['a']))).toBe(0);
    expect(relevance(new Set(), new Set())).toBe(0);
  });

  it('is scored by hand', () => {
    const codes = new Map([
      ['1', new Set(['c'])],
      ['2', new Set(['a', 'c'])],
      ['3', new Set(['a', 'b'])],
    ]);
    const ranked = ['1', '2', '3'].map((id) => near(id));
    const figures = retrieverFigures(
      [
        { codes: new Set(['a', 'b']), ranked },
        { codes: new Set(), ranked },
      ],
      codes,
    );
    // Gains 0, 1/3, 1 against 1, 1/3, 0 at best.
    const gain = 1 / 3 / Math.log2(3) + 1 / 2;
    const ideal = 1 + 1 / 3 / Math.log2(3);
    expect(figures).toEqual({
      studies: 1,
      recall: { at1: 0, at5: 1, at10: 1 },
      mrr: 1 / 3,
      ndcgAt10: gain / ideal,
    });
  });

  it('counts the texts that speak of what is coded or denied', () => {
    const texts = ['Pleural effusion blunts the angle.', 'A nodule is round.', 'Scoliosis is a curve.'];
    expect(contextCounts(texts, new Set(['pleural_effusion']), ['No nodule'])).toEqual({
      texts: 3,
      relevant: 2,
    });
  });
});

describe('consensus of the nearest cases', () => {
  const cases = [
    near('1', ['The heart is normal in size', 'There is a nodule'], ['No acute disease']),
    near('2', ['Heart size is normal', 'There is a pleural effusion']),
    near('3', ['Normal heart size', 'There is a pleural effusion']),
    near('4', ['There is a pleural effusion', 'Thank you']),
    near('5', ['Thank you', 'The heart is enlarged']),
  ];

  it('keeps what three of five state, in the words of the nearest, with those that agree cited', () => {
    const sentences = consensus(cases);
    expect(sentences.map(({ section, text }) => [section, text])).toEqual([
      ['findings', 'The heart is normal in size.'],
      ['findings', 'There is a pleural effusion.'],
    ]);
    expect(sentences[1]?.citations.map(({ document }) => document)).toEqual(['2', '3', '4']);
  });

  it('says nothing where they do not agree', () => {
    expect(consensus(cases.slice(3))).toEqual([]);
  });
});
