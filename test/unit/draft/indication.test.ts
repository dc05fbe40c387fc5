import { expect, it } from 'vitest';
import { plainIndication } from '../../../main/draft/indication.js';

it.each([
  ['Cough; FEVER!', 'cough fever'],
  ['XXXX-year-old female with chest pain.', 'female with chest pain'],
  ['65 year old, dyspnea', '65 , dyspnea'],
  ['  ', ''],
  ['x'.repeat(3) + 'a'.repeat(400), `xxx${'a'.repeat(197)}`],
])('%j', (text, expected) => {
  expect(plainIndication(text)).toBe(expected);
});
