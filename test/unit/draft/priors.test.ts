import { expect, it } from 'vitest';
import { comparison } from '../../../main/draft/priors.js';

it.each([
  'The effusion is unchanged.',
  'Compared to the previous examination, the heart is larger.',
  'Stable cardiomegaly.',
  'Interval increase in the left effusion.',
  'A catheter is again seen.',
  'No longer seen is the nodule.',
  'New right opacity.',
  'Opacities have improved.',
  'The heart remains enlarged.',
  'No change from the last examination.',
  'Resolving pneumonia.',
])('compares: %s', (text) => {
  expect(comparison(text)).toBeTypeOf('string');
});

it.each([
  'The heart is enlarged.',
  'Sequela of prior granulomatous disease.',
  'Previous median sternotomy.',
  'Old healed rib fractures.',
  'Chronic scarring.',
  'Increased interstitial markings.',
])('does not compare: %s', (text) => {
  expect(comparison(text)).toBeUndefined();
});
