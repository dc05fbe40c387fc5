import { expect, it } from 'vitest';
import { withoutHidden } from '../../../main/trust/index.js';

it.each([
  ['spaces without width', 'n\u200bo pneumo\u2060thorax', 'no pneumothorax', 2],
  ['marks of direction', 'Heart \u202eegral si\u202c\u2066.\u2069', 'Heart egral si.', 4],
  ['controls', 'no\0 effusion\u001b[31m\u009b', 'no effusion[31m', 3],
  ['tags that spell a sentence', 'Normal.\u{e0049}\u{e0067}\u{e006e}', 'Normal.', 3],
  ['selectors of variants that do', 'Normal.\u{e0101}\u{e0143}', 'Normal.', 2],
  ['Cyrillic among Latin', 'n\u043e effusi\u043en', 'no effusion', 2],
])('takes out %s and counts them', (_, text, shown, removed) => {
  expect(withoutHidden(text)).toEqual({ text: shown, removed });
});

it.each([
  [
    'what a page was typeset with',
    '\ufeffpneumo\u00adthorax\fnext\u2028line\r\n',
    'pneumothorax\nnext\nline\n',
  ],
  ['letters in full width', '\uff4e\uff4f effusion', 'no effusion'],
  ['a space of a web page', 'no&nbsp;effusion', 'no effusion'],
  ['joiners among Latin letters', 'no\u200d effu\u200csion', 'no effusion'],
])('reads %s without a word', (_, text, shown) => {
  expect(withoutHidden(text)).toEqual({ text: shown, removed: 0 });
});

it.each([
  'Nodule of 4 mm² (½ of before), 37 °C, β-blocker\tand µm – “stable”.',
  'Лёгкие чистые. Πνεύμονες καθαροί. 肺野清晰。',
  'می\u200cشود',
  'क्\u200dष',
  '<b>no</b> [SEP] <script>alert(1)</script> [name]',
])('leaves %s as it is', (text) => {
  expect(withoutHidden(text)).toEqual({ text, removed: 0 });
});

it('takes time in proportion to the length', () => {
  const time = (text: string) => {
    const started = process.cpuUsage();
    withoutHidden(text);
    return process.cpuUsage(started).user / 1000;
  };
  // Were it quadratic, a million letters in one word would take minutes.
  expect(time('a'.repeat(1_000_000))).toBeLessThan(5000);
  expect(time(`${'a'.repeat(1_000_000)}\u043e`)).toBeLessThan(5000);
  expect(time(`\u80ba ${'a'.repeat(1_000_000)}`)).toBeLessThan(5000);
  expect(time(`\u043e ${'a'.repeat(1_000_000)}`)).toBeLessThan(5000);
  expect(time('\u200d'.repeat(1_000_000))).toBeLessThan(5000);
});
