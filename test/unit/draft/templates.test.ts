import { expect, it } from 'vitest';
import { BLANK, templateFor } from '../../../main/draft/templates.js';
import { instance, series, study } from '../encode/study.js';

const headings = (modality: string, bodyPart?: string, description?: string) =>
  templateFor(study([series(modality, [instance('a')], { bodyPart })], { description })).map((l) => l.text);

it.each([
  ['CR', 'HAND', 'Joints and alignment'],
  ['DX', 'ABDOMEN', 'Bowel gas pattern'],
  ['DX', 'CSPINE', 'Disc spaces'],
  ['CT', 'HEAD', 'Ventricles and cisterns'],
  ['CT', 'CHEST', 'Lungs and airways'],
  ['CT', 'ABDOMEN', 'Liver'],
  ['MR', 'BRAIN', 'Diffusion'],
  ['MR', 'LSPINE', 'Cord and conus'],
  ['MR', 'KNEE', 'Menisci'],
  ['US', undefined, 'Doppler'],
  ['MG', 'BREAST', 'Breast density'],
  ['NM', undefined, 'Abnormal uptake'],
  ['PT', undefined, 'Abnormal uptake'],
  ['ZZ', undefined, 'Examination'],
])('%s %s', (modality, bodyPart, heading) => {
  expect(headings(modality, bodyPart)).toContain(`${heading}: ${BLANK}`);
});

it('takes the region from the description where the tag is missing', () => {
  expect(headings('MR', undefined, 'MRI right knee')).toContain(`Menisci: ${BLANK}`);
});

it('holds headings with blanks and nothing else', () => {
  for (const modality of ['CR', 'CT', 'MR', 'US', 'MG', 'NM', 'ZZ'])
    for (const line of headings(modality, 'CHEST')) expect(line).toMatch(/^[A-Z][^:]+: \[ \]$/);
});
