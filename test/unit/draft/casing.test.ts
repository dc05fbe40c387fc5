import { expect, it } from 'vitest';
import { sentenceCase } from '../../../main/draft/casing.js';

it.each([
  ['the heart is enlarged', 'The heart is enlarged.'],
  ['left picc tip in the svc .', 'Left PICC tip in the SVC.'],
  ['ct of the chest may help', 'CT of the chest may help.'],
  ['findings of copd , unchanged', 'Findings of COPD, unchanged.'],
  ['compression deformity of t12', 'Compression deformity of T12.'],
  ['no pleural effusion or pneumothorax..', 'No pleural effusion or pneumothorax.'],
  ['a 1.5 cm nodule ( calcified )', 'A 1.5 cm nodule (calcified).'],
  ['endotracheal tube , et tube above the carina', 'Endotracheal tube, ET tube above the carina.'],
  ['it shows us nothing', 'It shows us nothing.'],
  ['kerley b lines', 'Kerley B lines.'],
  ['scarring and / or atelectasis', 'Scarring and/or atelectasis.'],
  ['  ', ''],
])('%s', (text, expected) => {
  expect(sentenceCase(text)).toBe(expected);
});
