import { describe, expect, it } from 'vitest';
import {
  clearSide,
  type GroundingContext,
  groundSentence,
  readSnippet,
  regroundSentence,
} from '../../../main/draft/grounding.js';
import { ACUTE } from '../../../main/draft/phrases.js';
import { screen } from '../../../main/draft/screen.js';
import { parseFindings } from '../../../main/findings/finding-parser.js';
import { estimate, report, sentence, snippet } from './values.js';

const context = (over: Partial<GroundingContext> = {}): GroundingContext => ({
  section: 'findings',
  origin: 'model',
  findings: [
    estimate('pleural_effusion', 0.9, { left: 0.9, right: 0.1 }),
    estimate('cardiomegaly', 0.3),
    estimate('pneumothorax', 0.01, { left: 0.2, right: 0.2 }),
  ],
  snippets: [],
  others: [],
  hasPrior: false,
  ...over,
});
const codes = (text: string, over: Partial<GroundingContext> = {}) =>
  groundSentence(text, context(over)).flags.map((f) => f.code);
const other = (text: string, section: 'findings' | 'impression' = 'findings') => ({
  section,
  text,
  statements: parseFindings(text),
});

describe('support', () => {
  it('is the image for what it sees and for what it rules out', () => {
    expect(groundSentence('There is a left pleural effusion.', context())).toMatchObject({
      support: 'image',
      flags: [],
    });
    expect(groundSentence('No pneumothorax.', context())).toMatchObject({
      support: 'image',
      confidence: 0.99,
      flags: [],
    });
  });

  it('is both with a snippet on the same finding, which is cited with its document', () => {
    const snippets = [
      readSnippet(snippet('effusion', 'Pleural effusion blunts the costophrenic angle.', 0.8)),
      readSnippet(snippet('fracture', 'A rib fracture shows as a step of the cortex.', 0.9)),
    ];
    const grounded = groundSentence('There is a left pleural effusion.', context({ snippets }));
    expect(grounded.support).toBe('both');
    expect(grounded.citations.map((c) => c.snippet)).toEqual(['effusion']);
    expect(grounded.citations[0]).toMatchObject({ document: 'doc-effusion', licence: 'CC0' });
  });

  it('cites no text on the absence of a finding for its presence, nor on its look for its absence', () => {
    const snippets = [
      readSnippet(snippet('look', 'Pleural effusion blunts the costophrenic angle.', 0.8)),
      readSnippet(snippet('absence', 'No pleural effusion is seen where the angles are sharp.', 0.8)),
    ];
    const cited = (text: string) =>
      groundSentence(text, context({ snippets })).citations.map((c) => c.snippet);
    expect(cited('There is a pleural effusion.')).toEqual(['look']);
    expect(cited('There is no pleural effusion.')).toEqual(['absence']);
  });

  it('cites for what is normal no passage on another disease that says so in passing', () => {
    const passing = snippet('tumour', 'A lung mass may lie beside a pleura without pneumothorax.', 0.9);
    const normal = snippet('normal', 'Normal pleural spaces: there is no pneumothorax.', 0.7);
    const snippets = [passing, normal].map((one) => readSnippet(one));
    const { citations } = groundSentence('There is no pneumothorax.', context({ snippets }));
    expect(citations.map((citation) => citation.snippet)).toEqual(['normal']);
  });

  it('cites at most three, the best first', () => {
    const snippets = [0.5, 0.9, 0.7, 0.8].map((score, i) =>
      readSnippet(snippet(`s${i}`, 'Pleural effusion gathers at the base.', score)),
    );
    const { citations } = groundSentence('There is a pleural effusion.', context({ snippets }));
    expect(citations.map((c) => c.snippet)).toEqual(['s1', 's3', 's2']);
  });

  it('carries the side into the confidence', () => {
    expect(groundSentence('Left pleural effusion.', context()).confidence).toBeCloseTo(0.81);
    expect(groundSentence('Pleural effusion.', context()).confidence).toBeCloseTo(0.9);
  });
});

