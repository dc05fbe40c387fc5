import { describe, expect, test } from 'vitest';
import { cueQuery, cuesOf } from '../../../main/retrieve/cues.js';
import { entitiesOf, otherNames, writtenOut } from '../../../main/retrieve/entities.js';

const named = (text: string) =>
  entitiesOf(text)
    .filter(({ finding }) => !finding)
    .map(({ names, from, to }) => [names[0], text.slice(from, to)]);

describe('clinical entities', () => {
  test('are found by name, other name and abbreviation, in their order', () => {
    expect(named('SOB, r/o PTX, known heart failure and a collapsed lung')).toEqual([
      ['shortness of breath', 'SOB'],
      ['pneumothorax', 'PTX'],
      ['congestive heart failure', 'heart failure'],
      ['pneumothorax', 'collapsed lung'],
    ]);
  });

  test('are the findings of the pack too, with words between theirs', () => {
    const findings = entitiesOf('An enlarged, globular heart beside fluid').filter((one) => one.finding);
    expect(findings.map(({ names }) => names[0])).toEqual(['cardiomegaly']);
  });

  test('abbreviations of two letters count in capitals only, longer ones in any', () => {
    expect(named('pe of the chest, or PE')).toEqual([['pulmonary embolism', 'PE']]);
    expect(named('copd')[0]?.[1]).toBe('copd');
    expect(named('the ms of a ha')).toEqual([]);
  });

  test('of names within names the longer counts', () => {
    expect(named('compression fracture')).toHaveLength(1);
    expect(named('acute myocardial infarction')).toEqual([
      ['myocardial infarction', 'myocardial infarction'],
    ]);
  });

  test('a name is no name inside of another word, endings of number aside', () => {
    expect(named('falling asthmatics')).toEqual([]);
    expect(named('gallstones')).toHaveLength(1);
  });

  test('abbreviations are written out, and nothing else is touched', () => {
    expect(writtenOut('CP & SOB; "pneumonia"?')).toBe('chest pain & shortness of breath; "pneumonia"?');
    expect(writtenOut('no abbreviation here')).toBe('no abbreviation here');
    expect(writtenOut('')).toBe('');
  });

  test('other names are words that the text does not have', () => {
    const words = otherNames('Shortness of breath').split(' ');
    expect(words).toEqual(expect.arrayContaining(['dyspnea', 'breathlessness']));
    expect(words).not.toContain('breath');
    expect(otherNames('pleural effusion')).toBe('');
    expect(otherNames('something else')).toBe('');
  });
});

describe('cues', () => {
  const cued = (query: string, text: string, findings: string[] = []) =>
    cuesOf(text, cueQuery(query, findings)).map(([from, to]) => text.slice(from, to));

  test('mark what the query names, in whatever words', () => {
    expect(cued('SOB and fluid', 'Dyspnea with pleural fluid is common.')).toEqual(['Dyspnea', 'fluid']);
    expect(cued('', 'A blunted costophrenic angle shows an effusion.', ['pleural_effusion'])).toEqual([
      'effusion',
    ]);
    expect(cued('meniscus height', 'The meniscus climbs to the height of a rib.')).toEqual([
      'meniscus',
      'height',
    ]);
  });

  test('are joined where they touch, ascending, few, and none for words of no meaning', () => {
    expect(cued('tension pneumothorax', 'A tension pneumothorax shifts the heart.')).toEqual([
      'tension pneumothorax',
    ]);
    const text = 'one alpha two bravo three charlie four delta five echo six foxtrot seven';
    const cues = cuesOf(text, cueQuery('alpha bravo charlie delta foxtrot', []));
    expect(cues.length).toBeLessThanOrEqual(4);
    expect(cues).toEqual([...cues].sort((a, b) => a[0] - b[0]));
    expect(cued('what is the usual case of this', 'This is the usual case.')).toEqual([]);
  });
});
