import { expect, test } from 'vitest';
import { findingName, findingsNamed } from '../../../main/findings/vocabulary.js';

test.each([
  ['Small bilateral pleural effusions.', ['pleural_effusion']],
  ['The heart is enlarged.', ['cardiomegaly']],
  ['No pneumothorax or rib fractures', ['pneumothorax', 'rib_fracture']],
  ['Pulmonary oedema with an enlarged heart', ['cardiomegaly', 'pulmonary_edema']],
  ['Blunting of the left costophrenic angle', ['costophrenic_blunting']],
  ['The bones of the hand are normal.', []],
])('findingsNamed(%j)', (text, findings) => {
  expect(findingsNamed(text)).toEqual(findings);
});

test('findingName reads an unknown id word by word', () => {
  expect(findingName('nodule')).toBe('pulmonary nodule or mass');
  expect(findingName('thyroid_cyst')).toBe('thyroid cyst');
});
