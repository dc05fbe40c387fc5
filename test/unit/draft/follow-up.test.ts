import { expect, test } from 'vitest';
import { followUpQuestion } from '../../../main/draft/follow-up.js';
import { readSnippet } from '../../../main/draft/index.js';
import { parseFindings } from '../../../main/findings/index.js';
import { snippet } from './values.js';

const ask = (text: string, ...said: string[]) =>
  followUpQuestion(
    text,
    parseFindings(text),
    said.map((one, n) => readSnippet(snippet(`s${n}`, one, 0.9))),
  );

test('asks for what is stated, with its side and site', () => {
  expect(ask('There is a small left pleural effusion.')).toEqual({
    text: 'left pleural effusion',
    findings: ['pleural_effusion'],
  });
});

test('asks only for what no snippet says alike', () => {
  const { findings } = ask('Cardiomegaly and a left pleural effusion.', 'Cardiomegaly is a large heart.');
  expect(findings).toEqual(['pleural_effusion']);
});

test('asks how an absence is told, even beside snippets that show a presence', () => {
  const { text, findings } = ask('No pneumothorax.', 'A pneumothorax shows a pleural line.');
  expect(findings).toEqual(['pneumothorax']);
  expect(text).toContain('no pneumothorax');
  expect(text).toContain('report phrasing');
});

test('a sentence without a finding is asked in its own words', () => {
  expect(ask('The trachea is midline.')).toEqual({ text: 'The trachea is midline.', findings: [] });
});
