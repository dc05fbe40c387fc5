import { expect, it } from 'vitest';
import { isReusable } from '../../../main/draft/index.js';
import { findingsOf, isCoded, isNormal, sidesOf, termsOf } from '../../../main/evaluate/coding.js';
import { bestConstant } from '../../../main/evaluate/constant.js';
import { corpusOf } from '../../../main/evaluate/corpus.js';
import { parseStudies, type ReportedStudy, withoutMarks } from '../../../main/evaluate/dataset.js';
import { splitSentences } from '../../../main/findings/index.js';

const study = (uid: string, over: Partial<ReportedStudy> = {}): ReportedStudy => ({
  ...{ uid, split: 'train', images: [], indication: '', findings: '', impression: '', mesh: [] },
  ...over,
});

it('reads the lines that are studies and names those that are not', () => {
  const lines = [
    '{"uid": 7, "split": "test", "images": [{"file": "a.jpg"}], "findings": null}',
    'not JSON',
    '{"split": "test"}',
    '',
    '{"uid": "7", "split": "val"}',
  ].join('\n');
  const { studies, problems } = parseStudies(lines, 'studies.jsonl');
  expect(studies).toEqual([study('7', { split: 'test', images: [{ file: 'a.jpg' }] })]);
  expect(problems.map(({ message }) => message)).toEqual([
    'Line 2 is not JSON; it is left out.',
    'Line 3 is not a study; it is left out.',
    'Line 5 has the uid 7 a second time; it is left out.',
  ]);
});

it('takes out what was removed for privacy', () => {
  expect(withoutMarks('No XXXX of effusion, XXXX. Normal chest x-XXXX.')).toBe(
    'No of effusion,. Normal chest x-.',
  );
});

it('reads the coding by head and qualifiers', () => {
  const coded = {
    mesh: ['Cardiac Shadow/enlarged/mild', 'Pleural Effusion/left/small', 'Thoracic Vertebrae'],
  };
  expect([...findingsOf(coded)].sort()).toEqual(['cardiomegaly', 'pleural_effusion']);
  expect(findingsOf({ mesh: ['Cardiac Shadow'] }).size).toBe(0);
  expect(sidesOf(termsOf(coded, ['Pleural Effusion']))).toBe('left');
  expect(sidesOf(['Opacity/lung/middle lobe', 'Opacity/lingula'])).toBe('bilateral');
  expect(sidesOf(['Opacity/lung'])).toBeUndefined();
  expect([isNormal({ mesh: ['normal'] }), isCoded({ mesh: [] }), isCoded({ mesh: ['No Indexing'] })]).toEqual(
    [true, false, false],
  );
});

it('never learns from the split that is measured, whatever the corpus calls it', () => {
  const all = [
    study('1'),
    study('2', { split: 'extra' }),
    study('3', { split: 'val' }),
    study('4', { split: 'test' }),
    study('5'),
  ];
  const uids = (split: string, measured: string[]) =>
    corpusOf(all, { split, measured: new Set(measured) }).map(({ uid }) => uid);
  expect(uids('test', ['4', '5'])).toEqual(['1', '2']);
  expect(uids('train', ['1', '5'])).toEqual(['2']);
});

it('says again neither marks nor comparisons', () => {
  expect(
    splitSentences('Heart is normal. XXXX opacity. Unchanged effusion. Seen by [name]. Clear lungs.').filter(
      isReusable,
    ),
  ).toEqual(['Heart is normal', 'Clear lungs']);
});

it('finds the report that is most like all others, and never one with marks', () => {
  const findings = [
    'The heart is normal in size. The lungs are clear.',
    'The heart is normal in size. The lungs are clear. XXXX',
    'The heart is large. There is an effusion on the left side.',
    'The heart is normal in size. There is no effusion. The lungs are clear.',
  ];
  const studies = findings.map((text, i) => study(String(i), { findings: text, impression: 'Normal.' }));
  expect(bestConstant(studies, new Set())?.uid).toBe('0');
  expect(bestConstant([], new Set())).toBeUndefined();
});
