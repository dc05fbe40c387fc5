import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { AnswerView } from '../../../renderer/ask/answer-view.js';
import { caseAddress, imagesShown } from '../../../renderer/cases/case-address.js';
import { CaseCard, personText } from '../../../renderer/cases/case-card.js';
import { SimilarCases } from '../../../renderer/cases/similar-cases.js';
import { beginningOf } from '../../../renderer/chrome/long-text.js';
import { stretchesOf } from '../../../renderer/evidence/marked.js';
import { numberCitations } from '../../../renderer/evidence/numbering.js';
import { caseHit, snippet } from './knowledge-sample.js';
import { citation, report, sentence } from './sample.js';

const nothing = () => {};

describe('cues', () => {
  const texts = (cues: [number, number][]) =>
    stretchesOf('abcdefgh', cues).map(({ text, cue }) => (cue ? text.toUpperCase() : text));
  it('cut a text without losing a letter', () => {
    expect(
      texts([
        [2, 4],
        [6, 8],
      ]),
    ).toEqual(['ab', 'CD', 'ef', 'GH']);
    expect(texts([])).toEqual(['abcdefgh']);
  });
  it('that do not fit the text are left out', () => {
    expect(
      texts([
        [0, 3],
        [2, 5],
        [6, 20],
        [5, 5],
      ]),
    ).toEqual(['ABC', 'defgh']);
  });
  it('of a citation are those of the snippet as it was retrieved', () => {
    const retrieved = snippet('s1', { text: 'Text of s1.', cues: [[0, 4]] });
    const cited = (text: string) =>
      numberCitations(
        report([sentence('a', { citations: [citation('s1', { text })] })], {
          evidence: { query: '', documents: [], snippets: [retrieved], problems: [] },
        }),
      ).get('s1');
    expect(cited('Text of s1.')).toMatchObject({ cues: [[0, 4]], dataset: 'chest' });
    expect(cited('Another text.')?.cues).toEqual([]);
  });
});

describe('an earlier case', () => {
  it('is labelled as one, with how alike it is and what is known of whose it was', () => {
    const html = renderToStaticMarkup(<CaseCard hit={caseHit('c')} />);
    for (const part of [
      'Earlier case',
      'Alike 0.91',
      '67 years, female',
      'pleural effusion',
      'aria-expanded="false"',
    ])
      expect(html).toContain(part);
    expect(html).not.toContain('A small left effusion.');
  });
  it('shows its images and its report in place, long sections only by their beginning', () => {
    const long = 'A sentence of the report. '.repeat(80);
    const html = renderToStaticMarkup(
      <CaseCard hit={caseHit('c', { sections: [{ kind: 'findings', text: long }] })} startsOpen />,
    );
    expect(html.match(/data-testid="case-image"/g)).toHaveLength(2);
    expect(html).toContain('Show all of it');
    expect(html.length).toBeLessThan(long.length);
  });
  it('says nothing of what is not known', () => {
    expect(personText({})).toBe('');
    expect(personText({ ageYears: 0 })).toBe('0 years');
  });
  it('has addresses that hold any id, and no more images than fit', () => {
    expect(caseAddress('a b', 'c/d', 3)).toBe('wetread://case/a%20b/c%2Fd/3');
    expect(imagesShown(500)).toHaveLength(8);
  });
});

describe('similar cases', () => {
  const shown = (state: Parameters<typeof SimilarCases>[0]['state']) =>
    renderToStaticMarkup(<SimilarCases state={state} />);
  it('say why there are none', () => {
    const html = shown({ found: { cases: [], reason: 'No images were imported.' }, refusal: undefined });
    expect(html).toContain('No similar case.');
    expect(html).toContain('No images were imported.');
  });
  it('say that they are looked for, and why they cannot be', () => {
    expect(shown({ found: undefined, refusal: undefined })).toContain('role="status"');
    expect(shown({ found: undefined, refusal: 'The engine was lost.' })).toContain('role="alert"');
  });
});

describe('an answer', () => {
  const answer = {
    question: 'Where first?',
    modality: 'XR' as const,
    snippets: [snippet('s', { cues: [[4, 12]] })],
    problems: [],
  };
  it('is quoted with its cues, source, licence and version', () => {
    const html = renderToStaticMarkup(<AnswerView answer={answer} onOpen={nothing} />);
    expect(html).toContain('<blockquote>');
    expect(html).toMatch(/<mark[^>]*>effusion<\/mark>/);
    for (const part of ['word for word', 'Own words', 'CC BY 4.0', 'version 1.0'])
      expect(html).toContain(part);
  });
  it('is none where the indices do not say', () => {
    const html = renderToStaticMarkup(<AnswerView answer={{ ...answer, snippets: [] }} onOpen={nothing} />);
    expect(html).toContain('Not found in the indices.');
    expect(html).not.toContain('<blockquote>');
  });
});

it('a text is cut only where that saves something', () => {
  expect(beginningOf('short', 10)).toBe('short');
  expect(beginningOf('eleven chars', 10)).toBe('eleven chars');
  expect(beginningOf('one two three four five', 10)).toBe('one two …');
});