describe('flags', () => {
  it('a positive statement without the image is unsupported, even with a citation', () => {
    const snippets = [readSnippet(snippet('s', 'Cardiomegaly is a heart wider than half the chest.', 0.9))];
    expect(codes('Cardiomegaly.', { snippets })).toEqual(['unsupported']);
  });

  it('what the image denies with confidence is a contradiction too', () => {
    expect(codes('There is a pneumothorax.')).toEqual(['unsupported', 'contradiction']);
    expect(codes('No pleural effusion.')).toEqual(['contradiction']);
  });

  it('an absence the image does not rule out is unsupported', () => {
    expect(codes('The heart size is normal.')).toEqual(['unsupported']);
  });

  it('a sentence that nothing bears out is unsupported', () => {
    expect(codes('The trachea is midline.')).toEqual(['unsupported']);
  });

  it('the wrong side is a side conflict; the right one and both sides seen are not', () => {
    expect(codes('Right pleural effusion.')).toEqual(['side-conflict']);
    expect(codes('Left pleural effusion.')).toEqual([]);
    const findings = [estimate('pleural_effusion', 0.9, { left: 0.9, right: 0.8 })];
    expect(codes('Right pleural effusion.', { findings })).toEqual([]);
  });

  it('denying the other side is no contradiction', () => {
    expect(codes('No right pleural effusion.')).toEqual([]);
    expect(codes('No right pleural effusion.', { others: [other('Left pleural effusion.')] })).toEqual([]);
  });

  it('a comparison without a prior is invented, with one it is not', () => {
    expect(codes('Unchanged left pleural effusion.')).toEqual(['invented-prior']);
    expect(codes('Unchanged left pleural effusion.', { hasPrior: true })).toEqual([]);
  });

  it('two sentences that say opposite things contradict each other', () => {
    expect(codes('Left pleural effusion.', { others: [other('No pleural effusion.')] })).toEqual([
      'contradiction',
    ]);
    expect(codes('Left pleural effusion.', { others: [other('No large pleural effusion.')] })).toEqual([]);
  });

  it('a pneumothorax contradicts that nothing is acute; an effusion need not', () => {
    const others = [other('No acute cardiopulmonary abnormality.', 'impression')];
    expect(codes('Left pneumothorax.', { others, origin: 'human' })).toEqual(['contradiction']);
    expect(codes('Left pleural effusion.', { others, origin: 'human' })).toEqual([]);
  });

  it('findings and impression on different sides conflict', () => {
    expect(
      codes('Left pleural effusion.', { others: [other('Right pleural effusion.', 'impression')] }),
    ).toEqual(['side-conflict']);
  });
});

describe('a radiologist’s own words', () => {
  const findings = sentence('a', 'Left pleural effusion.');
  const impression = sentence('b', 'Left pleural effusion.', 'impression');

  it('need no support', () => {
    const grounded = regroundSentence('There is a pneumothorax.', report([findings, impression]), findings);
    expect(grounded).toMatchObject({
      flags: [],
      statements: [{ finding: 'pneumothorax', state: 'present' }],
    });
  });

  it('are still told of conflicts and comparisons', () => {
    const regrounded = (text: string) =>
      regroundSentence(text, report([findings, impression]), findings).flags.map((f) => f.code);
    expect(regrounded('Right pleural effusion.')).toEqual(['side-conflict']);
    expect(regrounded('No pleural effusion.')).toEqual(['contradiction']);
    expect(regrounded('The left pleural effusion is unchanged.')).toEqual(['invented-prior']);
  });

  it('do not conflict with rejected sentences', () => {
    const rejected = { ...impression, status: 'rejected' as const };
    expect(regroundSentence('Right pleural effusion.', report([findings, rejected]), findings).flags).toEqual(
      [],
    );
  });
});

describe('screen', () => {
  const findings = context().findings ?? [];
  const why = (text: string) => screen(text, parseFindings(text), findings);

  it.each([
    ['there is a pneumothorax', /does not show/],
    ['the heart is enlarged', /possible only/],
    ['no pleural effusion', /which the image shows/],
    ['heart size is normal', /does not rule out/],
    ['right pleural effusion', /wrong side/],
    ['stable left pleural effusion', /earlier examination/],
    ['pleural effusion with effusion', /repeats itself/],
  ])('leaves out: %s', (text, reason) => {
    expect(why(text)).toMatch(reason);
  });

  it('leaves out that nothing is acute, beside an opacity', () => {
    const text = 'no acute cardiopulmonary abnormality';
    const quiet = ACUTE.map((id) => estimate(id, 0.01));
    expect(screen(text, parseFindings(text), quiet)).toBeUndefined();
    expect(screen(text, parseFindings(text), [...quiet, estimate('opacity', 0.9)])).toMatch(/beside/);
  });

  it.each(['left pleural effusion', 'no pneumothorax', 'the trachea is midline'])('lets pass: %s', (text) => {
    expect(why(text)).toBeUndefined();
  });
});

it('a side is clear only with a margin', () => {
  expect(clearSide({ sides: { left: 0.9, right: 0.1 } })).toBe('left');
  expect(clearSide({ sides: { left: 0.9, right: 0.7 } })).toBe('bilateral');
  expect(clearSide({ sides: { left: 0.55, right: 0.45 } })).toBeUndefined();
  expect(clearSide({})).toBeUndefined();
});
