import { expect, it } from 'vitest';
import { evidenceQuery } from '../../../main/draft/index.js';
import type { Encoding } from '../../../main/encode/index.js';
import { instance, series, study } from '../encode/study.js';
import { estimate } from './values.js';

const encoding = (over: Partial<Encoding>): Encoding => ({
  views: [],
  findings: [],
  modality: 'XR',
  embedding: new Float32Array([1]),
  pictures: [],
  tokens: { data: new Float32Array(0), dims: [1, 0, 0] },
  maps: [],
  timings: { decodeMs: 0, encodeMs: 0 },
  ...over,
});
const chest = study([series('DX', [instance('a')], { bodyPart: 'CHEST' })], { indication: 'Cough' });

it('asks for the indication, for what is likely, then possible, and for what is normal', () => {
  const findings = [estimate('nodule', 0.3), estimate('cardiomegaly', 0.9), estimate('pneumothorax', 0.01)];
  expect(evidenceQuery(encoding({ findings }), chest)).toEqual({
    text: 'Cough. cardiomegaly, nodule, no pneumothorax',
    findings: ['cardiomegaly', 'nodule'],
    joint: new Float32Array([1]),
    bodyRegion: 'CHEST',
    modality: 'XR',
  });
});

it('asks for the normal radiograph where nothing is possible', () => {
  expect(evidenceQuery(encoding({ findings: [estimate('cardiomegaly', 0.01)] }), chest).text).toBe(
    'Cough. normal chest radiograph, normal heart size',
  );
});

it('asks by the tags alone where the model abstained', () => {
  const abstention = { code: 'body-part' as const, reason: '' };
  const hand = study([series('CR', [instance('a')], { bodyPart: 'HAND' })], { description: 'Right hand PA' });
  const query = evidenceQuery(encoding({ abstention, modality: undefined }), hand);
  expect(query).toEqual({ text: 'Right hand PA. HAND', findings: [], bodyRegion: 'HAND' });
});
