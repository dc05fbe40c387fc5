import { describe, expect, it } from 'vitest';
import { type Candidate, complete, isSaid } from '../../../main/draft/complete.js';
import { phrases } from '../../../main/draft/phrases.js';
import { parseFindings } from '../../../main/findings/finding-parser.js';
import { estimate } from './values.js';

const model = (text: string, section: Candidate['section'] = 'findings'): Candidate => ({
  section,
  text,
  origin: 'model',
  statements: parseFindings(text),
});
const phrased = Object.keys(phrases);
const quiet = ['cardiomegaly', 'airspace_disease', 'pulmonary_edema', 'pleural_effusion', 'pneumothorax'].map(
  (id) => estimate(id, 0.01),
);
/** Estimates with some of them replaced. */
const seen = (...own: ReturnType<typeof estimate>[]) => [
  ...quiet.filter((f) => !own.some((o) => o.id === f.id)),
  ...own,
];
const texts = (candidates: Candidate[], section: Candidate['section']) =>
  candidates.filter((c) => c.section === section).map((c) => c.text);

describe('complete', () => {
  it('writes the normal report where nothing was written and nothing is seen', () => {
    const all = complete([], seen());
    expect(texts(all, 'findings')).toEqual([
      'The heart is normal in size.',
      'No focal consolidation, pleural effusion or pneumothorax.',
    ]);
    expect(texts(all, 'impression')).toEqual(['No acute cardiopulmonary abnormality.']);
  });

  it('goes through the whole chest where everything was looked at', () => {
    const every = phrased.map((id) => estimate(id, 0.01));
    expect(texts(complete([], every), 'findings')).toEqual([
      'The heart is normal in size.',
      'The mediastinal contours are normal.',
      'The lungs are clear.',
      'No pleural effusion or pneumothorax.',
      'The bones are intact.',
    ]);
    const broken = [...every.filter((f) => f.id !== 'rib_fracture'), estimate('rib_fracture', 0.3)];
    expect(texts(complete([], broken), 'findings')).not.toContain('The bones are intact.');
  });

  it('adds what is likely and was not said, with its side, and concludes on it', () => {
    const all = complete(
      [],
      seen(estimate('pleural_effusion', 0.9, { left: 0.9, right: 0.1 }), estimate('scoliosis', 0.8)),
    );
    expect(texts(all, 'findings')).toEqual([
      'There is a left pleural effusion.',
      'There is scoliosis of the thoracic spine.',
      'The heart is normal in size.',
      'No focal consolidation or pneumothorax.',
    ]);
    expect(texts(all, 'impression')).toEqual(['Left pleural effusion.']);
  });

  it('concludes on what is sure as a fact, on the rest as possible', () => {
    const all = complete([], seen(estimate('pleural_effusion', 0.5), estimate('cardiomegaly', 0.9)));
    expect(texts(all, 'findings')).toContain('There is a pleural effusion.');
    expect(texts(all, 'impression')).toEqual(['Cardiomegaly and possible pleural effusion.']);
    const said = all.filter((c) => c.section === 'impression').flatMap((c) => c.statements);
    expect(said.map(({ finding, state }) => [finding, state])).toEqual([
      ['cardiomegaly', 'present'],
      ['pleural_effusion', 'uncertain'],
    ]);
  });

  it('says nothing of what is left to the radiologist', () => {
    const left = new Set(['cardiomegaly', 'opacity']);
    const all = complete([], seen(estimate('cardiomegaly', 0.5), estimate('opacity', 0.5)), left);
    expect(all.map(({ text }) => text).join(' ')).not.toMatch(/cardiac|heart|opacity/i);
    expect(texts(all, 'impression')).toHaveLength(1);
  });

  it('keeps what was said, and does not say it again', () => {
    const kept = [model('Mild cardiomegaly.'), model('Cardiomegaly.', 'impression')];
    const all = complete(kept, seen(estimate('cardiomegaly', 0.9)));
    expect(texts(all, 'findings')).toEqual([
      'Mild cardiomegaly.',
      'No focal consolidation, pleural effusion or pneumothorax.',
    ]);
    expect(texts(all, 'impression')).toEqual(['Cardiomegaly.', 'No acute cardiopulmonary abnormality.']);
  });

  it('does not conclude that nothing is acute beside an opacity', () => {
    const all = complete([], seen(estimate('opacity', 0.9)));
    expect(texts(all, 'impression')).toEqual(['Pulmonary opacity.']);
  });

  it('does not take a hedge for a statement of what is likely', () => {
    const all = complete([model('Opacity may represent atelectasis.')], seen(estimate('atelectasis', 0.9)));
    expect(texts(all, 'findings')).toContain('There is atelectasis.');
  });

  it('denies nothing that is possible', () => {
    const all = complete([], seen(estimate('pleural_effusion', 0.3), estimate('cardiomegaly', 0.9)));
    expect(texts(all, 'findings')).toContain('No focal consolidation or pneumothorax.');
    expect(texts(all, 'impression')).toEqual(['Cardiomegaly.']);
  });

  it('always concludes; what the image leaves open is for the flag to tell', () => {
    expect(texts(complete([], seen(estimate('pleural_effusion', 0.3))), 'impression')).toEqual([
      'No acute cardiopulmonary abnormality.',
    ]);
  });

  it('names the exact finding alone in the impression', () => {
    const all = complete([], seen(estimate('opacity', 0.9), estimate('atelectasis', 0.9)));
    expect(texts(all, 'impression')[0]).toBe('Atelectasis.');
  });
});

it('knows what was said already', () => {
  const kept = [model('There is a left pleural effusion and cardiomegaly.')];
  expect(isSaid(kept, 'findings', parseFindings('Pleural effusion.'))).toBe(true);
  expect(isSaid(kept, 'findings', parseFindings('Right pleural effusion.'))).toBe(false);
  expect(isSaid(kept, 'findings', parseFindings('No pleural effusion.'))).toBe(false);
  expect(isSaid(kept, 'impression', parseFindings('Pleural effusion.'))).toBe(false);
  expect(isSaid(kept, 'findings', [])).toBe(false);
});
